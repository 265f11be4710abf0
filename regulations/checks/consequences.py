"""Checks on consequences, wherever a profile declares them, on grants, on incidents and withdrawals."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import gates
from regulations.checks.references import Problem, all_steps
from regulations.checks.rulechecks import condition_of_case
from regulations.schema import Profile
from regulations.schema.consequences import declared


def consequences(profile: Profile, data: dict) -> Iterator[Problem]:
    """Papers exist, conditions can be read of a base, and what is lifted is something else."""
    for path, effect in declared(profile):
        where = f"consequence «{effect.title.zh}»"
        if effect.paper and effect.paper not in profile.papers:
            known = ", ".join(profile.papers) or "none"
            yield (*path, "paper"), f"{where}: no paper «{effect.paper}» (known: {known})"
        if effect.effect in effect.lifts:
            yield (*path, "lifts"), f"{where}: {effect.effect} cannot lift its own kind"
        if effect.effect == "loss_of_title" and "title" not in effect.lifts:
            yield path, f"{where}: the loss of a title lifts it (lifts: [title])"
        for message in condition_of_case(profile, effect.when, gates.subject()):
            yield (*path, "when"), f"{where}: {message}"
        if effect.effect in ("title", "grant") and effect.code is None:
            yield path, f"{where}: a {effect.effect} has a code, by which it is told from others"


def grants(profile: Profile, data: dict) -> Iterator[Problem]:
    """Conditions of grants can be read of a base; what is open has something that it is like."""
    for key, grant in profile.grants.items():
        for message in condition_of_case(profile, grant.when, gates.subject()):
            yield ("grants", key, "when"), f"grant «{key}»: {message}"
        if grant.open and not grant.aspects:
            yield (
                ("grants", key, "open"),
                f"grant «{key}»: open needs aspects that it is like (aspects: [{{code, label}}])",
            )


def events(profile: Profile, data: dict) -> Iterator[Problem]:
    """An incident, a withdrawal and a stay that is applied for have a route, and a route of theirs has them."""
    for kind in ("incident", "withdrawal", "placement"):
        there, steps = getattr(profile, kind) is not None, profile.route(kind)
        if there and not steps:
            yield (kind,), f"{kind} needs a route: who decides on it? (routes.{kind}: [...])"
        if steps and not there:
            yield ("routes", kind), f"a route of kind {kind} needs the key «{kind}» with its form"


def assessments(profile: Profile, data: dict) -> Iterator[Problem]:
    """An assessment is an answer: the case goes on with it, whatever it is."""
    for path, step in all_steps(profile):
        if step.kind == "assessment" and step.on_negative != "continue":
            yield (
                (*path, "on_negative"),
                f"step «{step.key}»: an assessment goes on with its answer (on_negative: continue)",
            )


CHECKS = (consequences, grants, events, assessments)
