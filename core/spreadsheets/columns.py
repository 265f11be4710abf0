"""What a spreadsheet's columns, rows and problems are; values as both writer and reader understand them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from core import text

Kind = Literal["text", "code", "integer", "decimal", "money", "date", "month", "datetime", "boolean"]


@dataclass(frozen=True)
class SheetColumn:
    """One column: key in the row mappings, title in the head, kind, width in characters (0: by kind).

    For reading: `required`; `pattern` (whole text must match) with `hint` in words; `choices` (titles or codes that
    may stand in the cell, mapped to the code that is stored); `unique` within the file; `max_chars`.
    A `code` (student number, degree code) is a text that must never have passed through a number.
    """

    key: str
    title: str
    kind: Kind = "text"
    width: float = 0
    required: bool = False
    pattern: str = ""
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    unique: bool = False
    max_chars: int = 0


class Problem(NamedTuple):
    """Something found in a file. row and column are 1-based as the user sees them; 0 and "" for the whole file."""

    category: str  # file, head, merged, number, spaces, required, format, choice, duplicate, length, formula
    message: str
    row: int = 0
    column: str = ""
    value: str = ""
    blocking: bool = True


class SheetRow(NamedTuple):
    """A row read: its number in the sheet and {column key: value}, None for an empty cell."""

    number: int
    values: dict[str, Any]


def to_number(value: Any) -> Decimal | None:
    """A finite decimal out of a number or its text; None if it is none."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def to_date(value: Any) -> dt.date | None:
    """A date out of a date, or of text as core.text.day and core.text.month read it (a month's is its first day)."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    month = text.month(str(value))
    return dt.date.fromisoformat(f"{month}-01") if month else text.day(str(value))
