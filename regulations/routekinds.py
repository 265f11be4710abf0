"""Which kinds of case run on a route that the profile declares below `routes`, and what such a route may say.

A room registers the kinds of case it owns (`applications/routes.py`, `bases/routes.py`): stages in order, the kinds of
step and acting units that make sense there, and the gates at which its rules are asked. The schema, the checks and the
reading pages know no kind by name. A kind of case whose route no room registered has no place in a profile. Kinds of
step, the persons that steps name and the cases that steps may wait for are entered by the rooms that know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regulations import gates, vocabulary


@dataclass(frozen=True)
class RouteKind:
    """A kind of case with a route: `routes.<case>` in the profile.

    `case`: kind of case, as the model's `case_kind`. `title`: what people call the route. `stages`: the machine's
    stages in order, code -> word. `gates`: gates asked with such a case, code -> when that is. `without`: kinds of step
    that other routes have and that mean nothing here. `units`: unit columns its steps may have. `tracks`: what its
    steps may be limited to by `tracks:`, as a function of the profile that gives key -> title; none where they belong
    to every case of the kind. `forms`: what the case puts together itself instead of taking it from the profile's
    forms, form -> its own sections; a step may confirm one of them. `order`: its place among the routes of a reading
    page, the lowest first.
    """

    case: str
    title: Any
    stages: Mapping[str, Any]
    gates: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset(vocabulary.UNIT_COLUMNS)
    tracks: Callable[[Any], Mapping[str, Any]] = lambda profile: {}
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    order: int = 9

    @property
    def step_kinds(self) -> list[str]:
        """Codes of the kinds of step that such a route may have."""
        return [code for code, word in STEPS.items() if code not in self.without and word.fits(self.case)]


@dataclass(frozen=True)
class StepWord:
    """A kind of step as profiles name it: its title, the kinds of case on whose routes it makes sense (none: on every
    route), the key of the step that goes with this kind and no other, whether somebody without an account may close it
    by a link (`by_link`), and its outcomes by code."""

    title: Any
    routes: tuple[str, ...] = ()
    key: str = ""
    by_link: bool = False
    outcomes: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, case: str) -> bool:
        return not self.routes or case in self.routes


KINDS: dict[str, RouteKind] = {}
# Words of `person:` by kind of case ("" = every kind), entered by the rooms that know the people: word -> title.
PERSONS: dict[str, dict[str, Any]] = {}
# Kinds of step by code, entered by their classes (`casework.steps.kind`).
STEPS: dict[str, StepWord] = {}
# Which cases find each other, entered with `casework.steps.waiting.link`: kind of case -> whose steps may wait for it
# ("" = of every kind).
LINKS: dict[str, set[str]] = {}


def persons(case: str) -> dict[str, Any]:
    """The words that a step of a kind of case may name a person by."""
    return PERSONS.get("", {}) | PERSONS.get(case, {})


def awaitable(case: str) -> list[str]:
    """The kinds of case that a step of such a route may wait for."""
    return sorted(kind for kind, waiters in LINKS.items() if waiters & {"", case})


def register(kind: RouteKind) -> RouteKind:
    """Register a kind of route with its gates. Raises ValueError for a kind of case or a gate registered already."""
    if kind.case in KINDS:
        raise ValueError(f"the route of {kind.case} is registered twice")
    for code, title in kind.gates.items():
        gates.declare(code, title, kind.case)
    KINDS[kind.case] = kind
    return kind


def in_order() -> list[RouteKind]:
    """All kinds of route, as a reading page shows them."""
    return sorted(KINDS.values(), key=lambda kind: kind.order)


def withdraw(case: str) -> None:
    """Take a kind of route out again, for tests that register one. Raises KeyError."""
    for code in KINDS.pop(case).gates:
        del gates.CATALOGUE[code]
