"""Checks on kinds of evaluation: each gives its grade somewhere, counts what there is, and asks for what exists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from regulations import gates
from regulations.checks import grading
from regulations.checks.prefills import prefills
from regulations.checks.references import Path_, Problem
from regulations.checks.rulechecks import condition_of_case
from regulations.schema import EvaluationKind, Profile, Step
from regulations.schema.base import Ref
from regulations.vocabulary import NUMBER_TYPES

CASE = "evaluation"  # no case: the section of routes that belongs to `evaluations`


def kinds(profile: Profile, data: dict) -> Iterator[Problem]:
    """Every kind of evaluation of the profile."""
    for key, kind in profile.evaluations.items():
        path: Path_ = ("evaluations", key)
        steps = [step for step in profile.route(CASE) if not step.tracks or key in step.tracks]
        if not any(step.kind == "grade" for step in steps):
            yield path, f"no step of kind grade in routes.evaluation gives the grade of «{key}»"
        yield from _opening(profile, path, kind)
        yield from _report(profile, path, kind)
        for message in condition_of_case(profile, kind.members, gates.subject()):
            yield (*path, "members"), message
        if kind.grading is not None:
            yield from grading.faults(
                profile,
                (*path, "grading"),
                kind.grading,
                [grade.code for grade in kind.grades],
                case=CASE,
                highest=_highest(profile, steps),
                answers=_answers(profile, steps),
            )
        yield from _in_a_row(profile, path, kind)


def _opening(profile: Profile, path: Path_, kind: EvaluationKind) -> Iterator[Problem]:
    every, yearly = kind.opens.every, kind.opens.yearly
    for at, other in enumerate(every.of if every else []):
        if other not in profile.evaluations:
            known = ", ".join(profile.evaluations)
            yield (*path, "opens", "every", "of", at), f"no kind of evaluation «{other}» (known: {known})"
    figures = {
        ("opens", "every"): [every.years, every.months] if every else [],
        ("opens", "yearly"): [yearly.month] if yearly else [],
        ("window",): [kind.window.days, kind.window.months, kind.window.years],
        ("min_months",): [kind.min_months],
    }
    for place, values in figures.items():
        for value in values:
            setting = profile.settings.get(value.setting) if isinstance(value, Ref) else None
            if setting is not None and setting.type not in NUMBER_TYPES:
                yield (*path, *place), f"setting «{value.setting}» is {setting.type}, not a number"


def _report(profile: Profile, path: Path_, kind: EvaluationKind) -> Iterator[Problem]:
    """What is filled in beforehand are fields of the report and facts of the base."""
    yield from prefills(profile, (*path, "report"), kind.report.form, kind.report.prefill, gates.subject())


def _highest(profile: Profile, steps: list[Step]) -> Decimal | None:
    """The most points that a panel on the route can give; a score without a sheet is one of a hundred."""
    panels = [step.panel for step in steps if step.panel is not None]
    given = [profile.sheets[panel.sheet].total for panel in panels if panel.sheet in profile.sheets]
    given += [Decimal(100) for panel in panels if panel.score and not panel.sheet]
    return max(given, default=None)


def _answers(profile: Profile, steps: list[Step]) -> dict:
    forms = [profile.forms[step.panel.form] for step in steps if step.panel and step.panel.form in profile.forms]
    return {field.key: field for form in forms for section in form.sections for field in section.fields}


def _in_a_row(profile: Profile, path: Path_, kind: EvaluationKind) -> Iterator[Problem]:
    if kind.in_a_row is None:
        return
    for other in (*kind.in_a_row.count, *kind.in_a_row.count_if):
        if other not in profile.evaluations:
            known = ", ".join(profile.evaluations)
            yield (*path, "in_a_row"), f"no kind of evaluation «{other}» (known: {known})"
    for other, setting in kind.in_a_row.count_if.items():
        declared = profile.settings.get(setting.setting)
        if declared is not None and declared.type != "boolean":
            yield (
                (*path, "in_a_row", "count_if", other),
                f"setting «{setting.setting}» is {declared.type}, not a boolean",
            )


CHECKS = (kinds,)
