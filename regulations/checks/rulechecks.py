"""Checks on rules: predicate, parameters, facts and their types, gates, conditions, messages."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from typing import Any

from regulations import catalogues, facts, gates, vocabulary
from regulations.checks.references import Problem, all_steps, walk
from regulations.context import AGGREGATES, CHECK_DAY, PERIOD_ENDS, find_field, find_table, leaf_value
from regulations.formfields import FormField
from regulations.predicates import PREDICATES, Param
from regulations.rules import SLOTS
from regulations.schema import Condition, Profile, Rule, Text
from regulations.vocabulary import NUMBER_TYPES
from regulations.wording import fact_options


class Wrong(Exception):
    """Something a rule says cannot be."""


def fact_type(profile: Profile, ref: Any) -> str:
    """The type of a fact reference. Raises Wrong for an unknown or malformed one."""
    if isinstance(ref, dict):
        return _aggregate_type(profile, ref)
    if not isinstance(ref, str):
        raise Wrong(f"«{ref}» is no fact")
    if ref.startswith("form."):
        item, tail = find_field(profile.form_fields, ref)
        if item is None:
            raise Wrong(f"no form field «{ref}»")
        return {"from": "date", "to": "date"}.get(tail, "boolean") if tail else item.type
    if ref not in facts.CATALOGUE:
        raise Wrong(f"unknown fact «{ref}»")
    return facts.CATALOGUE[ref].type


def table_of(profile: Profile, ref: Any) -> FormField:
    """The repeating table a reference names. Raises Wrong."""
    item = find_table(profile, ref)
    if item is None:
        raise Wrong(f"no form field and no table «{ref}»")
    if item.type != "table":
        raise Wrong(f"«{ref}» is no repeating table but {item.type}")
    return item


def _aggregate_type(profile: Profile, ref: dict) -> str:
    unknown = set(ref) - {"table", "agg", "column", "where", "distinct"}
    if unknown:
        raise Wrong(f"unknown key «{sorted(unknown)[0]}» in an aggregate")
    if ref.get("agg") not in AGGREGATES:
        raise Wrong(f"an aggregate is one of {', '.join(AGGREGATES)}, not «{ref.get('agg')}»")
    table = table_of(profile, ref.get("table"))
    _check_where(profile, table, ref.get("where"))
    if ref.get("distinct") is not None and (ref["agg"] != "count" or ref["distinct"] not in table.columns):
        raise Wrong(f"distinct counts the values of a column of «{ref['table']}», not of «{ref['distinct']}»")
    if ref["agg"] == "count" or (ref["agg"] in ("any", "all") and "column" not in ref):
        if ref["agg"] != "count" and not ref.get("where"):
            raise Wrong(f"{ref['agg']} needs a column or a where")
        return "integer" if ref["agg"] == "count" else "boolean"
    column = table.columns.get(ref.get("column"))
    if column is None:
        raise Wrong(f"table «{ref['table']}» has no column «{ref.get('column')}»")
    if ref["agg"] in ("any", "all"):
        if column.type != "boolean":
            raise Wrong(f"{ref['agg']} needs a boolean column, «{column.key}» is {column.type}")
        return "boolean"
    allowed = NUMBER_TYPES if ref["agg"] == "sum" else NUMBER_TYPES | {"date"}
    if column.type not in allowed:
        raise Wrong(f"{ref['agg']} over column «{column.key}» of type {column.type}")
    return column.type


def _check_where(profile: Profile, table: FormField, where: Any) -> None:
    if where is None:
        return
    if not isinstance(where, dict):
        raise Wrong("where is a mapping of columns")
    for name, wanted in where.items():
        key, _dot, end = name.partition(".")
        column = table.columns.get(key)
        if column is None or (end and (column.type != "period" or end not in PERIOD_ENDS)):
            raise Wrong(f"table «{table.key}» has no column «{name}»")
        kind = "date" if end else column.type
        if isinstance(wanted, dict) and set(wanted) == {"fact"}:
            if fact_type(profile, wanted["fact"]) != kind:
                raise Wrong(f"filter on «{name}»: {_name(wanted['fact'])} is no {kind}")
            continue
        if isinstance(wanted, dict):
            if not wanted or set(wanted) - {"in", "gte", "lte"}:
                raise Wrong(f"filter on «{name}»: a value, or in, gte, lte, or a fact")
            if set(wanted) & {"gte", "lte"} and kind not in NUMBER_TYPES | {"date"}:
                raise Wrong(f"column «{name}» of type {kind} has no order")
            if CHECK_DAY in (wanted.get("gte"), wanted.get("lte")) and kind != "date":
                raise Wrong(f"column «{name}» of type {kind} has no day to compare with that of the check")
            values = wanted.get("in", [])
        else:
            values = [wanted]
        for value in values:
            _among(value, column.options, f"column «{name}»")


def _among(value: Any, options: dict[str, str], what: str) -> None:
    if options and str(value) not in options:
        raise Wrong(f"{what} has no code «{value}»")


def _number(profile: Profile, value: Any, name: str) -> None:
    if isinstance(value, dict):
        if set(value) == {"setting"}:
            setting = profile.settings.get(value["setting"])
            if setting is None:
                return  # said by the check of settings
            if setting.type not in NUMBER_TYPES:
                raise Wrong(f"«{name}»: setting «{value['setting']}» is {setting.type}, not a number")
            return
        if set(value) == {"leaf"}:
            figure = _leaf(profile, value["leaf"])
            if figure is not None and (isinstance(figure, bool) or not isinstance(figure, int | float)):
                raise Wrong(f"«{name}»: leaf «{value['leaf']}» is no number")
            return
        raise Wrong(f"«{name}» is a number, {{setting: …}} or {{leaf: …}}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"«{name}» is a number, not «{value}»")


def _leaf(profile: Profile, path: Any) -> Any:
    try:
        return leaf_value(profile, path)
    except (KeyError, AttributeError):
        raise Wrong(f"no leaf «{path}»") from None


def _options(profile: Profile, ref: Any) -> dict[str, str]:
    return fact_options(profile, ref)


def _check_param(profile: Profile, rule: Rule, name: str, param: Param) -> None:
    value = rule.params[name]
    if param.kind in ("fact", "facts"):
        refs = value if param.kind == "facts" else [value]
        if param.kind == "facts" and (not isinstance(value, list) or not value):
            raise Wrong(f"«{name}» is a list of facts")
        for ref in refs:
            kind = fact_type(profile, ref)
            if kind not in param.types:
                wanted = ", ".join(sorted(param.types))
                raise Wrong(f"«{name}»: {_name(ref)} is {kind}, {rule.predicate} takes {wanted}")
    elif param.kind == "number":
        _number(profile, value, name)
    elif param.kind == "date_or_fact":
        if not isinstance(value, str) or not value[:1].isdigit():
            kind = fact_type(profile, value)
            if kind not in param.types:
                raise Wrong(f"«{name}»: {_name(value)} is {kind}, not a date")
    elif param.kind in ("column", "column_or_fact"):
        _check_column(profile, rule, name, param)
    elif param.kind in ("value", "values", "codes"):
        _check_codes(profile, rule, name, param)
    elif param.kind == "where":
        if value is not None:
            _check_where(profile, table_of(profile, rule.params.get(param.of)), value)
    elif param.kind == "catalogue":
        if not catalogues.known(value):
            raise Wrong(f"no catalogue «{value}»")
    elif param.kind == "flag" and not isinstance(value, bool):
        raise Wrong(f"«{name}» is true or false")


def _check_column(profile: Profile, rule: Rule, name: str, param: Param) -> None:
    value, table_ref = rule.params[name], rule.params.get(param.of)
    if table_ref is None and param.kind == "column_or_fact":
        kind = fact_type(profile, value)
    else:
        table = table_of(profile, table_ref)
        column = table.columns.get(value)
        if column is None:
            raise Wrong(f"table «{table_ref}» has no column «{value}»")
        kind = column.type
    if kind not in param.types:
        raise Wrong(f"«{name}»: «{value}» is {kind}, {rule.predicate} takes {', '.join(sorted(param.types))}")


def _check_codes(profile: Profile, rule: Rule, name: str, param: Param) -> None:
    value = rule.params[name]
    if isinstance(value, dict):
        if set(value) != {"leaf"} and set(value) != {"setting"}:
            raise Wrong(f"«{name}» is a value, {{setting: …}} or {{leaf: …}}")
        if "leaf" in value:
            _leaf(profile, value["leaf"])
        return
    if param.kind != "value" and (not isinstance(value, list) or not value):
        raise Wrong(f"«{name}» is a list of codes")
    ref = rule.params.get(param.of)
    if param.of == "column":
        options = table_of(profile, rule.params.get("table")).columns[ref].options
    else:
        options = _options(profile, ref) if ref else {}
        kind = fact_type(profile, ref) if ref else ""
        if param.kind == "value" and kind == "boolean" and not isinstance(value, bool):
            raise Wrong(f"«{name}»: {_name(ref)} is boolean, «{value}» is not")
        if (
            param.kind == "value"
            and kind in NUMBER_TYPES
            and (isinstance(value, bool) or not isinstance(value, int | float))
        ):
            raise Wrong(f"«{name}»: {_name(ref)} is {kind}, «{value}» is not")
    for code in value if isinstance(value, list) else [value]:
        if isinstance(code, str):
            _among(code, options, _name(ref))


def _name(ref: Any) -> str:
    return f"{ref.get('agg')} of {ref.get('table')}" if isinstance(ref, dict) else str(ref)


def rule_params(profile: Profile, data: dict) -> Iterator[Problem]:
    """Predicates are known, parameters complete and of the right types."""
    for number, rule in enumerate(profile.rules):
        path = ("rules", number)
        predicate = PREDICATES.get(rule.predicate)
        if predicate is None:
            yield (*path, "predicate"), f"rule «{rule.key}»: no predicate «{rule.predicate}»"
            continue
        for name in rule.params:
            if name not in predicate.params:
                yield (*path, "params", name), f"rule «{rule.key}»: {rule.predicate} takes no «{name}»"
        for name, param in predicate.params.items():
            if rule.params.get(name) is None:
                if param.required:
                    yield (*path, "params"), f"rule «{rule.key}»: {rule.predicate} needs «{name}»"
                continue
            try:
                _check_param(profile, rule, name, param)
            except (Wrong, KeyError) as error:
                yield (*path, "params", name), f"rule «{rule.key}»: {error}"
        for group in predicate.one_of:
            given = [name for name in group if rule.params.get(name) is not None]
            if len(given) != 1:
                yield (*path, "params"), f"rule «{rule.key}»: give one of {', '.join(group)}"


def rule_gates(profile: Profile, data: dict) -> Iterator[Problem]:
    """Gates exist, and the steps and records they name; the facts of a rule can be read of the case it is asked of."""
    for number, rule in enumerate(profile.rules):
        for gate in rule.gate:
            family, suffix = gates.split(gate)
            path = ("rules", number, "gate")
            if not gates.known(gate):
                yield path, f"rule «{rule.key}»: no gate «{gate}»"
                continue
            cases = list(gates.cases_at(profile, gate))
            if family == gates.STEP and len(cases) != 1:
                said = f"names steps of several routes: {', '.join(cases)}" if cases else "names no step"
                yield path, f"rule «{rule.key}»: gate «{gate}» {said}"
            elif family == gates.RECORD and suffix not in profile.records:
                yield path, f"rule «{rule.key}»: gate «{gate}» names no record type"
            elif not cases:
                yield path, f"rule «{rule.key}»: gate «{gate}» is never asked: no route has a panel"
            else:
                for code in sorted(_facts_of(rule)):
                    for case in cases:
                        if case not in facts.CATALOGUE[code].cases:
                            yield path, f"rule «{rule.key}»: fact «{code}» cannot be read of a case of kind {case}"
        if rule.override and rule.override.role not in vocabulary.roles_of(rule.override.unit):
            yield ("rules", number, "override"), f"rule «{rule.key}»: no role «{rule.override.role}»"


def _facts_of(rule: Rule) -> set[str]:
    """The facts of the catalogue that a rule reads, in its parameters and its condition."""
    predicate = PREDICATES.get(rule.predicate)
    kinds = predicate.params if predicate else {}
    named: list[Any] = []
    for name, value in rule.params.items():
        if name in kinds and kinds[name].kind in ("fact", "facts", "date_or_fact", "column_or_fact"):
            named += value if isinstance(value, list) else [value]
    named += [value.get("fact") for value in (rule.params.get("where") or {}).values() if isinstance(value, dict)]
    return _known(named) | _facts_in(rule.when)


def _facts_in(condition: Condition | None) -> set[str]:
    return _known(part.fact for part in (condition.parts() if condition is not None else []))


def _known(refs: Iterable[Any]) -> set[str]:
    """The facts of the catalogue among these references, those that an aggregate reads included."""
    names: set[str] = set()
    for ref in refs:
        if isinstance(ref, dict):
            names |= _known(
                [ref.get("table"), *(b.get("fact") for b in (ref.get("where") or {}).values() if isinstance(b, dict))]
            )
        elif isinstance(ref, str) and ref in facts.CATALOGUE:
            names.add(ref)
    return names


def _condition(profile: Profile, condition: Condition) -> Iterator[str]:
    for part in condition.parts():
        if part.setting is not None:
            if part.setting not in profile.settings:
                yield f"no setting «{part.setting}»"
            continue
        try:
            kind = fact_type(profile, part.fact)
        except Wrong as error:
            yield str(error)
            continue
        if (part.gte is not None or part.lte is not None) and kind not in NUMBER_TYPES | {"date"}:
            yield f"{_name(part.fact)} of type {kind} has no order"
        wanted = [value for value in (part.equals, part.not_equals) if value is not None] + (part.in_ or [])
        options = _options(profile, part.fact)
        for value in wanted:
            if kind == "boolean" and not isinstance(value, bool):
                yield f"{_name(part.fact)} is boolean, «{value}» is not"
            elif options and str(value) not in options:
                yield f"{_name(part.fact)} has no code «{value}»"


def condition_of_case(profile: Profile, condition: Condition | None, kind: str) -> Iterator[str]:
    """What is wrong with a `when` that is asked of a kind of case."""
    if condition is None:
        return
    yield from _condition(profile, condition)
    for code in sorted(_facts_in(condition)):
        if kind not in facts.CATALOGUE[code].cases:
            yield f"fact «{code}» cannot be read of a case of kind {kind}"


def conditions(profile: Profile, data: dict) -> Iterator[Problem]:
    """Every `when` reads facts that exist, with values they can have."""
    for number, rule in enumerate(profile.rules):
        for message in _condition(profile, rule.when) if rule.when else ():
            yield ("rules", number, "when"), f"rule «{rule.key}»: {message}"
    for path, step in all_steps(profile):
        for message in condition_of_case(profile, step.when, path[1]):
            yield (*path, "when"), f"step «{step.key}»: {message}"


def messages(profile: Profile, data: dict) -> Iterator[Problem]:
    """Messages name only what a rule can fill in."""
    for number, rule in enumerate(profile.rules):
        predicate = PREDICATES.get(rule.predicate)
        known = {*SLOTS, *(predicate.params if predicate else ())}
        for name in ("message", "fix", "tag"):
            text: Text | None = getattr(rule, name)
            for words in (text.zh, text.en) if text else ():
                try:
                    slots = {slot for _lit, slot, _spec, _conv in string.Formatter().parse(words) if slot is not None}
                except ValueError as error:
                    yield ("rules", number, name), f"rule «{rule.key}»: {name}: {error}"
                    continue
                for slot in sorted(slots - known):
                    yield (
                        ("rules", number, name),
                        f"rule «{rule.key}»: {name} names «{{{slot}}}», which is unknown",
                    )


def places(profile: Profile, data: dict) -> Iterator[Problem]:
    """Where 去填写 leads exists."""
    for number, rule in enumerate(profile.rules):
        if rule.form and rule.form not in profile.forms:
            yield ("rules", number, "form"), f"rule «{rule.key}»: no form «{rule.form}»"
        elif rule.form and rule.field and f"form.{rule.form}.{rule.field}" not in profile.form_fields:
            yield (
                ("rules", number, "field"),
                f"rule «{rule.key}»: form «{rule.form}» has no field «{rule.field}»",
            )
    for number, attachment in enumerate(profile.apply.attachments if profile.apply else []):
        form = profile.apply.form.value if profile.apply.form else None
        if attachment.field and f"form.{form}.{attachment.field}" not in profile.form_fields:
            yield (
                ("apply", "attachments", number, "field"),
                (f"attachment «{attachment.key}»: form «{form}» has no field «{attachment.field}»"),
            )


def leaf_references(profile: Profile, data: dict) -> Iterator[Problem]:
    """`{leaf: path}` is only of use in parameters; anywhere else it is a slip."""
    for path, key, value in walk(data):
        if key == "leaf" and "params" not in path and isinstance(value, str) and path[0] == "rules":
            yield path, "a leaf reference stands in params only"


CHECKS = (rule_params, rule_gates, conditions, messages, places, leaf_references)
