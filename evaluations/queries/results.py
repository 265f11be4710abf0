"""What came of evaluations, base by base, for many bases at once. One query each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bases import pastgrades
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
    """By base its results until a day, in the order of their confirmation: first those that it had before it was entered
    here, as far as its regulation knows the kind and the grade. Two queries."""
    rows = (
        Evaluation.objects.filter(
            recognition__in=[row.pk for row in recognitions], state__in=("confirmed", "missed"), confirmed_on__lte=on
        )
        .only("kind", "grade", "passed", "confirmed_on", "recognition_id")
        .order_by("confirmed_on", "pk")
    )
    results = _brought(recognitions, on)
    for row in rows:
        results.setdefault(row.recognition_id, []).append(
            Result(row.kind, row.grade, row.passed is True, row.confirmed_on)
        )
    return results


def _brought(recognitions: Sequence[Recognition], on: dt.date) -> dict[int, list[Result]]:
    by_pk = {row.pk: row for row in recognitions}
    results: dict[int, list[Result]] = {}
    for row in pastgrades.of(recognitions, on):
        kind = by_pk[row.case_id].profile.evaluations.get(row.answers.get("kind") or "")
        grade = next((grade for grade in kind.grades if grade.code == row.code), None) if kind is not None else None
        if grade is not None:
            result = Result(row.answers["kind"], grade.code, grade.passed is True, row.on)
            results.setdefault(row.case_id, []).append(result)
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
