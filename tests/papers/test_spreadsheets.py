"""Spreadsheets: no formula gets out, no bad file gets in, every trap of incoming lists is named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from core.spreadsheets import SheetColumn, by_category, read_table, write_table

COLUMNS = [
    SheetColumn("no", "学号", "code", required=True, pattern=r"[0-9A-Z]{8,13}", hint="8至13位数字或字母", unique=True),
    SheetColumn("name", "姓名", required=True, max_chars=20),
    SheetColumn("category", "专业代码", "code", pattern=r"\d{4}", hint="4位数字"),
    SheetColumn("amount", "金额（元）", "money"),
    SheetColumn("on", "日期", "date"),
    SheetColumn("sex", "性别", choices={"男": "m", "女": "f"}),
]


def sheet(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def book(rows: list[list], *, merge: str = "") -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if merge:
        made.active.merge_cells(merge)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


HEAD = ["学号", "姓名", "专业代码", "金额（元）", "日期", "性别"]
GOOD = ["2025G0855", "向南飞", "0855", 12.5, "2026年9月1日", "男"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://e","x")', "=cmd|' /C calc'!A0"],
)
def test_texts_never_become_formulas(text):
    columns = [SheetColumn("a", text), SheetColumn("b", "乙", "money")]
    content = write_table(text, columns, [{"a": text, "b": text}], lines=[text], foot=[text])
    for row in sheet(content).iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist() if "worksheets/" in name)
    assert b"<f>" not in xml
    assert sheet(content).cell(4, 2).quotePrefix


def test_a_table_has_title_head_formats_and_foot():
    person = {"no": "2025G0855", "name": "向南飞", "category": "0855", "on": "2026-09-01", "sex": "男"}
    rows = ({**person, "amount": amount} for amount in ("600000", Decimal("0.10")))
    content = write_table(
        "培养研究生名单",
        COLUMNS,
        rows,
        lines=["单位：岚江大学"],
        foot=["填表人：　　单位（公章）"],
        sheet="名单[1]",
    )
    page = sheet(content)
    assert page.title == "名单1"
    assert [cell.value for cell in page[3]] == [
        "序号",
        "学号*",
        "姓名*",
        "专业代码",
        "金额（元）",
        "日期",
        "性别",
    ]
    assert [cell.value for cell in page[4]] == [
        1,
        "2025G0855",
        "向南飞",
        "0855",
        600000,
        dt.datetime(2026, 9, 1),
        "男",
    ]
    assert (page["E5"].value, page["E5"].number_format) == (0.1, "#,##0.00")
    assert page["F4"].number_format == "yyyy-mm-dd"
    assert page["D4"].data_type == "s"
    assert page["A6"].value.startswith("填表人")
    assert page.freeze_panes == "A4"
    assert page.column_dimensions["E"].width == 16
    assert "A1:G1" in {str(area) for area in page.merged_cells.ranges}


def test_control_characters_and_long_texts_do_not_break_a_file():
    content = write_table("题", [SheetColumn("a", "甲")], [{"a": "前\x00\x0b后" + "长" * 40_000}])
    assert sheet(content)["B3"].value.startswith("前后长")
    assert len(sheet(content)["B3"].value) == 32_767


def test_what_is_written_is_read_again():
    rows = [
        {
            "no": "2025G0855",
            "name": "=向",
            "category": "0855",
            "amount": "1.50",
            "on": "2026-09-01",
            "sex": "女",
        }
    ]
    read, problems = read_table(write_table("名单", COLUMNS, rows, lines=["单位"]), COLUMNS)
    assert problems == []
    assert [row.values for row in read] == [
        {
            "no": "2025G0855",
            "name": "=向",
            "category": "0855",
            "amount": Decimal("1.5"),
            "on": dt.date(2026, 9, 1),
            "sex": "f",
        }
    ]
    assert read[0].number == 4


def test_a_template_offers_choices():
    page = sheet(write_table("模板", COLUMNS, []))
    (offered,) = page.data_validations.dataValidation
    assert offered.formula1 == '"男,女"'
    assert read_table(write_table("模板", COLUMNS, []), COLUMNS) == ([], [])


@pytest.mark.parametrize(
    ("row", "category", "blocking"),
    [
        ({0: 2.025e10}, "number", True),
        ({0: 20251051018}, "number", False),
        ({0: "2.025E+10"}, "number", True),
        ({0: 2.0250000000123456e18}, "number", True),
        ({2: 851}, "number", True),
        ({1: "向　南飞"}, "spaces", False),
        ({2: "851"}, "format", True),
        ({1: None}, "required", True),
        ({1: "　"}, "required", True),
        ({3: "十万"}, "format", True),
        ({3: 1.005}, "format", True),
        ({4: "去年"}, "format", True),
        ({4: "2026-02-30"}, "format", True),
        ({5: "未知"}, "choice", True),
        ({1: "长" * 21}, "length", True),
        ({3: "=1+1"}, "formula", True),
    ],
)
def test_traps_of_incoming_lists(row, category, blocking):
    cells = [row.get(place, value) for place, value in enumerate(GOOD)]
    rows, problems = read_table(book([HEAD, cells]), COLUMNS)
    assert [(one.category, one.blocking, one.row) for one in problems] == [(category, blocking, 2)]
    assert len(rows) == 1


def test_a_number_shown_with_an_exponent_is_refused():
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    made.active.append([20251051018, *GOOD[1:]])
    made.active["A2"].number_format = "0.00E+00"
    target = io.BytesIO()
    made.save(target)
    _rows, problems = read_table(target.getvalue(), COLUMNS)
    assert [(one.category, one.blocking) for one in problems] == [("number", True)]


def test_full_width_digits_and_spaced_names_are_tidied():
    cells = ["２０２５Ｇ０８５５", "王　五", "０８５５", "１，２００．５０元", "2026/9/1", "女"]
    rows, _problems = read_table(book([HEAD, cells]), COLUMNS)
    assert rows[0].values == {
        "no": "2025G0855",
        "name": "王五",
        "category": "0855",
        "amount": Decimal("1200.50"),
        "on": dt.date(2026, 9, 1),
        "sex": "f",
    }


def test_the_same_number_twice_and_merged_cells():
    _rows, problems = read_table(book([HEAD, GOOD, GOOD, GOOD], merge="B2:B3"), COLUMNS)
    report = by_category(problems)
    assert [(one.row, one.message) for one in report["duplicate"]] == [
        (3, "“学号”与第 2 行重复"),
        (4, "“学号”与第 2 行重复"),
    ]
    assert report["merged"][0].value == "B2:B3"
    assert [one.row for one in report["required"]] == [3]


def test_the_head_is_found_below_a_title_and_missing_columns_are_named():
    rows, problems = read_table(
        book([["××大学名单"], ["学 号*", "姓名", "备注"], [GOOD[0], GOOD[1], "x"], [None, None]]), COLUMNS
    )
    assert [(row.number, row.values) for row in rows] == [(3, {"no": GOOD[0], "name": GOOD[1]})]
    assert [(one.category, one.blocking) for one in problems] == [("head", False)]
    rows, problems = read_table(book([["姓名", "性别"], ["甲", "男"]]), COLUMNS)
    assert rows == []
    assert "学号" in problems[0].message


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _with(part: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book([HEAD, GOOD]))) as archive:
        return _zip({**{name: archive.read(name) for name in archive.namelist()}, part: content})


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"not a zip", "不是"),
        (b"\xd0\xcf\x11\xe0old", ".xls"),
        (_zip({"a.txt": b"x"}), "不是"),
        (_with("xl/vbaProject.bin", b"x"), "宏"),
        (_with("xl/media/bomb.bin", b"0" * 60_000_000), "过大"),
        (_with("xl/sharedStrings.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst/>'), "声明"),
        (b"x" * (10 * 1024 * 1024 + 1), "超过"),
        (_with("xl/worksheets/sheet1.xml", b"<broken"), "无法读取"),
    ],
    ids=["text", "old", "zip", "macro", "bomb", "entity", "large", "broken"],
)
def test_bad_files_are_refused_as_files(content, word):
    rows, problems = read_table(content, COLUMNS)
    assert rows == []
    assert [one.category for one in problems] == ["file"]
    assert word in problems[0].message


def test_a_sheet_with_rows_beyond_measure_is_refused():
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    made.active.cell(500_000, 1).value = "x"
    target = io.BytesIO()
    made.save(target)
    assert "表格过大" in read_table(io.BytesIO(target.getvalue()), COLUMNS)[1][0].message


def formatted(cells: dict[str, tuple], *, down_to: int = 0) -> bytes:
    """The head, one good row, and cells with a number format: {address: (value, format)}."""
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    made.active.append(GOOD)
    for address, (value, shown_as) in cells.items():
        made.active[address].value = value
        made.active[address].number_format = shown_as
    if down_to:
        made.active.cell(down_to, 3).font = openpyxl.styles.Font(bold=True)
        made.active.row_dimensions[down_to].height = 20
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_formatting_down_to_the_last_row_is_no_content():
    rows, problems = read_table(formatted({}, down_to=1_048_576), COLUMNS)
    assert [row.values["name"] for row in rows] == ["向南飞"]
    assert not [problem for problem in problems if problem.blocking]


def test_a_figure_under_a_format_for_dates_is_read_as_the_figure_and_said():
    rows, problems = read_table(formatted({"D2": (0, "yyyy-mm-dd")}), COLUMNS)
    assert rows[0].values["amount"] == 0
    assert [(one.message, one.blocking) for one in problems] == [
        ("“金额（元）”被设成了日期格式，已按 0 读取，请核对", False)
    ]
    rows, _problems = read_table(formatted({"D2": (30, "yyyy-mm-dd")}), COLUMNS)
    assert rows[0].values["amount"] == 30
    _rows, problems = read_table(formatted({"D2": (46082, "yyyy-mm-dd")}), COLUMNS)
    assert [one.blocking for one in problems] == [True]  # a real day in a column of figures


def test_hours_are_read_as_the_sheet_shows_them_and_said():
    columns = [SheetColumn("no", "学号", "code"), SheetColumn("name", "姓名")]
    rows, problems = read_table(formatted({"B2": (1.5, "[h]:mm")}), columns)
    assert rows[0].values["name"] == "36:00"
    assert ("“姓名”被设成了时间格式，已按 36:00 读取，请核对", False) in [(p.message, p.blocking) for p in problems]
    _rows, problems = read_table(formatted({"D2": (1.5, "[h]:mm")}), COLUMNS)
    assert "“金额（元）”不是数字" in [one.message for one in problems if one.blocking]
