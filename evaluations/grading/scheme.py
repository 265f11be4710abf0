"""How a kind of evaluation is graded, with every setting resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regulations.schema import Condition as When
from regulations.schema import Grading, Ref
from regulations.schema.grading import ByExperts


@dataclass(frozen=True)
class Rounding:
    """One rounding (`regulations.schema.grading.Rounding`)."""

    places: int
    mode: str
    when: str
    clause: str = ""


@dataclass(frozen=True)
class Band:
    """A grade from this score on."""

    grade: str
    from_: Decimal
    clause: str = ""


@dataclass(frozen=True)
class Condition:
    """What a grade asks for: `when` over facts or `experts` over their answers. Of a veto `grade` is what it lets stand."""

    key: str
    title: Any
    clause: str = ""
    when: When | None = None
    experts: ByExperts | None = None
    grade: str = ""

    @property
    def refs(self) -> list[str]:
        """Keys of the facts and settings that it reads."""
        return [fact_key(part) for part in self.when.parts()] if self.when is not None else []


@dataclass(frozen=True)
class Scheme:
    """How sheets and facts become a grade.

    `grades`: their codes, the best first. `how`: mean, trimmed, weighted; "" where sheets give no score. `bands`: the
    highest first. `missing`: settings that nobody has given a value, without which nothing can be graded.
    """

    grades: tuple[str, ...]
    how: str = ""
    how_clause: str = ""
    trim: int = 1
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    min_sheets: int = 1
    roundings: tuple[Rounding, ...] = ()
    bands: tuple[Band, ...] = ()
    conditions: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    vetoes: tuple[Condition, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether a grade follows; else somebody decides."""
        return bool(self.bands or self.conditions or self.missing)

    @property
    def needed(self) -> int:
        """How many sheets there must be."""
        return max(self.min_sheets, 2 * self.trim + 1 if self.how == "trimmed" else 1)

    def rounding(self, when: str) -> Rounding | None:
        """The rounding at a place of the order, if there is one."""
        return next((rounding for rounding in self.roundings if rounding.when == when), None)

    def refs(self) -> dict[str, When]:
        """The facts and settings that all conditions read: their key (`fact_key`) and a comparison that names them."""
        listed = [*(condition for group in self.conditions.values() for condition in group), *self.vetoes]
        return {
            fact_key(part): part
            for condition in listed
            if condition.when is not None
            for part in condition.when.parts()
        }


def fact_key(part: When) -> str:
    """The name under which `grade` is given what a comparison asks for: a fact, an aggregate as JSON, `setting:<key>`."""
    if part.setting is not None:
        return f"setting:{part.setting}"
    if isinstance(part.fact, str):
        return part.fact
    return json.dumps(part.fact, sort_keys=True, ensure_ascii=False, default=str)


def scheme_of(declared: Grading | None, grades: Sequence[str], figure: Callable[[Ref], Any]) -> Scheme:
    """The scheme that a profile declares for grades (codes, the best first); `figure` gives the value of a setting, None
    where nobody has set it."""
    if declared is None:
        return Scheme(tuple(grades))
    missing: list[str] = []

    def resolved(value: Any) -> Any:
        if not isinstance(value, Ref):
            return value
        given = figure(value)
        if given is None:
            missing.append(value.setting)
        return given

    combine = declared.combine
    bands = [(band, resolved(band.from_)) for band in declared.bands]
    how = resolved(combine.how) if combine else ""
    # A least number that nobody has set is no number: one sheet is needed in any case.
    least = figure(declared.min_sheets) if isinstance(declared.min_sheets, Ref) else declared.min_sheets
    return Scheme(
        grades=tuple(grades),
        how=how or "",
        how_clause=(combine.clause or "") if combine else "",
        trim=combine.trim if combine else 1,
        weights=dict(combine.weights) if combine else {},
        min_sheets=int(least or 1),
        roundings=tuple(
            Rounding(rounding.places, rounding.mode, rounding.when, rounding.clause or "")
            for rounding in declared.rounding
        ),
        bands=tuple(
            sorted(
                (
                    Band(band.grade, Decimal(str(start)), band.clause or "")
                    for band, start in bands
                    if start is not None
                ),
                key=lambda band: -band.from_,
            )
        ),
        conditions={
            grade: tuple(_condition(condition) for condition in listed)
            for grade, listed in declared.conditions.items()
            if listed
        },
        vetoes=tuple(_condition(veto, veto.grade) for veto in declared.vetoes),
        missing=tuple(missing),
    )


def _condition(declared, grade: str = "") -> Condition:
    return Condition(declared.key, declared.title, declared.clause or "", declared.when, declared.experts, grade)
