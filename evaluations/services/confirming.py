"""The grade given, the result confirmed, and what follows from it."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from casework import effects, papers
from casework.steps import engine
from core import clock, ledger
from core.door import Act, Refused
from core.findings import Finding, blocking
from evaluations.grading import reasons
from evaluations.models import Evaluation
from evaluations.papers import OPINION, TITLE
from evaluations.queries import results
from evaluations.services import grading
from evaluations.services.lifecycle import tell_units
from regulations.rules import check
from regulations.schema.evaluation import MISSED


def grade_findings(evaluation: Evaluation) -> list[Finding]:
    """A grade that the regulation computes follows from what is there: too few sheets give none."""
    if not grading.is_computed(evaluation):
        return []
    computed = grading.computed(evaluation)
    if computed.code is not None:
        return []
    said = grading.sentences(evaluation, [reason.plain() for reason in computed.reasons])
    text = _("还不能得出等次：%(why)s。") % {"why": "；".join(said)}
    return [Finding(evaluation.declaration.clause or "", "hard", text, computed.plain())]


def give(evaluation: Evaluation, act: Act) -> None:
    """Fix grade, score and reasons: as a closing round fixed them, as they follow now, or as somebody decided."""
    fixed = (act.raw.get("answers") or {}).get("result")
    if fixed is None:
        fixed = grading.computed(evaluation).plain()
        if not grading.is_computed(evaluation):
            fixed |= {"code": act.data["grade"]}
            fixed["reasons"] = [*fixed["reasons"], reasons.Given(act.data["grade"]).plain()]
    evaluation.grade, evaluation.reasons = fixed["code"], fixed["reasons"]
    evaluation.score = Decimal(fixed["score"]) if fixed["score"] is not None else None
    evaluation.passed = evaluation.declaration.grade(evaluation.grade).passed
    act.facts |= {"grade": evaluation.grade, "score": fixed["score"]}


def advance(evaluation: Evaluation, act: Act) -> str:
    """The next stage; before the grade is given what is suggested is noted, after the last stage the result stands."""
    goes_to = engine.next_stage(evaluation, act)
    if goes_to == "deciding" and grading.is_computed(evaluation):
        evaluation.suggested = grading.computed(evaluation).code or ""
    if goes_to == evaluation.AFTER_LAST:
        confirm(evaluation, act)
    return goes_to


def confirm(evaluation: Evaluation, act: Act) -> None:
    """The result stands: it is told, printed, and what the regulation lets follow is proposed. Raises Refused."""
    stopped = blocking(
        check(evaluation.profile, "evaluation.confirm", evaluation, clock.today(), overrides=evaluation.overrides())
    )
    if not evaluation.grade:
        text = _("“%(t)s”尚未评定等次，不能确认结果。") % {"t": evaluation.title}
        stopped.append(Finding(evaluation.declaration.clause or "", "hard", text, {"grade": None}))
    if stopped:
        raise Refused(stopped)
    act.on = evaluation.steps().filter(state="done").aggregate(last=Max("on"))["last"] or act.on
    evaluation.confirmed_on = act.on  # the day of the paper on which the last step stands
    evaluation.suggested = evaluation.suggested or evaluation.grade
    ledger.settle_case(evaluation)
    papers.issue(evaluation, OPINION, act.actor.name, TITLE)
    title = grading.titles(evaluation)[evaluation.grade]
    tell_units(evaluation, act, _("考核结果：%(t)s，%(g)s") % {"t": evaluation.title, "g": title})
    follow(evaluation, act, evaluation.grade)


def follow(evaluation: Evaluation, act: Act, outcome: str) -> None:
    """Propose what the regulation lets follow of a grade or of an absence, and of several failures in a row."""
    kind, recognition = evaluation.declaration, evaluation.recognition
    consequences = list(kind.consequences.get(outcome, ()))
    row = kind.in_a_row
    if row is not None and outcome != MISSED and evaluation.passed is False:
        before = results.of([recognition], act.on).get(recognition.pk, [])
        kinds = results.counted(recognition, kind, act.on)
        if evaluation.kind in kinds and results.in_a_row(before, kinds) + 1 >= row.times:
            consequences += row.consequences
    effects.propose_all(recognition, consequences, evaluation, act)
