"""What came of evaluations, base by base, for many bases at once. One query each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bases.models import Recognition
from evaluations.models import Evaluation
from regulations.schema import EvaluationKind
from regulations.settings import setting


@dataclass(frozen=True)
class Result:
    """How one evaluation ended: confirmed with a grade, or missed (no grade)."""

    kind: str
    grade: str
    passed: bool
    confirmed_on: dt.date


def of(recognitions: Sequence[Recognition], on: dt.date) -> dict[int, list[Result]]:
    """By base its results until a day, in the order of their confirmation."""
    rows = (
        Evaluation.objects.filter(
            recognition__in=[row.pk for row in recognitions], state__in=("confirmed", "missed"), confirmed_on__lte=on
        )
        .only("kind", "grade", "passed", "confirmed_on", "recognition_id")
        .order_by("confirmed_on", "pk")
    )
    results: dict[int, list[Result]] = {}
    for row in rows:
        results.setdefault(row.recognition_id, []).append(
            Result(row.kind, row.grade, row.passed is True, row.confirmed_on)
        )
    return results


def last(recognitions: Sequence[Recognition], on: dt.date) -> dict[int, Result]:
    """By base its last result until a day."""
    return {pk: rows[-1] for pk, rows in of(recognitions, on).items()}


def in_a_row(results: Sequence[Result], kinds: set[str]) -> int:
    """How many of the last results of these kinds, one after the other, were graded and not passed."""
    number = 0
    for result in reversed([result for result in results if result.kind in kinds and result.grade]):
        if result.passed:
            break
        number += 1
    return number


def counted(recognition: Recognition, kind: EvaluationKind, on: dt.date) -> set[str]:
    """The kinds that `in_a_row` of a kind counts for a base: those named, and those that a setting adds (N-1)."""
    row = kind.in_a_row
    owner = recognition.authority or recognition.university
    more = {
        key for key, ref in row.count_if.items() if setting(recognition.profile, ref.setting, owner, on).value is True
    }
    return {*row.count, *more}


def failures(recognitions: Sequence[Recognition], on: dt.date) -> dict[Recognition, int]:
    """By base how many evaluations in a row it has not passed, over the kinds that its regulation counts, all where it
    names none."""
    results, numbers = of(recognitions, on), {}
    for recognition in recognitions:
        kinds = recognition.profile.evaluations
        named = [counted(recognition, kind, on) for kind in kinds.values() if kind.in_a_row is not None]
        numbers[recognition] = in_a_row(results.get(recognition.pk, ()), set().union(*named) or set(kinds))
    return numbers
