"""How a predicate is declared: its parameters with types, its default message, its test.

A predicate is a function `(p, ctx)` that yields a `Miss` for everything that does not hold; nothing yielded = it
holds. The loader checks a rule's parameters against the declaration, so that a wrong type, an unknown fact or a
column that does not exist is refused with file and line before any case meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

TEXTUAL = frozenset({"text"})
NUMERIC = frozenset({"integer", "decimal", "money"})
DATED = frozenset({"date"})
TIMED = DATED | {"moment"}
CODED = frozenset({"code", "codes", "text", "organisation"})
COUNTED = frozenset({"table", "codes", "file", "checklist"})
LISTED = frozenset({"table"})
ANY = frozenset({"text", "organisation", "period", "file", "boolean", "checklist"}) | NUMERIC | TIMED | CODED | COUNTED


@dataclass(frozen=True)
class Miss:
    """One thing that does not hold: what was seen, and where to mend it."""

    actual: Any = None
    seen: dict[str, Any] = field(default_factory=dict)
    fact: str = ""
    row: int | None = None
    message: str = ""


@dataclass(frozen=True)
class Param:
    """A declared parameter.

    `kind`: fact (a fact reference), facts (a list of them), number, value, values, column, codes, text, flag, where.
    `types`: fact types accepted; `of`: for a column, the parameter that names its table; for values and codes, the
    parameter whose options they must be among.
    """

    kind: str
    types: frozenset[str] = ANY
    required: bool = True
    of: str = ""


@dataclass(frozen=True)
class Predicate:
    """A predicate of the closed vocabulary."""

    name: str
    test: Callable[[dict, Any], Iterator[Miss]]
    params: dict[str, Param]
    label: Any
    message: Any
    one_of: tuple[tuple[str, ...], ...] = ()
    bounds: tuple[str, ...] = ()
    subject: tuple[str, ...] = ("fact",)


PREDICATES: dict[str, Predicate] = {}


def predicate(
    name: str,
    *,
    params: dict[str, Param],
    label: Any,
    message: Any,
    one_of: tuple[tuple[str, ...], ...] = (),
    bounds: tuple[str, ...] = (),
    subject: tuple[str, ...] = ("fact",),
) -> Callable:
    """Register a predicate.

    `one_of`: groups of parameters of which exactly one is given; `bounds`: numeric parameters whose shift changes
    what it says (mutation); `subject`: parameters that hold the fact it is about. Raises ValueError on a repetition.
    """

    def register(test: Callable) -> Callable:
        if name in PREDICATES:
            raise ValueError(f"predicate {name} is declared twice")
        PREDICATES[name] = Predicate(name, test, params, label, message, one_of, bounds, subject)
        return test

    return register


def facts_param(types: frozenset[str] = ANY, required: bool = True) -> Param:
    """A list of fact references."""
    return Param("facts", types, required)


def fact_param(types: frozenset[str] = ANY, required: bool = True) -> Param:
    """A fact reference."""
    return Param("fact", types, required)


NUMBER = Param("number")
OPTIONAL_NUMBER = Param("number", required=False)
WHERE = Param("where", required=False, of="table")


def column(types: frozenset[str], of: str = "table", required: bool = True) -> Param:
    """A column of the table named by another parameter."""
    return Param("column", types, required, of)


def empty(value: Any) -> bool:
    """Whether a value is nothing: None, blank text, an empty list, a period without an end."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, tuple):
        return any(part is None for part in value)
    if isinstance(value, list | dict):
        return not value
    return value is None


_ = gettext_lazy
