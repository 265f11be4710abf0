"""审批意见 on the page of a case: what each unit said when it acted, and the form that it filled in with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from casework.models import Step
from casework.papers.printing import step_declared
from casework.steps.kind import kind_of
from core import pages
from core.forms.reading import reading
from core.language import shown


def opinions(case, steps: Iterable[Step], membership) -> list[pages.Opinion]:
    """The opinions of a round in the order of its route. What the step's form says is read by the unit that filled it in
    and by those that act after it, who decide on it."""
    rows = list(steps)
    told = []
    for at, step in enumerate(rows):
        if step.state not in ("done", "negative", "returned") or not kind_of(step).acted_on:
            continue
        reads = membership.organisation_id in {later.unit_id for later in rows[at:]}
        told.append(_opinion(case, step, _filled(case, step, membership) if reads else None))
    return told


def _filled(case, step: Step, membership) -> partial | None:
    """What the step's form says, as it is read; None where the step has no form or was not answered by it."""
    declared = case.step_declaration(step.key)
    spec = case.profile.forms.get(declared.form) if declared.form else None
    if spec is None or not any(step.answers.get(key) not in (None, "", []) for key in spec.index):
        return None
    wanted = [section for section in spec.sections if declared.section in (None, section.key)]
    return partial(reading, replace(spec, sections=tuple(wanted)), step.answers, case.resolver(membership))


def _opinion(case, step: Step, read: partial | None) -> pages.Opinion:
    person = step.decided_by or step.entered_by
    return pages.Opinion(
        shown(step.title),
        step.unit.display_name if step.unit else "",
        person,
        kind_of(step).verdict(step.outcome, case, step_declared(case, step)),
        step.opinion,
        step.on,
        step.outcome in ("negative", "return"),
        step.entered_by if step.entered_by != person else "",
        step.round,
        read,
    )
