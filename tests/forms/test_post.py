"""Answers out of an HTML form."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict

from core.forms.clean import clean
from core.forms.post import from_post, wants_rows
from core.forms.render import rendered
from core.forms.views import FieldView
from tests.forms import sample

SPEC = sample.spec()


def posted(**names: str | list[str]) -> QueryDict:
    return QueryDict(urlencode({name.replace("__", "-"): value for name, value in names.items()}, doseq=True))


def as_browser(view: FieldView) -> list[tuple[str, str]]:
    """The name and value pairs that a browser sends for a field as it is drawn."""
    name = view.name
    if view.control == "table":
        return [pair for row in view.rows for cell in row for pair in as_browser(cell)]
    if view.control == "period":
        return [(f"{name}-{suffix}", value) for suffix, _label, value, _kind in view.ends]
    if view.control in ("boxes", "radios"):
        pairs = [(name, choice.code) for choice in view.choices if choice.chosen]
    elif view.control == "select":
        pairs = [(name, next((choice.code for choice in view.choices if choice.chosen), ""))]
    elif view.control == "files":
        pairs = [(name, str(file.pk)) for file in view.files]
    elif view.control == "checklist":
        pairs = [(f"{name}-{one.code}", "on") for one in view.choices if one.chosen]
        pairs += [(f"{name}-{one.code}-remark", one.remark) for one in view.choices]
    else:
        pairs = [(name, str(view.value))]
    return pairs + ([(f"{name}_other", view.other_value)] if view.spec.other else [])


def test_what_is_drawn_and_sent_back_is_what_it_was():
    view = rendered(SPEC, sample.GOOD, resolver=sample.House())
    pairs = [pair for section in view.sections for field in section.fields for pair in as_browser(field)]
    raw = from_post(SPEC, QueryDict(urlencode(pairs)))
    assert clean(SPEC, raw, resolver=sample.House()) == (sample.GOOD, [])


def test_only_the_named_sections():
    assert set(from_post(SPEC, posted(**{"f__base_name": "a", "f__partner_will": "b"}), {"opinions"})) == {
        "partner_will"
    }


def test_rows_in_order_of_their_numbers_whatever_their_gaps():
    data = posted(**{"f__equipment__7__name": "三", "f__equipment__0__name": "一", "f__equipment__2__price": "5"})
    rows = from_post(SPEC, data)["equipment"]
    assert [(row["name"], row["price"]) for row in rows] == [("一", ""), ("", "5"), ("三", "")]


def test_a_row_is_removed_without_a_script():
    data = posted(**{"f__equipment__0__name": "一", "f__equipment__1__name": "二", "remove__row": "equipment-0"})
    assert [row["name"] for row in from_post(SPEC, data)["equipment"]] == ["二"]
    assert wants_rows(data)
    assert wants_rows(posted(**{"add__row": "equipment"})) and not wants_rows(posted(f__a="b"))


def test_rows_of_a_table_whose_name_begins_like_another():
    data = posted(**{"f__equipment_old__0__name": "x", "f__equipment__0__name": "y"})
    assert [row["name"] for row in from_post(SPEC, data)["equipment"]] == ["y"]


def test_a_yes_or_no_that_was_not_answered_is_no_answer():
    assert from_post(SPEC, posted())["legal"] is None
    assert [from_post(SPEC, posted(f__legal=value))["legal"] for value in ("true", "on", "false", "")] == [
        True,
        True,
        False,
        None,
    ]
