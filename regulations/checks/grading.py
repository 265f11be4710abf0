"""Checks on grading: every grade can be given and no score is without one. Whoever owns the grades calls `faults`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from regulations.checks.references import Path_, Problem
from regulations.checks.rulechecks import condition_of_case
from regulations.schema import Profile
from regulations.schema.base import Ref
from regulations.schema.grading import COMBINATIONS, Grading
from regulations.vocabulary import NUMBER_TYPES


def faults(
    profile: Profile,
    path: Path_,
    grading: Grading,
    grades: Sequence[str],
    *,
    case: str,
    highest: Decimal | None,
    answers: Mapping[str, object],
) -> Iterator[Problem]:
    """What cannot work in `grading`, which stands at `path` of the profile.

    `grades`: their codes, the best first. `case`: the kind of case that is graded. `highest`: the most a sheet or a score
    can give, None where no panel on its route gives one. `answers`: fields of the panels' forms by key (core.forms).
    """
    if grading.combine is not None:
        yield from _combination(profile, path, grading, highest)
    if not grading.decides():
        return
    yield from _grades_named(path, grading, grades)
    yield from _bands(profile, path, grading, grades, highest)
    yield from _given(path, grading, grades)
    for place, condition in _conditions(path, grading):
        if condition.when is not None:
            for message in condition_of_case(profile, condition.when, case):
                yield place, f"condition «{condition.key}»: {message}"
        else:
            yield from _by_experts(place, condition, answers)


def _conditions(path: Path_, grading: Grading):
    for grade, listed in grading.conditions.items():
        for number, condition in enumerate(listed):
            yield (*path, "conditions", grade, number), condition
    for number, veto in enumerate(grading.vetoes):
        yield (*path, "vetoes", number), veto


def _combination(profile: Profile, path: Path_, grading: Grading, highest: Decimal | None) -> Iterator[Problem]:
    if highest is None:
        yield (*path, "combine"), "no panel on the route gives a score: panel: {sheet: …} or {score: true}"
    how = grading.combine.how
    if isinstance(how, Ref):
        setting = profile.settings.get(how.setting)
        codes = {option.code for option in setting.options} if setting else set()
        if setting is not None and (setting.type != "choice" or not codes or codes - set(COMBINATIONS)):
            wanted = ", ".join(COMBINATIONS)
            yield (*path, "combine"), f"setting «{how.setting}» is to be a choice among {wanted}"
        if "weighted" in codes and not grading.combine.weights:
            yield (*path, "combine"), "weights: which kind of expert counts how much?"
    for place, figure in (
        ((*path, "min_sheets"), grading.min_sheets),
        *(((*path, "bands", number), band.from_) for number, band in enumerate(grading.bands)),
    ):
        setting = profile.settings.get(figure.setting) if isinstance(figure, Ref) else None
        if setting is not None and setting.type not in NUMBER_TYPES:
            yield place, f"setting «{figure.setting}» is {setting.type}, not a number"


def _grades_named(path: Path_, grading: Grading, grades: Sequence[str]) -> Iterator[Problem]:
    named = [((*path, "bands", number), band.grade) for number, band in enumerate(grading.bands)]
    named += [((*path, "conditions", grade), grade) for grade in grading.conditions]
    named += [((*path, "vetoes", number), veto.grade) for number, veto in enumerate(grading.vetoes)]
    for place, grade in named:
        if grade not in grades:
            yield place, f"no grade «{grade}» (known: {', '.join(grades)})"
    for number, veto in enumerate(grading.vetoes):
        if grades and veto.grade == grades[0]:
            yield (*path, "vetoes", number), f"a veto down to «{veto.grade}» takes nothing away: it is the best grade"


def _figure(profile: Profile, value: Decimal | Ref) -> Decimal | None:
    if not isinstance(value, Ref):
        return value
    setting = profile.settings.get(value.setting)
    known = setting is not None and setting.type in NUMBER_TYPES and setting.value is not None
    return Decimal(str(setting.value)) if known else None


def _bands(
    profile: Profile, path: Path_, grading: Grading, grades: Sequence[str], highest: Decimal | None
) -> Iterator[Problem]:
    if not grading.bands:
        return
    banded = [band.grade for band in grading.bands]
    for grade in grades:
        if banded.count(grade) != 1:
            yield (*path, "bands"), f"grade «{grade}» has {banded.count(grade) or 'no'} band" + "s" * (grade in banded)
    order = {grade: number for number, grade in enumerate(grades)}
    starts = [
        (number, band.grade, _figure(profile, band.from_))
        for number, band in enumerate(grading.bands)
        if band.grade in order
    ]
    starts = sorted((row for row in starts if row[2] is not None), key=lambda row: order[row[1]])
    for (_at, better, above), (number, worse, below) in pairwise(starts):
        if above <= below:
            said = f"bands overlap: «{better}» begins at {above}, «{worse}», which is no better, at {below}"
            yield (*path, "bands", number), said
    for number, grade, start in starts:
        if highest is not None and start > highest:
            yield (*path, "bands", number), f"«{grade}» begins at {start}; a sheet gives at most {highest}"
    if starts and len(starts) == len(grading.bands) and min(start for _at, _grade, start in starts) > 0:
        lowest = min(starts, key=lambda row: row[2])
        yield (*path, "bands", lowest[0]), f"scores below {lowest[2]} have no grade: the lowest band begins at 0"


def _given(path: Path_, grading: Grading, grades: Sequence[str]) -> Iterator[Problem]:
    """The lowest grade is there for whoever meets no condition; without bands every other grade asks for something."""
    if not grades:
        return
    if grading.conditions_of(grades[-1]):
        said = f"«{grades[-1]}» is the lowest grade: whoever does not meet its conditions would have none"
        yield (*path, "conditions", grades[-1]), said
    if not grading.bands:
        for grade in grades[:-1]:
            if not grading.conditions_of(grade):
                said = f"grade «{grade}» has neither a band nor a condition, so that no lower grade can be given"
                yield (*path, "conditions"), said


def _by_experts(place: Path_, condition, answers: Mapping[str, object]) -> Iterator[Problem]:
    wanted = condition.experts
    field = answers.get(wanted.field)
    if field is None:
        yield place, f"condition «{condition.key}»: experts are not asked for a field «{wanted.field}»"
        return
    options = {option.code for option in getattr(field, "options", ())}
    for code in wanted.in_:
        if options and code not in options:
            yield place, f"condition «{condition.key}»: field «{wanted.field}» has no code «{code}»"
