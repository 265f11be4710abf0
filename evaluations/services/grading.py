"""The grade of an evaluation: computed where the regulation says how, given by somebody where it does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from casework.models import Step
from core import clock
from core.findings import Finding
from evaluations import grading
from evaluations.grading.names import names_of
from evaluations.grading.words import words
from evaluations.models import Evaluation
from evaluations.services import sheets
from regulations import wording
from regulations.context import RuleContext
from regulations.settings import figure


def computed(evaluation: Evaluation) -> grading.Grade:
    """What follows from the sheets handed in this round and from today's facts; code None where somebody decides."""
    kind, profile, on = evaluation.declaration, evaluation.profile, clock.today()
    organiser = evaluation.in_round.organiser
    scheme = grading.scheme_of(
        kind.grading, [grade.code for grade in kind.grades], lambda ref: figure(profile, ref, organiser, on)
    )
    known = RuleContext(profile, evaluation, on)
    facts = {
        key: known.setting(part.setting).value if part.setting is not None else known.value(part.fact)
        for key, part in scheme.refs().items()
    }
    return grading.grade(scheme, sheets.handed_in(evaluation), facts)


def is_computed(evaluation: Evaluation) -> bool:
    """Whether the regulation says how the grade follows."""
    declared = evaluation.declaration.grading
    return declared is not None and declared.decides()


def titles(evaluation: Evaluation) -> dict[str, str]:
    """The grades by code, as people call them."""
    return {grade.code: wording.words(grade.title) for grade in evaluation.declaration.grades}


def sentences(evaluation: Evaluation, reasons: list[dict]) -> list[str]:
    """Why a grade was given, in the reader's words."""
    names = names_of(evaluation.profile, titles(evaluation))
    return [words(reason, names) for reason in reasons]


def in_a_line(evaluation: Evaluation) -> str:
    """What follows, in one sentence for whoever confirms it: the grade, and every reason."""
    result = computed(evaluation)
    grade = titles(evaluation).get(result.code or "", "") or _("尚不能得出等次")
    why = "；".join(sentences(evaluation, [reason.plain() for reason in result.reasons]))
    return _("按评分和办法得出：%(grade)s。%(why)s。") % {"grade": grade, "why": why}


def day_findings(rows: Sequence[Evaluation], decided_on: str | None) -> list[Finding]:
    """The day of the paper on which grades stand: it has come, and nothing that led to them is later."""
    if not decided_on:
        return []
    day, today = dt.date.fromisoformat(decided_on), clock.today()
    clause = next((row.declaration.clause or "" for row in rows), "")
    if day > today:
        text = _("评定日期%(day)s晚于今天%(today)s，不能登记将来的日期。") % {"day": day, "today": today}
        return [Finding(clause, "hard", text, {"decided_on": decided_on}, field="decided_on")]
    rounds = {row.pk: row.round for row in rows}
    steps = Step.objects.filter(case_kind=Evaluation.case_kind, case_id__in=list(rounds), state="done", on__gt=day)
    later = next((step for step in steps.order_by("-on", "pk") if step.round == rounds[step.case_id]), None)
    if later is None:
        return []
    text = _("评定日期%(day)s早于“%(step)s”的办理日期%(on)s。请核对日期。")
    text %= {"day": day, "step": later.title, "on": later.on}
    facts = {"decided_on": decided_on, "step": later.key, "on": later.on.isoformat()}
    return [Finding(clause, "hard", text, facts, field="decided_on")]
