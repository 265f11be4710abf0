"""Comparisons of `when` conditions as plain functions: what a value is compared with, and how conditions combine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from regulations.schema.route import Condition


def holds(condition: Condition | None, value_of: Callable[[Condition], Any]) -> bool:
    """Whether a condition holds. `value_of` gives the value of the fact or setting that a comparison names; no condition
    holds always."""
    if condition is None:
        return True
    if condition.all_ is not None:
        return all(holds(part, value_of) for part in condition.all_)
    if condition.any_ is not None:
        return any(holds(part, value_of) for part in condition.any_)
    if condition.not_ is not None:
        return not holds(condition.not_, value_of)
    return compare(condition, value_of(condition))


def compare(condition: Condition, value: Any) -> bool:
    """Whether a value passes the comparison of a condition."""
    if condition.present is not None:
        return condition.present == (value not in (None, "", [], {}))
    if condition.equals is not None:
        return same(value, condition.equals)
    if condition.not_equals is not None:
        return not same(value, condition.not_equals)
    if condition.in_ is not None:
        return any(same(value, wanted) for wanted in condition.in_)
    if value is None:
        return False
    if condition.gte is not None:
        return value >= _bound(value, condition.gte)
    return value <= _bound(value, condition.lte)


def same(value: Any, wanted: Any) -> bool:
    """Whether a typed value equals one written in a profile; a list equals what it contains, nothing equals nothing."""
    if isinstance(value, list):
        return wanted in value
    if value is None or isinstance(value, bool) != isinstance(wanted, bool):
        return False
    try:
        return value == like(value, wanted)
    except (ValueError, ArithmeticError):
        return False


def like(value: Any, bound: Any) -> Any:
    """A bound of a profile in the type of the value it is compared with."""
    if isinstance(value, dt.date) and isinstance(bound, str):
        return dt.date.fromisoformat(bound)
    if isinstance(value, Decimal):
        return Decimal(str(bound))
    return bound


def _bound(value: Any, bound: Any) -> Any:
    if isinstance(value, dt.date):
        return bound if isinstance(bound, dt.date) else dt.date.fromisoformat(str(bound))
    # A count is compared with 2.5 as it stands: `int(2.5)` would move the bound.
    return Decimal(str(bound)) if isinstance(value, Decimal | int) else type(value)(bound)
