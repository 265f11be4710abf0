"""Scoring sheets and what was handed in: plain values that know their sums, their bounds and their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from regulations import schema
from regulations.schema.sheets import Scale

CENT = Decimal("0.01")  # marks are kept to two decimals, as they are typed


@dataclass(frozen=True)
class Indicator:
    """One line of a sheet; `title` is "" where nobody has given one, so that its `code` stands alone (X-14)."""

    key: str
    points: Decimal
    code: str = ""
    title: str = ""
    clause: str = ""
    children: tuple[Indicator, ...] = ()
    fact: Any = None
    scale: Scale | None = None

    @property
    def label(self) -> str:
        """What people call it: the form's code and the title, as far as there are any."""
        return f"{self.code} {self.title}".strip()

    @property
    def computed(self) -> bool:
        """Whether the portal marks it from a fact."""
        return self.fact is not None

    def leaves(self) -> list[Indicator]:
        """The indicators below that are marked, or itself alone."""
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


@dataclass(frozen=True)
class Sheet:
    """A scoring sheet of a regulation with the titles of whoever uses it."""

    key: str
    title: str
    total: Decimal
    indicators: tuple[Indicator, ...]
    heading: str = ""
    note: str = ""
    clause: str = ""

    def leaves(self) -> list[Indicator]:
        """The indicators that are marked, in the order of the form."""
        return [leaf for indicator in self.indicators for leaf in indicator.leaves()]

    def leaf(self, key: str) -> Indicator:
        """The marked indicator under a key. Raises KeyError."""
        for leaf in self.leaves():
            if leaf.key == key:
                return leaf
        raise KeyError(key)

    def walk(self) -> Iterator[tuple[int, Indicator]]:
        """Every indicator with its depth from 0, in the order of the form."""

        def below(indicators: tuple[Indicator, ...], depth: int) -> Iterator[tuple[int, Indicator]]:
            for indicator in indicators:
                yield depth, indicator
                yield from below(indicator.children, depth + 1)

        return below(self.indicators, 0)

    @property
    def depth(self) -> int:
        """How many levels of indicators it has, at least one."""
        return 1 + max(depth for depth, _indicator in self.walk())

    def totals(self, marks: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
        """The mark of every indicator by key, of a group the sum below it; None where nothing below is marked."""
        sums: dict[str, Decimal | None] = {}
        for _depth, indicator in self.walk():
            given = [marks[leaf.key] for leaf in indicator.leaves() if leaf.key in marks]
            sums[indicator.key] = sum(given, Decimal(0)) if given else None
        return sums

    def unmarked(self, marks: Mapping[str, Decimal]) -> list[Indicator]:
        """Leaves without a mark."""
        return [leaf for leaf in self.leaves() if leaf.key not in marks]

    def out_of_bounds(self, marks: Mapping[str, Decimal]) -> list[Indicator]:
        """Leaves whose mark is below 0 or above their points."""
        return [leaf for leaf in self.leaves() if leaf.key in marks and not 0 <= marks[leaf.key] <= leaf.points]


@dataclass(frozen=True)
class HandedIn:
    """What one expert handed in: their kind (`tenants.roles.EXPERT_KINDS`, "" where nobody said), a mark for each leaf, and
    what they answered beside the sheet (field of the panel's form -> answer)."""

    expert_kind: str
    marks: Mapping[str, Decimal]
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """The score: the sum of all marks."""
        return sum(self.marks.values(), Decimal(0))

    @property
    def sha256(self) -> str:
        """The hash of the marks, as the log keeps it."""
        return fingerprint(self.marks)


def fingerprint(marks: Mapping[str, Decimal]) -> str:
    """The SHA-256 of marks: of compact JSON of key -> mark with two decimals, sorted by key."""
    plain = {key: str(Decimal(value).quantize(CENT)) for key, value in marks.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def points_of(indicator: Indicator, value: Any) -> Decimal:
    """The mark that a fact gives a computed indicator, to two decimals; nothing known gives none."""
    if value is None or value is False:
        return Decimal(0)
    if value is True:
        return indicator.points
    number, scale = Decimal(str(value)), indicator.scale
    if scale.per is not None:
        return min(max(number * scale.per, Decimal(0)), indicator.points).quantize(CENT, ROUND_HALF_UP)
    reached = [step.points for step in scale.steps if number >= step.from_]
    return reached[-1] if reached else Decimal(0)


def sheet_of(key: str, declared: schema.Sheet, titles: Mapping[str, str], words=str) -> Sheet:
    """A sheet of the profile with the titles that the school has given by key or code of an indicator. `words` says a text of the
    profile in the reader's language."""

    def say(text) -> str:
        return words(text) if text else ""

    def indicator(part: schema.sheets.Indicator) -> Indicator:
        return Indicator(
            key=part.key,
            points=part.points,
            code=part.code,
            title=titles.get(part.key) or titles.get(part.code) or say(part.title),
            clause=part.clause or "",
            children=tuple(indicator(child) for child in part.children),
            fact=part.fact,
            scale=part.scale,
        )

    return Sheet(
        key=key,
        title=say(declared.title),
        total=declared.total,
        indicators=tuple(indicator(part) for part in declared.indicators),
        heading=say(declared.heading),
        note=say(declared.note),
        clause=declared.clause or "",
    )
