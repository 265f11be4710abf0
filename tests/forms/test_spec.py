"""Form specifications: what is understood, and that everything else is refused with its place."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from core.forms.spec import FormSpecError, Text, parse_form, text
from tests.forms import sample


def form(*fields: dict, **more: Any) -> dict:
    return {
        "key": "f",
        "title": "表",
        "sections": [{"key": "s", "title": "节", "fields": list(fields)}],
        **more,
    }


def one(**keys: Any) -> dict:
    return {"key": "a", "type": "text", "label": "甲", "local": True, **keys}


PAIR = [{"code": "x", "label": "一"}, {"code": "y", "label": "二"}]
COLUMN = {"key": "c", "type": "text", "label": "列", "local": True}


def test_a_whole_form():
    spec = sample.spec()
    assert [section.key for section in spec.sections] == ["base", "case", "opinions"]
    assert spec.sections[0].filled_by == ("secretary",)
    assert spec.field("equipment").column("price").min == Decimal(100000)
    assert spec.field("equipment.price") is spec.field("equipment").column("price")
    assert spec.field("nothing") is None and spec.field("equipment.nothing") is None
    assert spec.section_of("necessity").key == "case" and spec.section_of("nothing") is None
    assert spec.field("kind").codes == ("enterprise", "organ", "social", "institute", "other")
    assert spec.field("rules").codes == ("mentors", "students")
    assert spec.field("proof").many_files and spec.field("proof").needed
    assert spec.field("licence").required_when.among == ("enterprise",)


def test_parsing_leaves_the_data_alone_and_gives_frozen_objects():
    data = copy.deepcopy(sample.DATA)
    spec = parse_form(data)
    assert data == sample.DATA
    with pytest.raises(AttributeError):
        spec.sections[0].fields[0].key = "other"


def test_texts_in_two_languages():
    assert text({"zh": "甲", "en": "A"}, "en") == "A"
    assert text({"zh": "甲"}, "en-gb") == "甲"
    assert text("甲", "en") == "甲" and text(None) == ""
    label = Text("甲", "A")
    assert str(label) == "甲"
    with translation.override("en"):
        assert str(label) == "A" and str(Text("甲")) == "甲"


def test_lazy_translations_are_texts():
    assert parse_form(form(one(label=gettext_lazy("甲")))).field("a").label == Text("甲")


@pytest.mark.parametrize("value", [dt.date(2027, 3, 1), "2027-03-01"])
def test_bounds_of_dates(value):
    assert parse_form(form(one(type="date", min=value))).field("a").min == "2027-03-01"


@pytest.mark.parametrize(("value", "wanted"), [(3, "3"), (0.5, "0.5"), (1000000.5, "1000000.5")])
def test_bounds_of_numbers_are_exact(value, wanted):
    assert parse_form(form(one(type="decimal", max=value))).field("a").max == Decimal(wanted)


@pytest.mark.parametrize("kind", ["text", "money", "file", "boolean", "period", "note", "signature", "uscc"])
def test_types_without_more(kind):
    assert parse_form(form(one(type=kind))).field("a").type == kind


def test_a_choice_may_have_nothing_to_choose_from_yet():
    assert parse_form(form(one(type="choice", options=[]))).field("a").options == ()


FIELD = "sections[0].fields[0]"
WRONG = [
    ([], ""),
    ("form", ""),
    (form(one()) | {"colour": "red"}, "colour"),
    (form(one()) | {"sections": []}, "sections"),
    (form(one()) | {"sections": {"key": "s"}}, "sections"),
    (form(one()) | {"title": ""}, "title"),
    (form(one()) | {"title": {"en": "Form"}}, "title"),
    (form(one()) | {"title": {"zh": "表", "fr": "F"}}, "title"),
    (form(one()) | {"title": 3}, "title"),
    (form(one()) | {"local": "yes"}, "local"),
    (form(one()) | {"key": 3}, "key"),
    (form(one(), one()), "sections[0].fields[1]"),
    (form() | {"sections": [{"key": "s", "title": "节", "fields": []}] * 2}, "sections[1]"),
    (form() | {"sections": [{"key": "s", "title": "节"}]}, "sections[0].fields"),
    (
        form() | {"sections": [{"key": "s", "title": "节", "fields": [], "filled_by": "secretary"}]},
        "sections[0].filled_by",
    ),
    (form() | {"sections": [{"key": "s", "title": "节", "fields": [], "who": []}]}, "sections[0].who"),
    (form("a"), FIELD),
    (form(one(colour="red")), f"{FIELD}.colour"),
    (form(one(type="textarea")), f"{FIELD}.type"),
    (form(one(type=["text"])), f"{FIELD}.type"),
    (form(one(key="a-b")), f"{FIELD}.key"),
    (form(one(key="1a")), f"{FIELD}.key"),
    (form(one(key="")), f"{FIELD}.key"),
    (form(one(label=None)), f"{FIELD}.label"),
    (form(one(label={"zh": "甲", "en": 3})), f"{FIELD}.label"),
    (form(one(local=False)), FIELD),
    (form(one(clause=7)), f"{FIELD}.clause"),
    (form(one(required="true")), f"{FIELD}.required"),
    (form(one(required=1)), f"{FIELD}.required"),
    (form(one(strength="strict")), f"{FIELD}.strength"),
    (form(one(max_chars="500")), f"{FIELD}.max_chars"),
    (form(one(max_chars=-1)), f"{FIELD}.max_chars"),
    (form(one(max_chars=True)), f"{FIELD}.max_chars"),
    (form(one(min_chars=501, max_chars=500)), f"{FIELD}.min_chars"),
    (form(one(min=3)), f"{FIELD}.min"),
    (form(one(type="integer", max_chars=3)), f"{FIELD}.max_chars"),
    (form(one(type="integer", min="three")), f"{FIELD}.min"),
    (form(one(type="integer", min=float("nan"))), f"{FIELD}.min"),
    (form(one(type="integer", min=5, max=4)), f"{FIELD}.min"),
    (form(one(type="date", min="3 March")), f"{FIELD}.min"),
    (form(one(type="date", min="2027-03-02", max="2027-03-01")), f"{FIELD}.min"),
    (form(one(type="month", min="2027-13")), f"{FIELD}.min"),
    (form(one(type="text", decimals=2)), f"{FIELD}.decimals"),
    (form(one(type="choice")), f"{FIELD}.options"),
    (form(one(type="choice", options={"x": "一"})), f"{FIELD}.options"),
    (form(one(type="choice", options=[{"code": "x"}])), f"{FIELD}.options[0].label"),
    (form(one(type="choice", options=[PAIR[0], PAIR[0]])), f"{FIELD}.options[1].code"),
    (form(one(type="choice", options=[{"code": 1, "label": "一"}])), f"{FIELD}.options[0].code"),
    (form(one(type="choice", options=[{"code": "x", "label": "一", "weight": 1}])), f"{FIELD}.options[0].weight"),
    (form(one(type="choice", options=PAIR, other="z")), f"{FIELD}.other"),
    (form(one(type="choice", options=PAIR, other="x"), one(key="a_other")), FIELD),
    (form(one(options=PAIR)), f"{FIELD}.options"),
    (form(one(type="catalogue")), f"{FIELD}.catalogue"),
    (form(one(type="catalogue", catalogue="c", name_key="b")), f"{FIELD}.name_key"),
    (form(one(type="catalogue", catalogue="c", name_key="b"), one(key="b", type="integer")), f"{FIELD}.name_key"),
    (form(one(kinds=["partner"])), f"{FIELD}.kinds"),
    (form(one(type="file", accept=["exe"])), f"{FIELD}.accept"),
    (form(one(type="file", accept="pdf")), f"{FIELD}.accept"),
    (form(one(type="file", min_files=3, max_files=2)), f"{FIELD}.min_files"),
    (form(one(type="table")), f"{FIELD}.columns"),
    (form(one(type="table", columns=[])), f"{FIELD}.columns"),
    (form(one(type="table", columns=[COLUMN, COLUMN])), f"{FIELD}.columns[1]"),
    (form(one(type="table", columns=[COLUMN | {"type": "table"}])), f"{FIELD}.columns[0].type"),
    (form(one(type="table", columns=[COLUMN | {"type": "file"}])), f"{FIELD}.columns[0].type"),
    (form(one(type="table", columns=[COLUMN | {"type": "checklist", "items": PAIR}])), f"{FIELD}.columns[0].type"),
    (form(one(type="table", columns=[COLUMN], min_rows=3, max_rows=2)), f"{FIELD}.min_rows"),
    (
        form(one(type="table", columns=[COLUMN | {"type": "catalogue", "catalogue": "c", "name_key": "a"}])),
        f"{FIELD}.columns[0].name_key",
    ),
    (form(one(min_rows=1)), f"{FIELD}.min_rows"),
    (form(one(type="checklist")), f"{FIELD}.items"),
    (form(one(type="checklist", items=[])), f"{FIELD}.items"),
    (form(one(required_when={"field": "b", "in": ["x"]})), f"{FIELD}.required_when"),
    (form(one(required_when={"field": "a", "in": []})), f"{FIELD}.required_when.in"),
    (form(one(required_when={"field": "a", "is": ["x"]})), f"{FIELD}.required_when.is"),
    (
        form(one(required_when={"field": "b", "in": ["z"]}), one(key="b", type="choice", options=PAIR)),
        f"{FIELD}.required_when",
    ),
]


@pytest.mark.parametrize(("data", "place"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_understood_is_refused_with_its_place(data, place):
    with pytest.raises(FormSpecError) as caught:
        parse_form(data)
    assert str(caught.value).startswith(f"{place}: " if place else "")
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in caught.value.path).lstrip(".")
    assert shown == place


def test_a_column_needs_no_clause_of_its_own():
    column = {"key": "c", "type": "text", "label": "列"}
    assert parse_form(form(one(type="table", columns=[column]))).field("a.c").clause == ""


@pytest.mark.parametrize("field", [{"key": "a", "type": "text", "label": "甲"}])
def test_a_field_cites_a_clause_unless_it_is_the_houses_own(field):
    with pytest.raises(FormSpecError, match="cites no clause"):
        parse_form(form(field))
    assert parse_form(form({**field, "clause": "XCU-1"})).field("a").clause == "XCU-1"
    assert parse_form(form({**field, "local": True})).field("a").local
