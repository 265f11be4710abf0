"""Rules: a regulation's conditions, evaluated for a case on a day at a named gate.

`check` returns findings, never raises on data. hard blocks; default blocks unless its rule key is among the
recorded overrides; priority rules give a finding when they are *met* (the tag that ranks); encouraged and info
give a finding when they are not, and never block.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from core.findings import Finding
from core.language import amount, english, listed
from regulations import catalogues, comparing, wording
from regulations.context import RuleContext, contexts, find_field, find_table, leaf_value
from regulations.predicates import PREDICATES, Miss, Predicate
from regulations.schema import Condition, Profile, Rule


def check(
    profile: Profile,
    gate: str,
    case: Any,
    on: dt.date,
    *,
    overrides: Collection[str] = (),
    organisation: Any = None,
    answers: Mapping[str, dict] | None = None,
    known: Mapping[str, Any] | None = None,
    context: RuleContext | None = None,
    further_findings: Collection[Finding] | None = None,
) -> list[Finding]:
    """Findings of all rules of `gate` for `case` on day `on`, in the profile's order.

    `overrides`: keys of default rules that the named role let pass (their findings stay, `overridden=True`).
    `organisation`: whose local settings apply; default: the case's owner under this profile.
    `answers`: answers by form that are being given and stand nowhere yet; `known`: facts that are given instead of
    read (the day of a signature that is being entered).
    `context`: a shared `RuleContext`, when several gates are checked at once. `further_findings`: what `FURTHER` says of
    the case, where it has been asked already.
    Raises FactError when a fact is unknown or the case is of the wrong kind: a fault in code, not in data.
    """
    ctx = context or context_for(profile, case, on, organisation, answers, known)
    findings: list[Finding] = []
    for rule in rules_at(profile, gate):
        findings.extend(evaluate(rule, ctx, overridden=rule.key in overrides))
    for further in FURTHER if further_findings is None else ():
        findings += further(profile, gate, [case], on).get(case.pk, ())
    return findings + list(further_findings or ())


# What rooms above ask at every gate beside the rules: (profile, gate, cases, day) -> findings by pk.
FURTHER: list[Callable[[Profile, str, Sequence[Any], dt.date], Mapping[Any, list[Finding]]]] = []


def check_many(
    profile: Profile,
    gate: str,
    cases: Sequence[Any],
    on: dt.date,
    *,
    overrides: Mapping[Any, Collection[str]] | None = None,
    organisation: Any = None,
) -> dict[Any, list[Finding]]:
    """What `check` says of each of several cases of one kind under one profile, by pk.

    As many queries for 500 cases as for two: every fact, form and setting is read for all of them at once. `overrides`:
    by pk, the default rules let pass. Raises FactError.
    """
    said: dict[Any, list[Finding]] = {}
    for further in FURTHER:
        for pk, findings in further(profile, gate, cases, on).items():
            said.setdefault(pk, []).extend(findings)
    overridden = overrides or {}
    return {
        pk: check(
            profile,
            gate,
            ctx.case,
            on,
            overrides=overridden.get(pk, ()),
            context=ctx,
            further_findings=said.get(pk, ()),
        )
        for pk, ctx in contexts(profile, cases, on, organisation).items()
    }


def context_for(
    profile: Profile,
    case: Any,
    on: dt.date,
    organisation: Any = None,
    answers: Mapping[str, dict] | None = None,
    known: Mapping[str, Any] | None = None,
) -> RuleContext:
    """A context for several checks of one case on one day, so that every fact is read once."""
    return RuleContext(profile, case, on, organisation=organisation, answers=answers, known=known)


def rules_at(profile: Profile, gate: str) -> list[Rule]:
    """The rules of a gate in the profile's order."""
    return [rule for rule in profile.rules if gate in rule.gate]


def evaluate(rule: Rule, ctx: RuleContext, overridden: bool = False) -> list[Finding]:
    """The findings of one rule."""
    if not met(rule.when, ctx):
        return []
    predicate = PREDICATES[rule.predicate]
    misses = list(predicate.test(rule.params, ctx))
    if rule.strength == "priority":
        return [] if misses else [_tag(rule, predicate, ctx)]
    return [_finding(rule, predicate, miss, ctx, overridden) for miss in misses]


def holds(profile: Profile, condition: Condition | None, case: Any, on: dt.date) -> tuple[bool, dict[str, Any]]:
    """Whether a `when` holds for a case on a day, and the facts it looked at (plain values, to be kept)."""
    ctx = context_for(profile, case, on)
    return met(condition, ctx), facts_of(condition, ctx)


def met(condition: Condition | None, ctx: RuleContext) -> bool:
    """Whether a `when` holds. No condition holds always."""

    def value_of(part: Condition) -> Any:
        return ctx.value(part.fact) if part.fact is not None else ctx.setting(part.setting).value

    return comparing.holds(condition, value_of)


def facts_of(condition: Condition | None, ctx: RuleContext) -> dict[str, Any]:
    """The facts a condition looked at, as plain values: a step keeps them with its outcome."""
    if condition is None:
        return {}
    return {str(part.fact): wording.plain(ctx.value(part.fact)) for part in condition.parts() if part.fact is not None}


def first_fact(rule: Rule) -> Any:
    """The fact a rule is about: the first of its predicate's subject parameters."""
    for name in PREDICATES[rule.predicate].subject:
        value = rule.params.get(name)
        if value:
            if isinstance(value, list):
                return value[0]
            table = rule.params.get("table")
            return f"{table}" if name == "code" and table else value
    return ""


def place_of(profile: Profile, rule: Rule, fact: Any = None) -> tuple[str, str, str]:
    """Form, section and field where 去填写 leads: what the rule says, else the form field of its fact."""
    ref = fact or first_fact(rule)
    item, _tail = find_field(profile.form_fields, ref["table"] if isinstance(ref, dict) else str(ref))
    if item is None:
        return rule.form, rule.section, rule.field
    return rule.form or item.form, rule.section or item.section, rule.field or item.key


def _finding(rule: Rule, predicate: Predicate, miss: Miss, ctx: RuleContext, overridden: bool) -> Finding:
    profile = ctx.profile
    values = _values(rule, miss, ctx)
    template = wording.words(rule.message) or miss.message or str(predicate.message)
    form, section, field = place_of(profile, rule, miss.fact)
    subject = miss.fact or first_fact(rule)
    seen = {_name(subject): wording.plain(miss.actual), **wording.plain(miss.seen)}
    return Finding(
        clause=rule.clause or "",
        strength=rule.strength,
        message=template.format(**values),
        facts=seen,
        fix=wording.words(rule.fix).format(**values) if rule.fix else "",
        form=form,
        section=section,
        field=field,
        rule=rule.key,
        overridden=overridden and rule.strength == "default",
    )


def _tag(rule: Rule, predicate: Predicate, ctx: RuleContext) -> Finding:
    values = _values(rule, Miss(), ctx)
    text = wording.words(rule.tag or rule.message or rule.title) or describe(ctx.profile, rule)
    return Finding(
        clause=rule.clause or "",
        strength="priority",
        message=text.format(**values) if rule.tag or rule.message else text,
        facts={_name(first_fact(rule)): wording.plain(_seen(first_fact(rule), ctx))},
        rule=rule.key,
    )


def _seen(ref: Any, ctx: RuleContext) -> Any:
    return ctx.value(ref) if ref else None


def _name(ref: Any) -> str:
    return ref["table"] if isinstance(ref, dict) else str(ref)


SLOTS = (
    "fact",
    "facts",
    "actual",
    "on",
    "rule",
    "clause",
    "row",
    "limit",
    "day",
    "reached",
    "first",
    "last",
    "start",
    "end",
    "wanted",
    "earliest",
    "latest",
    "code_value",
    "name_value",
    "expected",
    "text",
)


def _values(rule: Rule, miss: Miss, ctx: RuleContext) -> dict[str, str]:
    """What a message may name: every parameter and everything seen."""
    profile = ctx.profile
    subject = miss.fact or first_fact(rule)
    options, unit = wording.fact_options(profile, subject), wording.fact_unit(profile, subject)
    if rule.params.get("column") and rule.params.get("table"):
        column = {"table": rule.params["table"], "column": rule.params["column"]}
        options, unit = wording.fact_options(profile, column), wording.fact_unit(profile, column)
    values = dict.fromkeys(SLOTS, "") | parameter_words(profile, rule, ctx.number)
    values |= {name: wording.show(value, options) for name, value in miss.seen.items()}
    values |= {
        "fact": wording.fact_label(profile, subject) if subject else "",
        "actual": wording.show(miss.actual, options, unit),
        "on": wording.show(ctx.on),
        "rule": rule.key,
        "clause": wording.article(profile, rule.clause) if rule.clause else "",
        "row": str(miss.row or ""),
    }
    return values


def parameter_words(profile: Profile, rule: Rule, number) -> dict[str, str]:
    """The parameters of a rule in words; `number(param)` resolves settings and leaves."""
    words: dict[str, str] = {}
    predicate = PREDICATES[rule.predicate]
    subject = first_fact(rule)
    options, unit = wording.fact_options(profile, subject), wording.fact_unit(profile, subject)
    table = rule.params.get("table")
    for name, param in predicate.params.items():
        value = rule.params.get(name)
        if value is None:
            words[name] = ""
        elif param.kind == "fact" or (param.kind == "column_or_fact" and not table):
            words[name] = wording.fact_label(profile, value)
        elif param.kind == "facts":
            words[name] = listed(wording.fact_label(profile, ref) for ref in value)
        elif param.kind in ("column", "column_or_fact"):
            labels = {"table": table, "column": value}
            item = find_table(profile, table)
            known = item.columns.get(value) if item else None
            words[name] = str(known.label) if known else value
            options = wording.fact_options(profile, labels)
            unit = wording.fact_unit(profile, labels) or unit
        elif param.kind == "number":
            words[name] = _figure(name, number(value), unit)
        elif param.kind == "date_or_fact":
            words[name] = wording.fact_label(profile, value) if not value[:1].isdigit() else value
        elif param.kind in ("flag", "where"):
            words[name] = ""
        elif param.kind == "catalogue":
            words[name] = str(catalogues.TITLES.get(value, value))
        else:
            words[name] = wording.show(number(value), options)
    if words.get("years") and words.get("months") and english():
        words["months"] = f" {words['months']}"
    return words


def _figure(name: str, value: Any, unit: str) -> str:
    if value is None:
        return str(wording.show(None))
    if name.endswith("years"):
        return amount(value, wording.unit_word("year"))
    if name.endswith("months"):
        return amount(value, wording.unit_word("month"))
    return wording.show(value, unit=unit)


def describe(profile: Profile, rule: Rule, number=None) -> str:
    """One sentence for people that says what a rule asks, for the reading page."""

    def resolve(value: Any) -> Any:
        if isinstance(value, dict) and "setting" in value:
            return profile.settings[value["setting"]].value
        if isinstance(value, dict) and "leaf" in value:
            return leaf_value(profile, value["leaf"])
        return value

    if rule.title:
        return wording.words(rule.title)
    predicate = PREDICATES[rule.predicate]
    values = dict.fromkeys(SLOTS, "") | parameter_words(profile, rule, number or resolve)
    values["fact"] = wording.fact_label(profile, first_fact(rule)) if first_fact(rule) else ""
    return str(predicate.label).format(**values)


def tags(findings: Iterable[Finding]) -> list[Finding]:
    """The priority tags among findings."""
    return [finding for finding in findings if finding.strength == "priority"]
