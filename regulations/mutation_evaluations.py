"""Broken copies of what a profile says about evaluations: bands, sheets, cadences, consequences, rectifications."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Path = tuple[str | int, ...]
# (name, clauses, kind, detail, data), as `regulations.mutation.Mutant` takes them.
Broken = tuple[str, tuple[str, ...], str, str, dict]

# Figures of a consequence, and of a kind of evaluation by where they stand.
FIGURES = ("amount", "years", "months")
CADENCES: tuple[Path, ...] = (
    ("opens", "yearly", "month"),
    ("opens", "every", "years"),
    ("opens", "every", "months"),
    ("min_months",),
)


def broken(data: dict[str, Any]) -> Iterator[Broken]:
    """Every broken copy: `band`, `sheet`, `cadence` and `effect` shifted or left out, both ways where there are two."""
    for key, spec in (data.get("evaluations") or {}).items():
        yield from _evaluation(data, key, spec)
    for key, spec in (data.get("rectifications") or {}).items():
        yield from _rectification(data, key, spec)
    for key, spec in (data.get("sheets") or {}).items():
        yield from _sheet(data, key, spec)
    for key, spec in (data.get("grants") or {}).items():
        yield from _shifted(data, ("grants", key, "amount"), f"grant {key}", _clauses(spec), "effect")


def _evaluation(data: dict, key: str, spec: dict) -> Iterator[Broken]:
    path: Path = ("evaluations", key)
    own = _clauses(spec)
    for place in CADENCES:
        yield from _shifted(data, (*path, *place), f"evaluation {key}", own, "cadence")
    for number, band in enumerate((spec.get("grading") or {}).get("bands") or ()):
        if band["from"] != 0:
            place = (*path, "grading", "bands", number, "from")
            yield from _shifted(data, place, f"{key} {band['grade']}", _clauses(band) or own, "band")
    for grade, consequences in (spec.get("consequences") or {}).items():
        yield from _consequences(data, (*path, "consequences", grade), f"{key} {grade}", consequences)
    if row := spec.get("in_a_row"):
        name = f"{key} in a row"
        yield from _shifted(data, (*path, "in_a_row", "times"), name, _clauses(row) or own, "cadence", least=2)
        yield from _consequences(data, (*path, "in_a_row", "consequences"), name, row["consequences"], keep=True)


def _rectification(data: dict, key: str, spec: dict) -> Iterator[Broken]:
    path: Path = ("rectifications", key)
    for unit in ("years", "months"):
        if isinstance(spec.get("period"), dict):
            yield from _shifted(data, (*path, "period", unit), f"rectification {key}", _clauses(spec), "cadence")
    for end in ("passed", "failed"):
        yield from _consequences(data, (*path, end), f"rectification {key} {end}", spec.get(end) or [])


def _consequences(data: dict, path: Path, name: str, listed: list, keep: bool = False) -> Iterator[Broken]:
    """Each consequence left out, its figures shifted. `keep`: one must stay."""
    for number, effect in enumerate(listed):
        clauses, what = _clauses(effect), f"{name} {effect['effect']}"
        if not clauses:
            continue
        if not keep or len(listed) > 1:
            fewer = copy.deepcopy(data)
            del _at(fewer, path)[number]
            yield what, clauses, "effect", f"{number} left out", fewer
        for figure in FIGURES:
            yield from _shifted(data, (*path, number, figure), what, clauses, "effect")


def _sheet(data: dict, key: str, spec: dict) -> Iterator[Broken]:
    """Each leaf with a point more or less, and with it its groups and the total: the sheet still adds up."""

    def leaves(indicators: list, path: Path) -> Iterator[tuple[Path, dict]]:
        for number, indicator in enumerate(indicators):
            place = (*path, number)
            if indicator.get("children"):
                yield from leaves(indicator["children"], (*place, "children"))
            else:
                yield place, indicator

    for place, leaf in leaves(spec["indicators"], ("sheets", key, "indicators")):
        for step in (-1, 1):
            if leaf["points"] + step <= 0:
                continue
            copied = copy.deepcopy(data)
            for end in range(len(place) + 1):
                holder = _at(copied, place[:end])
                if isinstance(holder, dict) and "points" in holder:
                    holder["points"] += step
            copied["sheets"][key]["total"] += step
            detail = f"points {'+' if step > 0 else '-'}"
            yield f"sheet {key} {leaf['key']}", _clauses(leaf), "sheet", detail, copied


def _shifted(
    data: dict, path: Path, name: str, clauses: tuple[str, ...], kind: str, least: int | None = None
) -> Iterator[Broken]:
    """A figure one step less and one more; nothing where none is written there, or a setting gives it."""
    holder = _at(data, path[:-1])
    value = holder.get(path[-1]) if isinstance(holder, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return
    for step in (-1, 1):
        moved = _moved(value, step)
        if (least is not None and moved < least) or moved <= 0 or (path[-1] == "month" and moved > 12):
            continue
        copied = copy.deepcopy(data)
        _at(copied, path[:-1])[path[-1]] = moved
        yield name, clauses, kind, f"{path[-1]} {'+' if step > 0 else '-'}", copied


def _moved(value: Any, step: int) -> int | float:
    if isinstance(value, int):
        return value + step
    number = Decimal(str(value))
    return float(number + step * Decimal(1).scaleb(number.as_tuple().exponent))


def _at(data: Any, path: Path) -> Any:
    """What stands at a place, None where nothing does."""
    for part in path:
        there = part in data if isinstance(data, dict) else isinstance(data, list)
        data = data[part] if there else None
    return data


def _clauses(spec: dict) -> tuple[str, ...]:
    own = spec.get("clause") or spec.get("source")
    return () if spec.get("local") else tuple(clause for clause in (own, *(spec.get("also") or ())) if clause)
