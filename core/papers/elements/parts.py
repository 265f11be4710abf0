"""What several elements are made of: labelled lines, options, places for signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

As = Literal["", "date", "month", "chinese_month", "year", "period", "money", "capital", "tick"]


@dataclass(frozen=True)
class Line:
    """A labelled line: `基地名称：______`. `hint` is printed small behind the label of a blank form."""

    label: str
    value: str = ""
    hint: str = ""
    format: As = ""


@dataclass(frozen=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True)
class Sign:
    """Place for one signature: label (empty: none), seal mark (empty: none), date line."""

    label: str = ""
    seal: str = ""
    date: bool = True
