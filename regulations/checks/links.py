"""Checks on steps that somebody without an account may close by a link (`by_link`)."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import routekinds, vocabulary
from regulations.checks.references import Problem, all_steps
from regulations.schema import Profile, Step
from regulations.schema.base import Ref


def by_link(profile: Profile, data: dict) -> Iterator[Problem]:
    """Such a step is a partner's and asks for a yes or no and nothing else; what says whether it is so is a boolean."""
    for path, step in all_steps(profile):
        if step.by_link:
            for message in _faults(profile, step):
                yield (*path, "by_link"), f"step «{step.key}»: {message}"


def _faults(profile: Profile, step: Step) -> Iterator[str]:
    word = routekinds.STEPS.get(step.kind)
    if word is not None and not word.by_link:
        able = ", ".join(sorted(code for code, other in routekinds.STEPS.items() if other.by_link))
        yield f"a step of kind {step.kind} is not closed by a link (kinds: {able})"
    if vocabulary.column_of(step.unit) != "partner":
        yield f"a link is for people of a partner unit; whoever acts for the {step.unit} has an account"
    asks = {
        "form": step.form,
        "evidence": step.evidence,
        "person": step.person,
        "names": step.names,
        "paper": step.paper is not None and step.paper.scan != "none",
    }
    for name, asked in asks.items():
        if asked:
            yield f"by a link somebody says yes or no; the step asks for more ({name})"
    if isinstance(step.by_link, Ref):
        setting = profile.settings.get(step.by_link.setting)
        if setting is not None and setting.type != "boolean":
            yield f"setting «{step.by_link.setting}» says whether a link may be used: it has to be a boolean"


CHECKS = (by_link,)
