"""Pages by key instead of by number: page 300 costs what page 1 costs.

A page begins after (or ends before) the sort value and primary key of a row. Orders are unique because the primary
key follows every sort field.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import decimal
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Q, QuerySet

from core.listing.spec import value_at


@dataclass(frozen=True)
class Order:
    """An order by one ORM path, then by primary key, both in the same direction."""

    path: str
    descending: bool = False
    nullable: bool = False

    def ordering(self, backwards: bool) -> list:
        """Arguments for `order_by`. Empty values come last, whichever the direction."""
        down = self.descending != backwards
        if self.path == "pk":
            return ["-pk" if down else "pk"]
        field = F(self.path)
        if self.nullable:
            first, last = (True, None) if backwards else (None, True)
            key = (
                field.desc(nulls_first=first, nulls_last=last)
                if down
                else field.asc(nulls_first=first, nulls_last=last)
            )
        else:
            key = field.desc() if down else field.asc()
        return [key, "-pk" if down else "pk"]

    def beyond(self, value: Any, pk: int, backwards: bool) -> Q:
        """Rows after (or, backwards, before) the row with this sort value and primary key."""
        op = "lt" if self.descending != backwards else "gt"
        past = Q(**{f"pk__{op}": pk})
        if self.path == "pk":
            return past
        if value is None:
            empty = Q(**{f"{self.path}__isnull": True}) & past
            return empty | Q(**{f"{self.path}__isnull": False}) if backwards else empty
        # The first condition lets the database start in the index; the second leaves out equals on the wrong side.
        condition = Q(**{f"{self.path}__{op}e": value}) & (Q(**{f"{self.path}__{op}": value}) | past)
        if self.nullable and not backwards:
            condition |= Q(**{f"{self.path}__isnull": True})
        return condition


def nullable(model: type, path: str) -> bool:
    """Whether the value at an ORM path may be empty; true for what is no field (an annotation)."""
    options = model._meta
    for part in path.split("__"):
        if part == "pk":
            return False
        try:
            field = options.get_field(part)
        except FieldDoesNotExist:
            return True
        if getattr(field, "null", False) or not field.concrete:
            return True
        if field.is_relation and field.related_model is not None:
            options = field.related_model._meta
    return False


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after a row, or before one. `skipped` rows stand before the page (for 序号 only)."""

    value: Any
    pk: int
    backwards: bool = False
    skipped: int = 0


def encode(value: Any, pk: int) -> str:
    """The key of a row as it stands in an address."""
    kinds = {
        dt.datetime: ("t", lambda v: v.isoformat()),
        dt.date: ("d", lambda v: v.isoformat()),
        decimal.Decimal: ("m", str),
        bool: ("b", bool),
        int: ("i", int),
        str: ("s", str),
        type(None): ("n", lambda v: None),
    }
    kind, write = kinds.get(type(value), ("s", str))
    text = json.dumps([kind, write(value), pk], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(text: str) -> tuple[Any, int]:
    """Read what `encode` wrote. Raises ValueError for anything else."""
    if len(text) > 2000:
        raise ValueError("too long")
    try:
        kind, value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        readers = {
            "t": dt.datetime.fromisoformat,
            "d": dt.date.fromisoformat,
            "m": decimal.Decimal,
            "b": bool,
            "i": int,
            "s": str,
            "n": lambda v: None,
        }
        pk = int(pk)
        parsed = readers[kind](value)
        if abs(pk) >= 2**63 or (kind == "i" and abs(parsed) >= 2**63) or (kind == "m" and not parsed.is_finite()):
            raise ValueError("out of range")
        if kind == "s" and "\x00" in parsed:
            raise ValueError("null character")
        return parsed, pk
    except (
        binascii.Error,
        UnicodeDecodeError,
        json.JSONDecodeError,
        KeyError,
        TypeError,
        ValueError,
        decimal.InvalidOperation,
        OverflowError,
    ) as error:
        raise ValueError("no cursor") from error


def read_cursor(params: Any) -> Cursor | None:
    """The cursor in a request's parameters; None for the first page, and for a text that is none."""
    backwards = "before" in params
    text = params.get("before") if backwards else params.get("after")
    if not text:
        return None
    try:
        value, pk = decode(text)
    except ValueError:
        return None
    skipped = params.get("n", "")
    return Cursor(value, pk, backwards, int(skipped) if skipped.isascii() and skipped.isdigit() else 0)


@dataclass
class Page:
    """One page of rows and the keys of its neighbours ("" where there is none)."""

    rows: list
    skipped: int
    before: str = ""
    after: str = ""

    @property
    def first_number(self) -> int:
        return self.skipped + 1

    @property
    def last_number(self) -> int:
        return self.skipped + len(self.rows)


def cut(queryset: QuerySet, order: Order, cursor: Cursor | None, size: int) -> Page:
    """One page of the queryset in this order. One query, without OFFSET."""
    backwards = bool(cursor and cursor.backwards)
    rows = queryset
    if cursor is not None:
        try:
            rows = rows.filter(order.beyond(cursor.value, cursor.pk, backwards))
        except (ValueError, TypeError, ValidationError):  # a key of another column's type: begin anew
            return cut(queryset, order, None, size)
    fetched = list(rows.order_by(*order.ordering(backwards))[: size + 1])
    more = len(fetched) > size
    fetched = fetched[:size]
    if backwards:
        fetched.reverse()
    if not fetched and cursor is not None:
        return cut(queryset, order, None, size)
    skipped = 0
    if cursor is not None:
        skipped = (max(cursor.skipped - len(fetched), 0) if more else 0) if backwards else cursor.skipped
    page = Page(fetched, skipped)
    if not fetched:
        return page
    has_before = more if backwards else cursor is not None
    has_after = True if backwards else more
    if has_before:
        page.before = encode(value_at(fetched[0], order.path), fetched[0].pk)
    if has_after:
        page.after = encode(value_at(fetched[-1], order.path), fetched[-1].pk)
    return page
