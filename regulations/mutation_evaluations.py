"""Broken copies of what a profile says about evaluations: bands, grades, sheets, cadences, rectifications.

What follows from them (consequences, grants) is broken by `mutation_effects`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from regulations import mutation_effects, vocabulary
from regulations.mutating import Broken, Path, at, clauses_of, copied, replaced, shifted, without
from regulations.schema.grading import ROUNDED_WHEN, ROUNDING_MODES

# Figures of a kind of evaluation by where they stand, and the least value that each takes.
CADENCES: tuple[tuple[Path, int], ...] = (
    (("opens", "yearly", "month"), 1),
    (("opens", "yearly", "day"), 1),
    (("opens", "every", "years"), 1),
    (("opens", "every", "months"), 1),
    (("min_months",), 0),
    (("window", "days"), 1),
    (("window", "months"), 1),
    (("remind_days",), 1),
)
# What counts from the last evaluation names its kinds, so no other word could stand there, or it elsewhere.
CLOCKS = tuple(word for word in vocabulary.EVALUATION_CLOCKS if word != "evaluation")  # no case: the word of a clock
ANCHORS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (("opens", "every", "from"), CLOCKS),
    (("opens", "after"), tuple(vocabulary.EVALUATION_ENDS)),
)


def broken(data: dict[str, Any]) -> Iterator[Broken]:
    """Every broken copy: `band`, `sheet`, `cadence` and `effect` shifted, replaced or left out, both ways where there
    are two. A figure that a setting gives is shifted there, once."""
    seen: set[tuple] = set()
    for copy in _all(data):
        what = (copy[0], copy[3])
        if copy[1] and not (copy[0].startswith("setting ") and what in seen):
            yield copy
        seen.add(what)


def _all(data: dict[str, Any]) -> Iterator[Broken]:
    for key, spec in (data.get("evaluations") or {}).items():
        yield from _evaluation(data, key, spec)
    for key, spec in (data.get("rectifications") or {}).items():
        yield from _rectification(data, key, spec)
    for key, spec in (data.get("sheets") or {}).items():
        yield from _sheet(data, key, spec)
    yield from mutation_effects.broken(data)


def _evaluation(data: dict, key: str, spec: dict) -> Iterator[Broken]:
    path: Path = ("evaluations", key)
    own, name = clauses_of(spec), f"evaluation {key}"
    for place, least in CADENCES:
        yield from shifted(data, (*path, *place), name, own, "cadence", least)
    for place, words in ANCHORS:
        present = at(spec, place)
        if present in words:
            for word in words:
                if word != present:
                    detail = f"{place[-1]} {word}"
                    yield name, own, "cadence", detail, replaced(data, (*path, *place), word)
    others = at(spec, ("opens", "every", "of")) or ()
    for number, other in enumerate(others if len(others) > 1 else ()):
        yield name, own, "cadence", f"not of {other}", without(data, (*path, "opens", "every", "of", number))
    if spec.get("members"):
        yield name, own, "cadence", "without members", without(data, (*path, "members"))
    for number, grade in enumerate(spec["grades"]):
        flipped = replaced(data, (*path, "grades", number, "passed"), not grade["passed"])
        yield f"{key} {grade['code']}", clauses_of(grade), "band", "passed turned round", flipped
    if grading := spec.get("grading"):
        yield from _grading(data, (*path, "grading"), key, own, grading)
    if row := spec.get("in_a_row"):
        yield from _row(data, (*path, "in_a_row"), f"{key} in a row", clauses_of(row) or own, row)


def _grading(data: dict, path: Path, key: str, own: tuple[str, ...], spec: dict) -> Iterator[Broken]:
    for number, band in enumerate(spec.get("bands") or ()):
        if band["from"] != 0:
            place = (*path, "bands", number, "from")
            yield from shifted(data, place, f"{key} {band['grade']}", clauses_of(band) or own, "band", 0)
    combine = spec.get("combine") or {}
    cited, name = clauses_of(combine) or own, f"{key} grading"
    yield from shifted(data, (*path, "combine", "trim"), name, cited, "band", 1)
    yield from shifted(data, (*path, "combine", "how"), name, cited, "band", 0)  # where a setting says how
    yield from shifted(data, (*path, "min_sheets"), name, cited, "band", 1)
    rounding = spec.get("rounding") or []
    for number, row in enumerate(rounding if isinstance(rounding, list) else [rounding]):
        place = (*path, "rounding", number) if isinstance(rounding, list) else (*path, "rounding")
        yield from shifted(data, (*place, "places"), name, cited, "band", 0)
        for part, words, silent in (("mode", ROUNDING_MODES, "half_up"), ("when", ROUNDED_WHEN, None)):
            for word in words:
                if part == "when" and (word == "sheets" or row.get("mode") == "down"):
                    continue  # sheets alone do not load; a mean cut off meets the bands as the exact one does
                if word != row.get(part, silent):
                    yield name, cited, "band", f"rounding {part} {word}", replaced(data, (*place, part), word)


def _row(data: dict, path: Path, name: str, own: tuple[str, ...], spec: dict) -> Iterator[Broken]:
    """Failures one after the other: how many, of which kinds."""
    yield from shifted(data, (*path, "times"), name, own, "cadence", 2)
    for number, kind in enumerate(spec["count"] if len(spec["count"]) > 1 else ()):
        yield name, own, "cadence", f"without {kind}", without(data, (*path, "count", number))
    for kind in spec.get("count_if") or {}:
        yield from shifted(data, (*path, "count_if", kind), name, own, "cadence", 0)
        yield name, own, "cadence", f"without {kind}", without(data, (*path, "count_if", kind))


def _rectification(data: dict, key: str, spec: dict) -> Iterator[Broken]:
    path: Path = ("rectifications", key)
    own, name = clauses_of(spec), f"rectification {key}"
    for unit in ("years", "months"):
        cited = clauses_of(spec.get("period") or {}) or own
        yield from shifted(data, (*path, "period", unit), name, cited, "cadence", 1)
    for bound in ("before", "reevaluation"):
        if spec.get(bound):
            yield name, own, "cadence", f"without {bound}", without(data, (*path, bound))


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
            if Decimal(str(leaf["points"])) + step <= 0:
                continue
            changed = copied(data)
            for end in range(len(place) + 1):
                holder = at(changed, place[:end])
                if isinstance(holder, dict) and "points" in holder:
                    holder["points"] += step
            changed["sheets"][key]["total"] += step
            detail = f"points {'+' if step > 0 else '-'}"
            yield f"sheet {key} {leaf['key']}", clauses_of(leaf), "sheet", detail, changed
