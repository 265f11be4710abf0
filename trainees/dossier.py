"""The forms of a stay: what they start with, who fills them in, and which of their answers the portal works with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from core import clock
from regulations.prefill import prefilled

if TYPE_CHECKING:
    from trainees.models import Placement


def period_field(placement: Placement):
    """The form and the field that say from when until when, or (None, None)."""
    declared = placement.declaration
    for form in declared.forms if declared is not None and declared.period else ():
        field = placement.form_spec(form).field(declared.period)
        if field is not None:
            return form, field
    return None, None


def as_answer(field, periods: Iterable) -> Any:
    """The periods of a stay as the field keeps them."""
    days = [{"from": str(period.starts_on), "to": str(period.ends_on)} for period in periods]
    if field.type == "period":
        return {"from": days[0]["from"], "to": days[-1]["to"]} if days else None
    column = next(column for column in field.columns if column.type == "period")
    return [{column.key: period} for period in days]


def spans_in(field, value: Any) -> list[tuple[date, date]]:
    """The periods that an answer names, in order; what is not complete or runs backwards is left out."""
    rows = [value] if field.type == "period" else value if isinstance(value, list) else []
    if field.type != "period":
        key = next(column.key for column in field.columns if column.type == "period")
        rows = [row.get(key) for row in rows if isinstance(row, dict)]
    spans = []
    for row in rows:
        if isinstance(row, dict):
            first, last = clock.day_of(row.get("from")), clock.day_of(row.get("to"))
            if first is not None and last is not None and first <= last:
                spans.append((first, last))
    return sorted(spans)


def first_answers(placement: Placement, form_key: str) -> dict:
    """What the portal knows already: what the profile fills in beforehand, and the periods that were chosen."""
    declared = placement.declaration
    if declared is None or form_key not in placement.form_keys():
        return {}
    known = prefilled(placement.profile, placement, declared.prefill.get(form_key, ()))
    form, field = period_field(placement)
    if form == form_key:
        known[field.key] = as_answer(field, placement.periods.all())
    return known


def copy_columns(placement: Placement, form_key: str, answers: dict) -> None:
    """Let periods, first and last day be those of the form."""
    form, field = period_field(placement)
    spans = spans_in(field, answers.get(field.key)) if form == form_key else []
    if not spans or (field.type == "period" and spans == [(placement.starts_on, placement.ends_on)]):
        return  # nothing new: a form that asks for first and last day says nothing of what lies between
    periods = placement.periods
    periods.all().delete()
    periods.bulk_create(periods.model(placement=placement, starts_on=a, ends_on=b) for a, b in spans)
    placement.starts_on, placement.ends_on = spans[0][0], max(last for _first, last in spans)
    days = {"starts_on": placement.starts_on, "ends_on": placement.ends_on}
    type(placement).objects.filter(pk=placement.pk).update(**days)


def editable_sections(placement: Placement, form_key: str, actor) -> set[str]:
    """What is applied with while it is a draft, what is handed in at the end while the student is there: for the student and
    for whoever enters it for them. Sections that name others are theirs."""
    declared = placement.declaration
    if declared is None or form_key not in placement.form_keys():
        return set()
    open_in = ("active",) if form_key == declared.completion else ("draft",)
    if placement.state not in open_in:
        return set()
    applies = actor.may("trainees.apply", placement)
    mine = {actor.role, f"{actor.organisation.column}.{actor.role}"}
    sections = placement.form_spec(form_key).sections
    return {section.key for section in sections if (mine & set(section.filled_by) if section.filled_by else applies)}
