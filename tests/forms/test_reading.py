"""The reading view, differences between two texts, and how far a form is filled in."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from core.forms.completeness import completeness
from core.forms.reading import EMPTY, chinese_date, differences, number_text, reading
from tests.forms import sample
from tests.forms.sample import GOOD, changed

SPEC = sample.spec()
HOUSE = sample.House()


def lines(answers: dict) -> dict:
    return {line.key: line for part in reading(SPEC, answers, HOUSE) for line in part.lines}


def test_answers_as_people_write_them():
    shown = {key: line.text for key, line in lines(GOOD).items() if line.text}
    assert shown == {
        "base_name": "青岐市作物联合培养基地",
        "partner": "青岐市高原作物试验站（演示）",
        "leader": "陆文舟",
        "phone": "0834-2580000",
        "email": "luwz@example.cn",
        "code": "12990300DEMP000334",
        "applied_on": "2026年3月1日",
        "since": "2021年9月",
        "term": "2026年9月1日 至 2029年8月31日",
        "level": "校级",
        "kind": "其他（农民合作社）",
        "licence": EMPTY,
        "methods": "团队学习、现场研究",
        "legal": "是",
        "necessity": GOOD["necessity"],
        "results": GOOD["results"],
        "staff": "86人",
        "projects": "1.5项",
        "funds": "318,000.50元",
        "category": "0951",
        "category_name": "农业",
        "partner_will": "愿意长期合作。",
    }


def test_tables_ticks_and_files():
    found = lines(GOOD)
    assert found["equipment"].head == ["名称", "购置年月", "单价（元）", "用途"]
    assert [[cell.text for cell in row] for row in found["equipment"].rows] == [
        ["人工气候室", "2020年1月", "100,000", "教学"]
    ]
    assert [cell.number for cell in found["equipment"].rows[0]] == [False, False, True, False]
    assert [cell.text for cell in found["students"].rows[0]][4:6] == ["2023年9月1日 至 2025年6月30日", "全程"]
    assert [(tick.label, tick.checked, tick.remark) for tick in found["rules"].items] == [
        ("对指导人员的管理制度", True, "2024年印发"),
        ("对研究生的管理制度", True, ""),
    ]
    assert [(link.name, link.url) for link in found["proof"].files] == [
        (f"证明材料{n}.pdf", f"/documents/00000000-0000-0000-0000-00000000000{n}/") for n in (1, 2)
    ]
    assert {"why", "seal"}.isdisjoint(found)


def test_an_empty_form_reads_as_dashes():
    assert all(line.empty for line in lines({}).values())
    assert {line.text for line in lines({}).values()} <= {EMPTY, ""}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("1.50", "1.50"),
        (1000, "1,000"),
        ("-0.5", "-0.5"),
        ("1234567.89", "1,234,567.89"),
        ("十", "十"),
        ("NaN", "NaN"),
    ],
)
def test_figures(value, wanted):
    assert number_text(value) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("2026-09-01", "2026年9月1日"), ("2026-12", "2026年12月"), ("去年", "去年"), ("", EMPTY), (None, EMPTY)],
)
def test_dates(value, wanted):
    assert chinese_date(value) == wanted


def test_the_page_escapes_what_people_wrote():
    answers = changed(
        leader="<script>alert(1)</script>",
        rules={"mentors": {"checked": True, "remark": "<b>"}},
        equipment=[{"name": "<i>仪器</i>"}],
    )
    page = render_to_string("core/forms/reading.html", {"reading": reading(SPEC, answers, HOUSE)})
    assert "&lt;script&gt;" in page and "&lt;b&gt;" in page and "&lt;i&gt;仪器" in page
    assert "<script>" not in page and "<b>" not in page and "style=" not in page


def test_differences_between_two_texts():
    theirs = changed(
        leader="何婧", kind_other="协会", equipment=GOOD["equipment"] * 2, proof=[1], results=None, email=""
    )
    assert differences(SPEC, changed(email=None), theirs, HOUSE) == [
        ("负责人", "陆文舟", "何婧"),
        ("合作单位类型", "其他（农民合作社）", "其他（协会）"),
        ("近三年政产学研用取得的成果", GOOD["results"], EMPTY),
        (
            "单价10万元以上仪器设备",
            "名称：人工气候室；购置年月：2020年1月；单价（元）：100,000；用途：教学",
            "\n".join(["名称：人工气候室；购置年月：2020年1月；单价（元）：100,000；用途：教学"] * 2),
        ),
        ("证明材料", "证明材料1.pdf\n证明材料2.pdf", "证明材料1.pdf"),
    ]
    assert differences(SPEC, GOOD, GOOD) == []


# --- completeness -----------------------------------------------------------------------------------------------


def progress(answers: dict) -> list[tuple[str, int, int, bool]]:
    return [(part.key, part.filled, part.needed, part.complete) for part in completeness(SPEC, answers, HOUSE)]


def test_an_empty_form_and_a_full_one():
    assert progress({}) == [("base", 0, 9, False), ("case", 0, 7, False), ("opinions", 0, 0, True)]
    assert progress(GOOD) == [("base", 9, 9, True), ("case", 7, 7, True), ("opinions", 0, 0, True)]


def test_filled_is_not_yet_right():
    assert progress(changed(phone="办公室"))[0] == ("base", 9, 9, False)
    assert [one.field for one in completeness(SPEC, changed(phone="办公室"), HOUSE)[0].findings] == ["phone"]


def test_a_condition_counts_while_it_holds():
    assert progress(changed(kind="enterprise"))[0] == ("base", 9, 10, False)
    assert progress(changed(kind="enterprise", licence="123"))[0] == ("base", 10, 10, True)


def test_a_checklist_is_filled_once_every_item_is_ticked():
    assert progress(changed(rules={"mentors": {"checked": True}}))[1] == ("case", 6, 7, False)


def test_a_period_needs_both_ends():
    assert progress(changed(term={"from": "2026-09-01", "to": ""}))[0] == ("base", 8, 9, False)
