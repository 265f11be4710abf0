"""Broken copies of a profile, one per rule and way of breaking it: the suite must notice each of them.

`python manage.py mutate` runs the marked tests over each mutant and reports those that nobody noticed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regulations import loader
from regulations.predicates import PREDICATES
from regulations.schema import Profile


@dataclass(frozen=True)
class Mutant:
    """One broken copy: which rule, how it was broken, and the content to load instead."""

    rule: str
    clause: str
    kind: str
    detail: str
    data: dict[str, Any]

    @property
    def content(self) -> str:
        """The content as a version keeps it."""
        return loader.canonical(self.data)


def mutants(profile: Profile, data: dict[str, Any]) -> Iterator[Mutant]:
    """For each rule of a profile: it removed; each of its bounds shifted by the least step, both ways.

    `data` is the profile's plain content (`Loaded.source.data`, or the JSON of a version). A bound that stands at a
    leaf or a setting is shifted there. Both ways: too strict as well as too mild must be noticed.
    """
    for number, rule in enumerate(profile.rules):
        removed = copy.deepcopy(data)
        del removed["rules"][number]
        yield Mutant(rule.key, rule.clause or "", "removed", "", removed)
        for name in PREDICATES[rule.predicate].bounds:
            value = rule.params.get(name)
            if value is None:
                continue
            for step in (-1, 1):
                shifted = _shift(data, number, name, value, step)
                if shifted is not None:
                    detail = f"{name} {'+' if step > 0 else '-'}"
                    yield Mutant(rule.key, rule.clause or "", "bound", detail, shifted)
        if (
            "values" in rule.params
            and isinstance(rule.params["values"], list)
            and len(rule.params["values"]) > 1
        ):
            for gone in rule.params["values"]:
                fewer = copy.deepcopy(data)
                fewer["rules"][number]["params"]["values"].remove(gone)
                yield Mutant(rule.key, rule.clause or "", "value", f"without {gone}", fewer)


def _shift(data: dict, number: int, name: str, value: Any, step: int) -> dict | None:
    """The content with one bound shifted, or None where it has no value to shift."""
    copied = copy.deepcopy(data)
    if isinstance(value, dict):
        holder, key = _place(copied, value)
        if holder is None:
            return None
    else:
        holder, key = copied["rules"][number]["params"], name
    present = holder[key]
    if isinstance(present, bool) or not isinstance(present, int | float | str):
        return None
    holder[key] = _stepped(present, step)
    return copied


def _place(data: dict, ref: dict) -> tuple[dict | None, str]:
    """Where the value of a leaf or setting reference stands in the content."""
    if "setting" in ref:
        holder = data["settings"][ref["setting"]]
    else:
        holder = data
        for part in ref["leaf"].split("."):
            holder = holder.get(part) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or holder.get("value") is None:
        return None, ""
    return holder, "value"


def _stepped(value: Any, step: int) -> Any:
    """The value one step on: 1 for whole numbers, one in the last place for decimals."""
    if isinstance(value, int):
        return value + step
    number = Decimal(str(value))
    found = number + step * Decimal(1).scaleb(number.as_tuple().exponent)
    return str(found) if isinstance(value, str) else float(found)
