"""Checks on rectifications: something orders them, their recheck exists, and what they name is there."""

from __future__ import annotations

from collections.abc import Iterator

from regulations.checks.references import Problem
from regulations.schema import Profile
from regulations.schema.consequences import declared

EFFECT = ROUTE = "rectification"  # no case: the kind of consequence that begins one, and its section of routes
RECHECK, REEVALUATION = "recheck", "reevaluation"  # the kinds of step that say what came of it


def ordered(profile: Profile, data: dict) -> Iterator[Problem]:
    """Consequences name rectifications that exist; every rectification follows from one."""
    known = ", ".join(profile.rectifications) or "none"
    named = set()
    for path, effect in declared(profile):
        if effect.effect != EFFECT:
            continue
        named.add(effect.code)
        if effect.code not in profile.rectifications:
            yield path, f"consequence «{effect.title.zh}»: no rectification «{effect.code}» (code: one of {known})"
    for key in profile.rectifications:
        if key not in named:
            yield (
                ("rectifications", key),
                f"nothing orders rectification «{key}»: name it in a consequence {{effect: {EFFECT}, code: {key}}}",
            )


def rechecked(profile: Profile, data: dict) -> Iterator[Problem]:
    """Exactly one step of the route says what came of a rectification, of the kind that its declaration wants, and a
    failure ends it."""
    steps = list(enumerate(profile.route(ROUTE)))
    for key, rectification in profile.rectifications.items():
        wanted = REEVALUATION if rectification.reevaluation else RECHECK
        mine = [(n, step) for n, step in steps if step.kind in (RECHECK, REEVALUATION)]
        mine = [(n, step) for n, step in mine if not step.tracks or key in step.tracks]
        if [step.kind for _n, step in mine] != [wanted]:
            own = ", ".join(f"«{step.key}» ({step.kind})" for _n, step in mine) or "none"
            yield (
                ("rectifications", key),
                f"rectification «{key}» needs one step of kind {wanted} below routes.{ROUTE} (its own: {own})",
            )
    for number, step in steps:
        if step.kind in (RECHECK, REEVALUATION) and step.on_negative != "reject":
            yield (
                ("routes", ROUTE, number),
                f"step «{step.key}»: who fails the recheck has failed (on_negative: reject)",
            )


def evaluations(profile: Profile, data: dict) -> Iterator[Problem]:
    """A reevaluation opens after a rectification, the evaluation before which it has to be over once a year; what such an
    evaluation leads to stands at its grades."""
    known = ", ".join(profile.evaluations) or "none"
    for key, rectification in profile.rectifications.items():
        for name, wanted in ((REEVALUATION, "after: rectification"), ("before", "yearly: {…}")):
            kind = getattr(rectification, name)
            if kind is None:
                continue
            if kind not in profile.evaluations:
                yield ("rectifications", key, name), f"rectification «{key}»: no evaluation «{kind}» (known: {known})"
                continue
            opens = profile.evaluations[kind].opens
            if not (opens.yearly if name == "before" else opens.after == ROUTE):
                yield ("rectifications", key, name), f"evaluation «{kind}» does not open so (opens: {{{wanted}}})"
        if rectification.reevaluation and (rectification.passed or rectification.failed):
            yield (
                ("rectifications", key),
                f"rectification «{key}»: what follows stands at the grades of evaluation «{rectification.reevaluation}»",
            )


CHECKS = (ordered, rechecked, evaluations)
