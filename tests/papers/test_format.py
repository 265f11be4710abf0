"""How answers read on paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from casework.resolver import CaseResolver
from core.papers import format as form
from core.papers.format import display
from tenants.models import Organisation
from tests.papers.test_layout import FORM


@pytest.mark.clause("XCU-A1.C9")
def test_months_in_chinese_numerals():
    assert form.chinese_month("2026-09-01") == "二〇二六年九月"
    assert form.chinese_month(dt.date(2030, 12, 31)) == "二〇三〇年十二月"
    assert form.chinese_date("2025-10-21") == "二〇二五年十月二十一日"
    assert form.blank_chinese_month() == "二〇二　年　　月"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-09-01", "2026年9月1日"),
        (dt.date(2026, 12, 5), "2026年12月5日"),
        (3, "3"),
        ("1.5", "1.5"),
        (Decimal("60.00"), "60.00"),
        (True, "是"),
        (False, "否"),
        ([1, "乙"], "1、乙"),
        ({"from": "2026-09-01", "to": "2027-02-28"}, "2026年9月1日至2027年2月28日"),
        (None, ""),
        ("", ""),
        ([], ""),
    ],
)
def test_values_without_a_field(value, shown):
    assert display(value) == shown


def test_choices_show_labels_and_what_was_written_behind_other():
    field = FORM.field("kind")
    assert display("a", field) == "校外"
    assert display("b", field, other="实验室") == "其他（实验室）"


def test_overrides():
    assert display("2026-09-01", form="month") == "2026年9月"
    assert display("100000", form="money") == "100,000.00"
    assert display("2026-09", form="date") == "2026年9月1日"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("100000", "壹拾万元整"),
        ("10500", "壹万零伍佰元整"),
        ("0", "零元整"),
        ("0.5", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("120000500", "壹亿贰仟万零伍佰元整"),
        ("1234567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        ("100000000", "壹亿元整"),
        ("1000050", "壹佰万零伍拾元整"),
        ("500000", "伍拾万元整"),
    ],
)
def test_capital_amounts(amount, words):
    assert form.capital_amount(amount) == words


def test_capital_amounts_refuse_nonsense():
    for bad in ("x", "-1", "1000000000000"):
        with pytest.raises(ValueError):
            form.capital_amount(bad)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (103, "一百零三"),
        (110, "一百一十"),
        (215, "二百一十五"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
    ],
)
def test_ordinals(number, text):
    assert form.ordinal(number) == text


@pytest.mark.django_db
def test_names_come_from_the_resolver_of_the_forms():
    school = Organisation.objects.create(kind="university", name="青岐学院", is_demo=True)
    names = form.names_from(CaseResolver(SimpleNamespace(case_kind="application", pk=1, university=school)))
    assert names("organisation", school.pk) == "青岐学院（演示）"
    assert [names("organisation", school.pk + 1), names("organisation", "甲")] == [str(school.pk + 1), "甲"]
    assert display([1], FORM.field("files"), names=names) == ""
