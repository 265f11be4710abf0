"""Reads filled-in lists in two phases: first the file as a file, then every cell, with every problem noted."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from core import clock, text

from .columns import Problem, SheetColumn, SheetRow, to_date, to_number
from .write import inert

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 1_000
MAX_ROWS = 20_000
MAX_COLUMNS = 200


def read_table(file: bytes | BinaryIO, columns: Sequence[SheetColumn]) -> tuple[list[SheetRow], list[Problem]]:
    """Read the first visible sheet of an .xlsx file against `columns`, noting every problem.

    Phase one looks at the file and its head; if that fails there are no rows. Phase two reads every cell. Rows come
    back also where they have problems; import only when no problem is `blocking`. Never raises for a bad file.
    """
    content = file if isinstance(file, bytes) else _read(file)
    if problems := _check_file(content):
        return [], problems
    try:
        book = load_workbook(io.BytesIO(_with_content(content)), data_only=False, keep_links=False, rich_text=False)
        page = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    except Exception as error:  # noqa: BLE001  whatever a broken file makes the library raise is the file's fault
        return [], [
            Problem("file", _("文件无法读取，请用 Excel 或 WPS 另存为 .xlsx 后重试（%s）") % type(error).__name__)
        ]
    if page.max_row > MAX_ROWS or page.max_column > MAX_COLUMNS:
        return [], [
            Problem(
                "file",
                _("表格过大：最多 %(r)s 行、%(c)s 列，请删除空白行列后重试") % {"r": MAX_ROWS, "c": MAX_COLUMNS},
            )
        ]
    head_row, places, problems = _find_head(page, columns)
    if not head_row:
        return [], problems
    problems += _merged(page, head_row)
    rows = _read_rows(page, head_row, places, problems)
    problems += _duplicates(rows, [column for column in columns if column.unique])
    return rows, sorted(problems, key=lambda problem: (problem.row, problem.column))


def by_category(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """The report: problems by category, blocking ones first within each."""
    report: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: (not problem.blocking, problem.row)):
        report.setdefault(problem.category, []).append(problem)
    return report


def _read(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(MAX_BYTES + 1)


def _check_file(content: bytes) -> list[Problem]:
    """What speaks against opening the file at all."""
    if len(content) > MAX_BYTES:
        return [Problem("file", _("文件超过 %s MB") % (MAX_BYTES // 1024 // 1024))]
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return [Problem("file", _("这是旧版 .xls 或加密的文件，请另存为不加密的 .xlsx"))]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = [part.filename.lower() for part in parts]
            if "[content_types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
                return [Problem("file", _("这不是 .xlsx 表格"))]
            if any("vbaproject" in name or name.startswith("xl/macrosheets") for name in names):
                return [Problem("file", _("文件含有宏，请另存为不含宏的 .xlsx"))]
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            too_dense = unpacked > 1024 * 1024 and unpacked / packed > MAX_RATIO
            if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or too_dense:
                return [Problem("file", _("文件解压后过大，不予读取"))]
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")) and _declares_entities(archive, part):
                    return [Problem("file", _("文件含有不允许的声明，不予读取"))]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError):
        return [Problem("file", _("这不是 .xlsx 表格，或文件已损坏"))]
    return []


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part has a document type declaration, or unpacks to more than it says."""
    seen, tail = 0, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 16):
            seen += len(block)
            xml = (tail + block).replace(b"\0", b"").upper()
            if seen > part.file_size or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
                return True
            tail = block[-24:]
    return False


# Cells and rows that are only formatted. People format whole columns, down to row 1,048,576.
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?:/>|></(?:\w+:)?c>)")
_BARE_ROW = re.compile(rb"<(?:\w+:)?row(?:\s[^<>]*)?(?:/>|>\s*</(?:\w+:)?row>)")


def _with_content(content: bytes) -> bytes:
    """The workbook without cells and rows that hold nothing, so that its size is that of what is written in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for part in old.infolist():
            held = old.read(part)
            if part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml"):
                held = _BARE_ROW.sub(b"", _BARE_CELL.sub(b"", held))
            new.writestr(part.filename, held)
    return out.getvalue()


def _plain(value: Any) -> str:
    """A heading as compared: one width, no white space, no star."""
    return text.folded(str(value or "")).replace("*", "")


def _find_head(page: Any, columns: Sequence[SheetColumn]) -> tuple[int, dict[int, SheetColumn], list[Problem]]:
    """(row of the head, {place: column}, problems); row 0 if there is none within the first ten rows."""
    wanted = {_plain(column.title): column for column in columns}
    best: tuple[int, dict[int, SheetColumn], list[str], list[str]] = (0, {}, [], [])
    for number, cells in enumerate(page.iter_rows(min_row=1, max_row=10, values_only=True), 1):
        places: dict[int, SheetColumn] = {}
        twice, unknown = [], []
        for place, value in enumerate(cells):
            column = wanted.get(_plain(value))
            if column is None:
                unknown += [str(value)] if value not in (None, "") else []
            elif column in places.values():
                twice.append(column.title)
            else:
                places[place] = column
        if len(places) > len(best[1]):
            best = (number, places, twice, unknown)
    row, places, twice, unknown = best
    missing = [column.title for column in columns if column.required and column not in places.values()]
    if not places or missing:
        return (
            0,
            {},
            [Problem("head", _("表头缺少：%s。请使用“下载模板”中的表格") % "、".join(missing or wanted))],
        )
    problems = [Problem("head", _("表头“%s”出现两次") % title, row, title) for title in twice]
    problems += [
        Problem("head", _("不认识的列“%s”，不导入") % title[:30], row, title[:30], blocking=False)
        for title in unknown
        if _plain(title) != "序号"
    ]
    return row, places, problems


def _merged(page: Any, head_row: int) -> list[Problem]:
    return [
        Problem(
            "merged",
            _("%s 是合并单元格，请取消合并并逐行填写") % area.coord,
            max(area.min_row, head_row + 1),
            value=area.coord,
        )
        for area in page.merged_cells.ranges
        if area.max_row > head_row and not (area.min_row == area.max_row and page.cell(area.min_row, 1).value is None)
    ]


def _read_rows(page: Any, head_row: int, places: dict[int, SheetColumn], problems: list[Problem]) -> list[SheetRow]:
    rows = []
    for cells in page.iter_rows(min_row=head_row + 1):
        here = {place: cells[place] for place in places if place < len(cells)}
        if all(_empty(cell.value) for cell in here.values()):
            continue
        number, values = cells[0].row, {}
        for place, column in places.items():
            cell = here.get(place)
            values[column.key] = _read_cell(cell, column, number, problems) if cell is not None else None
        rows.append(SheetRow(number, values))
    return rows


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\u3000\xa0"))


def _read_cell(cell: Any, column: SheetColumn, row: int, problems: list[Problem]) -> Any:
    """The value of a cell by its column's kind; None where it is empty or cannot be used."""

    def note(category: str, message: str, blocking: bool = True) -> None:
        problems.append(
            Problem(
                category, message, row, column.title, inert("" if cell.value is None else cell.value)[:60], blocking
            )
        )

    value = cell.value
    if _empty(value):
        if column.required:
            note("required", _("“%s”没有填写") % column.title)
        return None
    if cell.data_type == "f":
        note("formula", _("“%s”是公式，请粘贴为数值") % column.title)
        return None
    if cell.data_type == "e":
        note("format", _("“%s”是错误值") % column.title)
        return None
    if isinstance(value, str):
        value = _cleaned(value, note, column)
    if isinstance(value, dt.time | dt.timedelta) or (isinstance(value, dt.date) and value.year <= 1900):
        value = _untimed(value, cell, column, note)
    if column.choices:
        return _chosen(value, column, note)
    if column.kind in ("integer", "decimal", "money"):
        return _read_number(value, column, note)
    if column.kind in ("date", "month", "datetime"):
        return _read_date(value, column, note)
    if column.kind == "boolean":
        return _read_boolean(value, column, note)
    return _read_text(value, column, note, str(cell.number_format or "").replace("General", ""))


def _untimed(value: Any, cell: Any, column: SheetColumn, note: Any) -> Any:
    """What stands in a cell that shows a time or a day of 1900: a figure below 367 under a format for days is that
    figure; hours and minutes are the text that the sheet shows. Both are said.
    """
    serial = to_excel(value)
    shown_as = re.sub(r'"[^"]*"|\\.', "", str(cell.number_format)).lower()
    if "h" not in shown_as and "s" not in shown_as:
        number = int(serial) if float(serial).is_integer() else serial
        words = {"c": column.title, "v": number}
        note("number", _("“%(c)s”被设成了日期格式，已按 %(v)s 读取，请核对") % words, blocking=False)
        return number
    minutes = round(serial * 24 * 60)
    clock_time = f"{minutes // 60}:{minutes % 60:02d}"
    words = {"c": column.title, "v": clock_time}
    note("number", _("“%(c)s”被设成了时间格式，已按 %(v)s 读取，请核对") % words, blocking=False)
    return clock_time


def _cleaned(value: str, note: Any, column: SheetColumn) -> str:
    """Text as it is kept, without white space at its ends; full-width blanks and unseen signs are said."""
    tidy = text.normal(value).replace("\u3000", " ").strip()
    if re.search("[\u3000\xa0\u200b-\u200f\u2060\ufeff]", value):
        note("spaces", _("“%s”含有全角空格或不可见字符，已去除，请核对") % column.title, blocking=False)
        if re.fullmatch(r"[\u2e80-\u9fff\s·]+", tidy) and len(tidy) <= 12:
            tidy = tidy.replace(" ", "")  # 王　五: the space only sets the name apart
    return tidy


def _chosen(value: Any, column: SheetColumn, note: Any) -> str | None:
    named = {text.folded(title): code for title, code in column.choices.items()}
    chosen = text.folded(str(value))
    if chosen in named:
        return named[chosen]
    if str(value) in column.choices.values():
        return str(value)
    note("choice", _("“%(c)s”只能填：%(o)s") % {"c": column.title, "o": "、".join(list(column.choices)[:12])})
    return None


def _read_number(value: Any, column: SheetColumn, note: Any) -> int | Decimal | None:
    if isinstance(value, str):
        value = re.sub(r"[¥￥元]", "", text.figure(value))
    number = (
        None if isinstance(value, bool | dt.date) else to_number(repr(value) if isinstance(value, float) else value)
    )
    if number is None:
        note("format", _("“%s”不是数字") % column.title)
        return None
    if column.kind == "integer":
        if number != int(number):
            note("format", _("“%s”应为整数") % column.title)
            return None
        return int(number)
    if column.kind == "money" and number != round(number, 2):
        note("format", _("“%s”最多两位小数") % column.title)
        return None
    return number


def _read_date(value: Any, column: SheetColumn, note: Any) -> dt.date | str | dt.datetime | None:
    if column.kind == "datetime" and isinstance(value, dt.datetime):
        return value.replace(tzinfo=clock.tz)
    day = to_date(value)
    if day is None or not 1900 < day.year < 2200:
        note("format", _("“%s”不是日期，请写成 2026-09-01 的样子") % column.title)
        return None
    return f"{day:%Y-%m}" if column.kind == "month" else day


def _read_boolean(value: Any, column: SheetColumn, note: Any) -> bool | None:
    known = {
        "是": True,
        "有": True,
        "√": True,
        "TRUE": True,
        "1": True,
        "否": False,
        "无": False,
        "×": False,
        "FALSE": False,
        "0": False,
    }
    answer = known.get(text.folded(str(value)).upper())
    if answer is None:
        note("format", _("“%s”请填“是”或“否”") % column.title)
    return answer


def _read_text(value: Any, column: SheetColumn, note: Any, shown_as: str) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _from_number(value, column, note, shown_as)
        if value is None:
            return None
    elif isinstance(value, dt.date):
        note("format", _("“%s”被存成了日期，请改为文本格式") % column.title)
        return None
    words = str(value)
    if column.kind == "code":
        words = re.sub(r"\s+", "", words)
        if re.fullmatch(r"\d(\.\d+)?E\+?\d+", words, re.IGNORECASE):
            note("number", _("“%s”是科学计数法，原号码已丢失，请改为文本格式重新填写") % column.title)
            return None
    if column.pattern and not re.fullmatch(column.pattern, words):
        note("format", _("“%(c)s”格式不符：%(h)s") % {"c": column.title, "h": column.hint or column.pattern})
        return None
    if column.max_chars and len(words) > column.max_chars:
        note("length", _("“%(c)s”超过 %(n)s 字") % {"c": column.title, "n": column.max_chars})
        return None
    return words


def _from_number(value: float, column: SheetColumn, note: Any, shown_as: str) -> str | None:
    """A text that a spreadsheet program stored as a number.

    A code is taken only if it still has the form it must have and no exponent was involved: leading zeros and digits
    behind the fifteenth are gone for good, and 2025E7 has become 20250000000.
    """
    exact = float(value).is_integer() and abs(value) < 10**15
    digits = f"{value:.0f}" if exact else repr(value)
    if column.kind != "code" and exact:
        return digits
    suspect = "E" in shown_as.upper() or digits.endswith("00000")
    if exact and not suspect and column.pattern and re.fullmatch(column.pattern, digits):
        note(
            "number",
            _("“%(c)s”被存成了数字，已按 %(v)s 读取，请核对") % {"c": column.title, "v": digits},
            blocking=False,
        )
        return digits
    note(
        "number",
        _("“%(c)s”被存成了数字（%(v)s），前导零或末位可能已丢失，请改为文本格式重新填写")
        % {"c": column.title, "v": digits},
    )
    return None


def _duplicates(rows: Sequence[SheetRow], columns: Sequence[SheetColumn]) -> list[Problem]:
    problems = []
    for column in columns:
        first: dict[Any, int] = {}
        for row in rows:
            value = row.values.get(column.key)
            if value is None:
                continue
            if value in first:
                message = _("“%(c)s”与第 %(r)s 行重复") % {"c": column.title, "r": first[value]}
                problems.append(Problem("duplicate", message, row.number, column.title, str(value)[:60]))
            else:
                first[value] = row.number
    return problems
