"""Broken copies of what follows from a grade, a decision or an event: consequences and grants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regulations import vocabulary
from regulations.mutating import Broken, Path, at, clauses_of, replaced, shifted, without

FIGURES = ("amount", "years", "months")


def broken(data: dict[str, Any]) -> Iterator[Broken]:
    """Every consequence and grant left out or changed in what it says, one thing at a time."""
    for key, spec in (data.get("evaluations") or {}).items():
        path: Path = ("evaluations", key)
        for grade, listed in (spec.get("consequences") or {}).items():
            yield from _listed(data, (*path, "consequences", grade), f"{key} {grade}", listed, spec)
        if row := spec.get("in_a_row"):
            yield from _listed(
                data, (*path, "in_a_row", "consequences"), f"{key} in a row", row["consequences"], spec, keep=True
            )
    for key, spec in (data.get("rectifications") or {}).items():
        for end in ("passed", "failed"):
            name = f"rectification {key} {end}"
            yield from _listed(data, ("rectifications", key, end), name, spec.get(end) or [], spec)
    for kind in ("incident", "withdrawal"):
        if spec := data.get(kind):
            yield from _listed(data, (kind, "consequences"), kind, spec.get("consequences") or [], spec)
            yield from shifted(data, (kind, "remind_days"), kind, clauses_of(spec), "cadence", 1)
    for key, spec in (data.get("grants") or {}).items():
        yield from _grant(data, ("grants", key), f"grant {key}", spec)
        yield from _listed(data, ("grants", key, "consequences"), f"grant {key}", spec.get("consequences") or [], spec)


def _listed(data: dict, path: Path, name: str, listed: list, holder: dict, keep: bool = False) -> Iterator[Broken]:
    """The consequences of one thing. `keep`: at least one has to stay there."""
    for number, effect in enumerate(listed):
        cited, place = clauses_of(effect), (*path, number)
        what = f"{name} {effect['effect']}"
        if not cited:
            continue
        if not keep or len(listed) > 1:
            yield what, cited, "effect", f"{number} left out", without(data, place)
        for detail, changed in _changes(data, place, effect, holder):
            yield what, cited, "effect", f"{number} {detail}", changed
        for figure in FIGURES:
            yield from shifted(data, (*place, figure), what, cited, "effect", 1)


def _changes(data: dict, path: Path, effect: dict, holder: dict) -> Iterator[tuple[str, dict]]:
    """One thing that a consequence says, said otherwise; the profile stays one that loads."""
    start = effect.get("from", "confirmed")
    for word in vocabulary.EFFECT_FROM:
        if word != start and not (word == "published" and effect.get("automatic")):
            yield f"from {word}", replaced(data, (*path, "from"), word)
    if effect.get("until"):
        changed = without(data, (*path, "until"))
        at(changed, path).pop("renewal", None)
        yield "without until", changed
    if effect.get("renewal"):
        yield "without renewal", without(data, (*path, "renewal"))
    if effect.get("automatic") and holder.get("unit") and holder.get("role"):
        changed = without(data, (*path, "automatic"))
        at(changed, path)["confirm"] = {"unit": holder["unit"], "role": holder["role"]}
        yield "to be confirmed", changed
    if effect.get("confirm") and start != "published":
        changed = without(data, (*path, "confirm"))
        at(changed, path)["automatic"] = True
        yield "automatic", changed
    if effect.get("lifts"):
        yield "lifts nothing", without(data, (*path, "lifts"))
    if effect.get("reason"):
        other = next(word for word in vocabulary.END_REASONS if word != effect["reason"])
        yield f"reason {other}", replaced(data, (*path, "reason"), other)
    if effect.get("when"):
        yield "without when", without(data, (*path, "when"))
        if isinstance(effect["when"].get("equals"), bool):
            yield "when turned round", replaced(data, (*path, "when", "equals"), not effect["when"]["equals"])


def _grant(data: dict, path: Path, name: str, spec: dict) -> Iterator[Broken]:
    cited, aspects = clauses_of(spec), spec.get("aspects") or ()
    yield from shifted(data, (*path, "amount"), name, cited, "effect", 1)
    if spec.get("document"):
        yield name, cited, "effect", "without document", without(data, (*path, "document"))
    if aspects:
        changed = replaced(data, (*path, "open"), not spec.get("open", False))
        yield name, cited, "effect", "open turned round", changed
    for number, aspect in enumerate(aspects if len(aspects) > 1 else ()):
        fewer = without(data, (*path, "aspects", number))
        yield name, clauses_of(aspect) or cited, "effect", f"without {aspect['code']}", fewer
    if spec.get("when"):
        yield name, cited, "effect", "without when", without(data, (*path, "when"))
