"""Why a grade is what it is: typed lines in the order in which they were found. `plain` makes them JSON, `words` sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar


@dataclass(frozen=True)
class Reason:
    """One line; `kind` is its word in JSON."""

    kind: ClassVar[str] = ""

    def plain(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"kind": self.kind, **_plain(asdict(self))}


@dataclass(frozen=True)
class SheetScore(Reason):
    """The total of one sheet; `counted` is what it counts for once each sheet was rounded. Sheets are numbered from 1: who
    handed them in is nobody's business here."""

    kind: ClassVar[str] = "sheet"
    number: int
    expert_kind: str
    total: Decimal
    counted: Decimal


@dataclass(frozen=True)
class TooFew(Reason):
    """There are fewer sheets than are needed: nothing is graded."""

    kind: ClassVar[str] = "too_few"
    have: int
    needed: int


@dataclass(frozen=True)
class NoWeight(Reason):
    """Sheets cannot be weighted: `without_weight` are kinds of expert that have none, `without_sheet` kinds that handed in
    nothing."""

    kind: ClassVar[str] = "no_weight"
    without_weight: tuple[str, ...]
    without_sheet: tuple[str, ...]


@dataclass(frozen=True)
class Missing(Reason):
    """Settings that nobody has given a value."""

    kind: ClassVar[str] = "missing"
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Combined(Reason):
    """The sheets made one score: how, which sheets were left out, with which weights."""

    kind: ClassVar[str] = "combined"
    how: str
    value: Fraction
    left_out: tuple[int, ...]
    weights: tuple[tuple[str, Decimal], ...]
    clause: str


@dataclass(frozen=True)
class Rounded(Reason):
    """A score was rounded, in a mode, at a place of the order."""

    kind: ClassVar[str] = "rounded"
    before: Fraction
    after: Decimal
    places: int
    mode: str
    when: str
    clause: str


@dataclass(frozen=True)
class InBand(Reason):
    """The score lies in a band: from (included) up to below (not included; None for the highest)."""

    kind: ClassVar[str] = "band"
    score: Fraction
    grade: str
    from_: Decimal
    below: Decimal | None
    clause: str


@dataclass(frozen=True)
class OutOfBands(Reason):
    """The score lies below every band."""

    kind: ClassVar[str] = "no_band"
    score: Fraction
    lowest: Decimal


@dataclass(frozen=True)
class Checked(Reason):
    """A condition of a grade: whether it is met, on which facts (key, value) or on how many experts' answers."""

    kind: ClassVar[str] = "condition"
    grade: str
    key: str
    title: str
    met: bool
    facts: tuple[tuple[str, Any], ...]
    agree: int | None
    asked: int | None
    share: str
    clause: str


@dataclass(frozen=True)
class Lowered(Reason):
    """A grade whose conditions are not all met gives way to a lower one."""

    kind: ClassVar[str] = "lowered"
    grade: str
    to: str
    unmet: tuple[str, ...]


@dataclass(frozen=True)
class VetoChecked(Checked):
    """A veto: whether it holds (`met`), on what, and what it lets stand."""

    kind: ClassVar[str] = "veto"


@dataclass(frozen=True)
class Decided(Reason):
    """The regulation computes no grade: somebody decides."""

    kind: ClassVar[str] = "decided"


@dataclass(frozen=True)
class Given(Reason):
    """The grade."""

    kind: ClassVar[str] = "grade"
    grade: str


def number_text(value: Fraction | Decimal) -> str:
    """A number as it is written: exactly where it has an end, else to six decimals and …"""
    exact = Fraction(value)
    rest = exact.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if isinstance(value, Decimal):
        return format(value, "f")
    if rest == 1:
        text = format(Decimal(exact.numerator) / Decimal(exact.denominator), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    cut = exact.numerator * 10**6 // exact.denominator
    return f"{cut // 10**6}.{cut % 10**6:06d}…"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set):
        return [_plain(item) for item in value]
    if isinstance(value, Fraction | Decimal):
        return number_text(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
