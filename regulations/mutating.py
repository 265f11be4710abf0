"""How a copy of a profile's plain content is broken at a place: a figure shifted, a word replaced, a key left out."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]
# (name, clauses, kind, detail, data), as `regulations.mutation.Mutant` takes them.
Broken = tuple[str, tuple[str, ...], str, str, dict]


def copied(data: Any) -> Any:
    """A copy of plain content, several times as fast as copy.deepcopy."""
    return pickle.loads(pickle.dumps(data))  # noqa: S301 - what was pickled a moment before


def at(data: Any, path: Path) -> Any:
    """What stands at a place, None where nothing does."""
    for part in path:
        there = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int)
        data = data[part] if there else None
    return data


def replaced(data: dict, path: Path, value: Any) -> dict:
    """A copy with another value at a place."""
    changed = copied(data)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(data: dict, path: Path) -> dict:
    """A copy without what stands at a place."""
    changed = copied(data)
    del at(changed, path[:-1])[path[-1]]
    return changed


def clauses_of(spec: dict) -> tuple[str, ...]:
    """The clauses that a part of the content names; none where it is the house's own."""
    own = spec.get("clause") or spec.get("source")
    return () if spec.get("local") else tuple(clause for clause in (own, *(spec.get("also") or ())) if clause)


def shifted(
    data: dict, path: Path, name: str, clauses: tuple[str, ...], kind: str, least: int | None = None
) -> Iterator[Broken]:
    """A figure one step less and one more, not below `least`; nothing where none is written there.

    Where a setting gives it, the setting's value is shifted (a choice is changed, a yes turned into a no): local figures
    are the regulation's words as long as nobody entered another.
    """
    value = at(data, path)
    if isinstance(value, dict) and set(value) == {"setting"}:
        yield from _setting(data, value["setting"], clauses, kind)
        return
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return
    for step in (-1, 1):
        moved = stepped(value, step)
        if (least is not None and moved < least) or (path[-1] == "month" and moved > 12):
            continue
        yield name, clauses, kind, f"{path[-1]} {'+' if step > 0 else '-'}", replaced(data, path, moved)


def _setting(data: dict, key: str, clauses: tuple[str, ...], kind: str) -> Iterator[Broken]:
    spec, path, name = data["settings"][key], ("settings", key, "value"), f"setting {key}"
    value = spec.get("value")
    cited = (spec["clause"],) if spec.get("clause") else clauses
    if isinstance(value, bool):
        yield name, cited, kind, "turned round", replaced(data, path, not value)
    elif isinstance(value, str):
        for option in spec.get("options") or ():
            if option["code"] != value:
                yield name, cited, kind, f"value {option['code']}", replaced(data, path, option["code"])
    elif isinstance(value, int):
        for step in (-1, 1):
            if spec.get("min", value - 1) <= value + step <= spec.get("max", value + 1):
                yield name, cited, kind, f"value {'+' if step > 0 else '-'}", replaced(data, path, value + step)


def stepped(value: Any, step: int) -> Any:
    """The value one step on: 1 for whole numbers, one in the last place for decimals."""
    if isinstance(value, int):
        return value + step
    number = Decimal(str(value))
    moved = number + step * Decimal(1).scaleb(number.as_tuple().exponent)
    return str(moved) if isinstance(value, str) else float(moved)
