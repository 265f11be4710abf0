"""The grade: combine, round, band, conditions, vetoes; every step leaves its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from casework.marking import HandedIn
from evaluations.grading import reasons as why
from evaluations.grading.scheme import Condition, Rounding, Scheme, fact_key
from regulations import comparing


@dataclass(frozen=True)
class Grade:
    """The code of the grade (None: nothing follows, or somebody decides), the score (None without one), and why."""

    code: str | None
    score: Decimal | None
    reasons: tuple[why.Reason, ...]

    def plain(self) -> dict[str, Any]:
        """Plain JSON values: `{code, score, reasons}`."""
        return {
            "code": self.code,
            "score": None if self.score is None else why.number_text(self.score),
            "reasons": [reason.plain() for reason in self.reasons],
        }


def grade(scheme: Scheme, sheets: Sequence[HandedIn], facts: Mapping[str, Any]) -> Grade:
    """The grade of a case.

    `sheets`: what the experts handed in, in any order that stays the same. `facts`: the value of each key of
    `scheme.refs()`, None where the portal does not know it. Raises KeyError for a fact that was not given.
    """
    said: list[why.Reason] = []
    if scheme.missing:
        return Grade(None, None, (why.Missing(scheme.missing),))
    exact: Fraction | None = None
    if scheme.how:
        exact = _combined(scheme, sheets, said)
        if exact is None:
            return Grade(None, None, tuple(said))
        exact = _rounded(exact, scheme.rounding("combined"), said)
    code = _code(scheme, exact, sheets, facts, said)
    score = None
    if exact is not None:
        kept = _rounded(exact, scheme.rounding("graded"), said)
        score = _decimal(kept, (scheme.rounding("graded") or scheme.rounding("combined")).places)
    if code is not None:
        said.append(why.Given(code))
    elif not scheme.decides:
        said.append(why.Decided())
    return Grade(code, score, tuple(said))


def _combined(scheme: Scheme, sheets: Sequence[HandedIn], said: list[why.Reason]) -> Fraction | None:
    rounding = scheme.rounding("sheets")
    totals: list[Fraction] = []
    for number, sheet in enumerate(sheets, start=1):
        counted = sheet.total if rounding is None else round_to(sheet.total, rounding.places, rounding.mode)
        totals.append(Fraction(counted))
        said.append(why.SheetScore(number, sheet.expert_kind, sheet.total, counted))
    if len(sheets) < scheme.needed:
        said.append(why.TooFew(len(sheets), scheme.needed))
        return None
    left_out: tuple[int, ...] = ()
    weights: tuple[tuple[str, Decimal], ...] = ()
    if scheme.how == "weighted":
        kinds = [sheet.expert_kind for sheet in sheets]
        unknown = tuple(sorted(set(kinds) - set(scheme.weights)))
        absent = tuple(sorted(set(scheme.weights) - set(kinds)))
        if unknown or absent:
            said.append(why.NoWeight(unknown, absent))
            return None
        weights = tuple(sorted(scheme.weights.items()))
        value = sum(
            Fraction(weight) * _mean([total for total, kind in zip(totals, kinds, strict=True) if kind == weighed])
            for weighed, weight in weights
        ) / sum(Fraction(weight) for _kind, weight in weights)
    else:
        order = sorted(range(len(totals)), key=lambda at: (totals[at], at))
        if scheme.how == "trimmed":
            out = {*order[: scheme.trim], *order[-scheme.trim :]}
            left_out = tuple(sorted(at + 1 for at in out))
            order = [at for at in order if at not in out]
        value = _mean([totals[at] for at in order])
    said.append(why.Combined(scheme.how, value, left_out, weights, scheme.how_clause))
    return value


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _rounded(value: Fraction, rounding: Rounding | None, said: list[why.Reason]) -> Fraction:
    if rounding is None:
        return value
    after = round_to(value, rounding.places, rounding.mode)
    said.append(why.Rounded(value, after, rounding.places, rounding.mode, rounding.when, rounding.clause))
    return Fraction(after)


def round_to(value: Fraction | Decimal, places: int, mode: str) -> Decimal:
    """A number to `places` decimals: half_up, half_even, down (towards 0) or up (away from 0), exactly."""
    scaled = Fraction(value) * 10**places
    sign, size = (-1 if scaled < 0 else 1), abs(scaled)
    whole = {
        "half_up": lambda: math.floor(size + Fraction(1, 2)),
        "half_even": lambda: round(size),
        "down": lambda: math.floor(size),
        "up": lambda: math.ceil(size),
    }[mode]()
    return Decimal(sign * whole).scaleb(-places)


def _decimal(value: Fraction, places: int) -> Decimal:
    return round_to(value, places, "half_up")


def _code(
    scheme: Scheme,
    score: Fraction | None,
    sheets: Sequence[HandedIn],
    facts: Mapping[str, Any],
    said: list[why.Reason],
) -> str | None:
    if not scheme.bands and not scheme.conditions:
        return None
    best = scheme.grades[0]
    if scheme.bands:
        banded = _band(scheme, score, said)
        if banded is None:
            return None
        best = banded
    at = scheme.grades.index(best)
    while True:
        code = scheme.grades[at]
        checks = [_check(condition, code, sheets, facts, why.Checked) for condition in scheme.conditions.get(code, ())]
        said.extend(checks)
        unmet = tuple(check.key for check in checks if not check.met)
        if not unmet:
            break
        if at + 1 == len(scheme.grades):
            return None
        at += 1
        said.append(why.Lowered(code, scheme.grades[at], unmet))
    for veto in scheme.vetoes:
        check = _check(veto, veto.grade, sheets, facts, why.VetoChecked)
        said.append(check)
        if check.met:
            at = max(at, scheme.grades.index(veto.grade))
    return scheme.grades[at]


def _band(scheme: Scheme, score: Fraction, said: list[why.Reason]) -> str | None:
    below = None
    for band in scheme.bands:
        if score >= Fraction(band.from_):
            said.append(why.InBand(score, band.grade, band.from_, below, band.clause))
            return band.grade
        below = band.from_
    said.append(why.OutOfBands(score, scheme.bands[-1].from_))
    return None


def _check(condition: Condition, code: str, sheets: Sequence[HandedIn], facts: Mapping[str, Any], line: type):
    title = str(condition.title)
    if condition.experts is None:
        holds = comparing.holds(condition.when, lambda part: facts[fact_key(part)])
        seen = tuple((key, facts[key]) for key in dict.fromkeys(condition.refs))
        return line(code, condition.key, title, holds, seen, None, None, "", condition.clause)
    wanted = condition.experts
    agree = sum(_answered(sheet.answers.get(wanted.field), wanted.in_) for sheet in sheets)
    asked = len(sheets)
    holds = {
        "all": asked > 0 and agree == asked,
        "majority": 2 * agree > asked,
        "any": agree > 0,
    }[wanted.share]
    return line(code, condition.key, title, holds, (), agree, asked, wanted.share, condition.clause)


def _answered(answer: Any, wanted: Sequence[str | bool]) -> bool:
    """Whether an expert's answer is one of these codes: a choice, a list of choices, a checklist, yes or no."""
    if isinstance(answer, dict):
        answer = [code for code, item in answer.items() if isinstance(item, dict) and item.get("checked")]
    given = answer if isinstance(answer, list) else [answer]
    return any(comparing.same(item, code) for item in given for code in wanted)
