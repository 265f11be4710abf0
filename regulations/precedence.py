"""Two regulations speak of the same thing with different figures: the higher one prevails (XCU-31c).

A regulation names those above it in `head.parents`. A rule of the lower one contradicts a rule of the higher one
where both ask the same of the same fact and mean different figures or codes.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.findings import Finding
from regulations import wording
from regulations.context import RuleContext
from regulations.predicates import PREDICATES
from regulations.rules import first_fact
from regulations.schema import Profile, Rule


def prevails(higher: Profile, lower: Profile) -> Any:
    """The entry by which `lower` gives way to `higher` (its code, or its level), or None."""
    for parent in lower.head.parents:
        if parent.code == higher.code or (not parent.code and parent.level == higher.level):
            return parent
    return None


def contradicted(higher: RuleContext, lower: RuleContext, rule: Rule) -> tuple[Rule, str, str] | None:
    """The rule of the higher regulation that contradicts this one of the lower, with what each of them asks, as
    people read it; None where they agree or speak of different things. The contexts say whose settings hold."""
    fact = first_fact(rule)
    for other in higher.profile.rules:
        if other.predicate != rule.predicate or not fact or first_fact(other) != fact:
            continue
        theirs, ours = _asked(other, higher), _asked(rule, lower)
        if theirs != ours:
            return other, _words(theirs), _words(ours)
    return None


def _asked(rule: Rule, ctx: RuleContext) -> dict[str, Any]:
    """The figures and codes of a rule, leaves and settings resolved."""
    kinds = PREDICATES[rule.predicate].params
    return {
        name: wording.plain(ctx.number(value))
        for name, value in rule.params.items()
        if kinds[name].kind in ("number", "value", "values", "codes") and value is not None
    }


def _words(asked: dict[str, Any]) -> str:
    return "、".join(wording.show(value) for value in asked.values())


def settle(findings: list[Finding], higher: RuleContext, lower: RuleContext, gate: str) -> list[Finding]:
    """The lower regulation's findings at a gate without those of contradicted rules, and an entry for each
    contradiction: which article gives way to which, and what each asks. Both contexts are of the same case."""
    parent = prevails(higher.profile, lower.profile)
    if parent is None:
        return findings
    entries: dict[str, Finding] = {}
    for rule in lower.profile.rules:
        clash = contradicted(higher, lower, rule) if gate in rule.gate else None
        if clash is None:
            continue
        other, theirs, ours = clash
        entries[rule.key] = Finding(
            parent.clause or "",
            "info",
            _("%(low)s%(rule)s（%(ours)s）与%(high)s%(other)s（%(theirs)s）不一致，按后者办理。")
            % {
                "low": _cited(lower.profile, rule),
                "rule": _said(rule),
                "ours": ours,
                "high": _cited(higher.profile, other),
                "other": _said(other),
                "theirs": theirs,
            },
            {
                "conflict": [f"{lower.profile.code} {rule.key}", f"{higher.profile.code} {other.key}"],
                "lower": ours,
                "higher": theirs,
            },
            rule=rule.key,
        )
    return [finding for finding in findings if finding.rule not in entries] + list(entries.values())


def _cited(profile: Profile, rule: Rule) -> str:
    name = wording.words(profile.head.short or profile.head.title)
    return f"《{name}》{wording.article(profile, rule.clause or '')}"


def _said(rule: Rule) -> str:
    return f"“{wording.words(rule.title)}”" if rule.title else ""
