"""The fact catalogue: everything a rule may ask about a case.

A fact has a code, a type, a text for people and the kind of case it is about. It is *declared* here or beside its
provider, so that a profile can be checked before the room that provides it runs; each room registers the
providers of its own facts with `@fact(code, …)`. Form fields are facts by path (`form.<form>.<field>`) and need
no provider. A provider returns None where the thing does not exist; it never invents a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from regulations.vocabulary import FACT_TYPES

Provider = Callable[[Any, dt.date], Any]


class FactError(Exception):
    """A fact is unknown, has no provider, or was asked of a case it does not belong to: a fault in code."""


@dataclass(frozen=True)
class Fact:
    """One named fact. `cases`: kinds of case a gate may pass for it; `options`: labels of its codes."""

    code: str
    type: str
    text: str
    cases: tuple[str, ...]
    unit: str = ""
    options: dict[str, str] = field(default_factory=dict)
    provider: Provider | None = None


CATALOGUE: dict[str, Fact] = {}


def declare(
    code: str,
    type: str,
    text: str,
    case: str | Iterable[str],
    unit: str = "",
    options: dict[str, str] | None = None,
) -> None:
    """Declare a fact without its provider.

    Raises ValueError for an unknown type, a form path, or a code that is declared already.
    """
    if type not in FACT_TYPES:
        raise ValueError(f"fact {code}: unknown type {type}")
    if code.startswith("form."):
        raise ValueError(f"fact {code}: form fields are facts by themselves")
    if code in CATALOGUE:
        raise ValueError(f"fact {code} is declared twice")
    cases = (case,) if isinstance(case, str) else tuple(case)
    CATALOGUE[code] = Fact(code, type, text, cases, unit, dict(options or {}))


def fact(
    code: str,
    type: str | None = None,
    text: str = "",
    case: str | Iterable[str] = (),
    unit: str = "",
    options: dict[str, str] | None = None,
) -> Callable[[Provider], Provider]:
    """Register the decorated function `provider(case, on)` for a fact, declaring it if nobody has.

    Raises ValueError when the fact has a provider already or is declared with another type.
    """

    def register(provider: Provider) -> Provider:
        if code not in CATALOGUE:
            if type is None:
                raise ValueError(f"fact {code} is not declared: give type, text and case")
            declare(code, type, text, case, unit, options)
        known = CATALOGUE[code]
        if type is not None and type != known.type:
            raise ValueError(f"fact {code} is declared as {known.type}, not {type}")
        if known.provider is not None and known.provider.__qualname__ != provider.__qualname__:
            raise ValueError(f"fact {code} has a provider already")
        CATALOGUE[code] = replace(known, provider=provider)
        return provider

    return register


def unprovided() -> list[str]:
    """Codes of declared facts that no room provides: an empty list once the house is complete."""
    return sorted(code for code, known in CATALOGUE.items() if known.provider is None)
