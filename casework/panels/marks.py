"""The marks of a panel's sheet: the sheet that an expert sees, what they hand in as rows, what the portal computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from casework.marking import HandedIn, Sheet, fingerprint, points_of, sheet_of
from casework.models import Assignment, Mark, Step
from casework.models.panels import mark_field
from core import clock
from regulations import rules, wording
from regulations.settings import setting


def sheet_for(case, step: Step) -> Sheet | None:
    """The sheet that the experts of a panel mark, with the titles of the organisation that runs it, in the reader's
    language; None where the panel has none."""
    declared = case.step_declaration(step.key)
    key = declared.panel.sheet if declared.panel is not None else None
    if key is None:
        return None
    return titled_sheet(case.profile, key, step.unit)


def titled_sheet(profile, key: str, organisation) -> Sheet:
    """A sheet of a profile with the titles that an organisation has given its indicators. Raises KeyError."""
    declared = profile.sheets[key]
    titles: Mapping[str, str] = {}
    if declared.titles is not None:
        titles = setting(profile, declared.titles.setting, organisation, clock.today()).value or {}
    return sheet_of(key, declared, titles, wording.words)


def computed(case, sheet: Sheet) -> dict[str, Decimal]:
    """The marks that the portal computes from facts of the case, as they are today."""
    leaves = [leaf for leaf in sheet.leaves() if leaf.computed]
    if not leaves:
        return {}
    context = rules.context_for(case.profile, case, clock.today())
    return {leaf.key: points_of(leaf, context.value(leaf.fact)) for leaf in leaves}


def take(case, assignment: Assignment, sheet: Sheet, data: dict[str, Any]) -> str:
    """Keep the marks that came in with an opinion as rows, and those computed; what was given before is replaced. `data`
    loses the fields of the marks. Returns the hash of the marks as handed in."""
    marks = {leaf.key: Decimal(str(data.pop(mark_field(leaf.key)))) for leaf in sheet.leaves() if not leaf.computed}
    from_facts = computed(case, sheet)
    assignment.marks.all().delete()
    Mark.objects.bulk_create(
        Mark(
            assignment=assignment,
            indicator=leaf.key,
            value=from_facts[leaf.key] if leaf.computed else marks[leaf.key],
            computed=leaf.computed,
        )
        for leaf in sheet.leaves()
    )
    every = {**marks, **from_facts}
    assignment.score = sum(every.values(), Decimal(0))
    return fingerprint(every)


def as_kept(assignment: Assignment) -> dict[str, Any]:
    """What an expert had handed in, in plain values, as it is kept when they hand in again; `sha256` is the hash of the
    marks that the log has of that act."""
    given = {mark.indicator: mark.value for mark in assignment.marks.all()}
    return {
        "submitted_at": assignment.submitted_at.isoformat(),
        "verdict": assignment.verdict,
        "score": None if assignment.score is None else str(assignment.score),
        "answers": assignment.answers,
        "marks": {key: str(value) for key, value in given.items()},
        "sha256": fingerprint(given) if given else "",
    }


def handed_in(step: Step) -> list[HandedIn]:
    """What the experts of a panel handed in and stands, in the order in which they were asked. Two queries."""
    rows = step.assignments.filter(state="submitted", void=False).order_by("pk").prefetch_related("marks")
    return [as_handed_in(row) for row in rows]


def as_handed_in(assignment: Assignment) -> HandedIn:
    """One expert's marks as a value: of a panel without a sheet its one figure counts as the whole."""
    marks = {mark.indicator: mark.value for mark in assignment.marks.all()}
    if not marks and assignment.score is not None:
        marks = {"score": assignment.score}
    return HandedIn(assignment.expert_kind, marks, assignment.answers)


def marks_of(assignments: Iterable[Assignment]) -> dict[int, dict[str, Decimal]]:
    """Marks by indicator of several assignments by pk. One query."""
    marks: dict[int, dict[str, Decimal]] = {row.pk: {} for row in assignments}
    for row in Mark.objects.filter(assignment_id__in=list(marks)):
        marks[row.assignment_id][row.indicator] = row.value
    return marks
