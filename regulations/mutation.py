"""Broken copies of a profile, one per rule and way of breaking it: the suite must notice each of them.

`python manage.py mutate` runs the marked tests over each mutant and reports those that nobody noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regulations import loader, mutation_evaluations
from regulations.mutating import at, clauses_of, copied, replaced, stepped, without
from regulations.predicates import PREDICATES
from regulations.schema import Profile


@dataclass(frozen=True)
class Mutant:
    """One broken copy: which rule or field, how it was broken, and the content to load instead."""

    rule: str
    clauses: tuple[str, ...]
    kind: str
    detail: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.rule} {self.kind} {self.detail}".rstrip()

    @property
    def content(self) -> str:
        """The content as a version keeps it."""
        return loader.canonical(self.data)


def mutants(profile: Profile, data: dict[str, Any]) -> Iterator[Mutant]:
    """Every mutant of a profile. Kinds:

    removed: a rule taken out; gate: one of its gates, where it has several, or that of a record; bound: a bound shifted by the least
    step, both ways (at the leaf or setting, where it stands there); value: one of its codes left out;
    field: what a form field asks for (that it is filled in, its bounds) taken away or shifted; when: the condition of a
    rule taken out; strength: a rule that hinders made a warning, and the other way round; band, sheet, cadence, effect:
    what it says about evaluations and what follows from them (`mutation_evaluations`, `mutation_effects`).

    `data` is the profile's plain content (`Loaded.source.data`, or the JSON of a version). Both ways: too strict as
    well as too mild must be noticed.
    """
    yield from rule_mutants(profile, data)
    yield from record_mutants(data)
    yield from field_mutants(data)
    for name, clauses, kind, detail, changed in mutation_evaluations.broken(data):
        yield Mutant(name, clauses, kind, detail, changed)


# What hinders, made a hint, and what is only said, made to hinder.
STRENGTHS = {"hard": "encouraged", "default": "hard", "encouraged": "hard"}


def rule_mutants(profile: Profile, data: dict[str, Any]) -> Iterator[Mutant]:
    """The mutants of the rules."""
    for number, rule in enumerate(profile.rules):
        clauses = tuple(rule.clauses)
        yield Mutant(rule.key, clauses, "removed", "", without(data, ("rules", number)))
        for gate in rule.gate if len(rule.gate) > 1 else ():
            fewer = copied(data)
            fewer["rules"][number]["gate"].remove(gate)
            yield Mutant(rule.key, clauses, "gate", f"without {gate}", fewer)
        for name in PREDICATES[rule.predicate].bounds:
            value = rule.params.get(name)
            if value is None:
                continue
            for step in (-1, 1):
                shifted = _shift(data, number, name, value, step)
                if shifted is not None:
                    detail = f"{name} {'+' if step > 0 else '-'}"
                    yield Mutant(rule.key, clauses, "bound", detail, shifted)
        for gone in _codes(data, rule.params.get("values")):
            fewer = copied(data)
            _codes(fewer, fewer["rules"][number]["params"]["values"]).remove(gone)
            yield Mutant(rule.key, clauses, "value", f"without {gone}", fewer)
        if rule.when is not None:
            yield Mutant(rule.key, clauses, "when", "without when", without(data, ("rules", number, "when")))
        if other := STRENGTHS.get(rule.strength):
            changed = replaced(data, ("rules", number, "strength"), other)
            changed["rules"][number].pop("override", None)  # no case: a key of a rule
            yield Mutant(rule.key, clauses, "strength", f"{rule.strength} as {other}", changed)


def record_mutants(data: dict[str, Any]) -> Iterator[Mutant]:
    """The mutants of the records that a gate waits for: each without one of its gates."""
    for key, spec in (data.get("records") or {}).items():
        for number, gate in enumerate(spec.get("gates") or ()):
            fewer = without(data, ("records", key, "gates", number))
            yield Mutant(f"record {key}", clauses_of(spec), "gate", f"without {gate}", fewer)


def _codes(data: dict, values: Any) -> list:
    """The list of codes a rule names, in the rule or at a leaf; [] where there are not several."""
    if isinstance(values, dict):
        holder, key = _place(data, values)
        values = holder[key] if holder else []
    return values if isinstance(values, list) and len(values) > 1 else []


FIELD_BOUNDS = ("min_chars", "max_chars", "min", "max", "min_rows", "min_files")


def field_mutants(data: dict[str, Any]) -> Iterator[Mutant]:
    """The mutants of the form fields that a clause asks for; columns of tables included."""
    for form, spec in data.get("forms", {}).items():
        for path, field in _fields(spec):
            clauses = tuple(clause for clause in (field.get("clause"), *field.get("also", ())) if clause)
            if not clauses or field.get("local"):
                continue
            name = ".".join([form, *(str(key) for key in path[1])])
            if field.get("required"):
                yield Mutant(name, clauses, "field", "not required", _changed(data, form, path[0], required=False))
            for bound in FIELD_BOUNDS:
                value = field.get(bound)
                # A list that must be filled in has one row or file without saying so.
                if value is None or isinstance(value, bool) or (bound in ("min_rows", "min_files") and value < 2):
                    continue
                for step in (-1, 1):
                    moved = _changed(data, form, path[0], **{bound: stepped(value, step)})
                    yield Mutant(name, clauses, "field", f"{bound} {'+' if step > 0 else '-'}", moved)


def _fields(spec: dict) -> Iterator[tuple[tuple[list, list], dict]]:
    """The fields of a form and the columns of its tables, each with where it stands and what it is called."""
    for number, section in enumerate(spec.get("sections", ())):
        for index, field in enumerate(section.get("fields", ())):
            place = ["sections", number, "fields", index]
            yield (place, [field["key"]]), field
            for position, column in enumerate(field.get("columns", ())):
                yield ([*place, "columns", position], [field["key"], column["key"]]), column


def _changed(data: dict, form: str, path: list, **changes: Any) -> dict:
    changed = copied(data)
    at(changed["forms"][form], tuple(path)).update(changes)
    return changed


def _shift(data: dict, number: int, name: str, value: Any, step: int) -> dict | None:
    """The content with one bound shifted, or None where it has no value to shift."""
    changed = copied(data)
    if isinstance(value, dict):
        holder, key = _place(changed, value)
        if holder is None:
            return None
    else:
        holder, key = changed["rules"][number]["params"], name
    present = holder[key]
    if isinstance(present, bool) or not isinstance(present, int | float | str | Decimal):
        return None
    holder[key] = stepped(present, step)
    return changed


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
