"""Gates: the named moments at which rules are asked, and the kind of case they are asked of.

Each room declares the gates that its own code asks. Two families carry a suffix: `step.complete:<step key>` is asked
with the case on whose route the step stands, `record.save:<record type>` with the case the record is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulations import vocabulary

STEP, RECORD = "step.complete", "record.save"
FAMILIES = {STEP: _("办结环节时"), RECORD: _("保存记录时")}
PANEL = "assignment.create"


@dataclass(frozen=True)
class Gate:
    """A gate: its code, when it is asked in words, and the kinds of case it is asked of."""

    code: str
    title: Any
    cases: tuple[str, ...]


CATALOGUE: dict[str, Gate] = {}


def declare(code: str, title: Any, *cases: str) -> None:
    """Declare a gate. Raises ValueError for one that is declared already."""
    if code in CATALOGUE:
        raise ValueError(f"gate {code} is declared twice")
    CATALOGUE[code] = Gate(code, title, cases)


# Kinds of case that keep the records under a regulation without bases.
WITHOUT_BASES: list[str] = []


def knows_bases(profile: Any) -> bool:
    """Whether a regulation knows bases: else its records are kept on the page of what was applied for."""
    return profile.recognition is not None


def split(name: str) -> tuple[str, str]:
    """Family and suffix of a gate's name; no suffix for a gate that stands alone."""
    family, _sep, suffix = name.partition(":")
    return family, suffix


def known(name: str) -> bool:
    """Whether there is such a gate: a declared one, or one of a family with a suffix."""
    family, suffix = split(name)
    return name in CATALOGUE or (family in (*FAMILIES, PANEL) and bool(suffix))


def subject() -> str:
    """The kind of case that a base's records are about, and so whatever follows for the base."""
    return CATALOGUE[RECORD].cases[0]


def cases_at(profile: Any, name: str) -> Iterable[str]:
    """Kinds of case that the gate is asked of under a profile.

    Assigning an expert is asked of whatever case has a panel on its route, with a suffix of that kind alone.
    Raises KeyError for an unknown gate.
    """
    family, suffix = split(name)
    if family == STEP:
        return [kind for kind, steps in profile.routes.items() if any(step.key == suffix for step in steps)]
    if family == PANEL:
        with_panel = [kind for kind, steps in profile.routes.items() if any(step.kind == "panel" for step in steps)]
        return [kind for kind in with_panel if suffix in ("", kind)]
    if family == RECORD and (own := profile.records.get(suffix)) is not None:
        page = vocabulary.RECORD_PAGES.get(own.subject)
        if page:
            return (page,)
        return WITHOUT_BASES if WITHOUT_BASES and not knows_bases(profile) else CATALOGUE[RECORD].cases
    return CATALOGUE[RECORD if family == RECORD else name].cases
