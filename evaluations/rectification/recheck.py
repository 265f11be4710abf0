"""The recheck: problems closed one by one by somebody who did not write them, and what the whole comes to."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from bases.effects import when_a_base_ends
from bases.models import Recognition
from casework import effects
from casework.models.regulated import with_regulation
from casework.steps import engine
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from core.language import listed
from evaluations.models import Evaluation, Problem, Rectification
from evaluations.rectification import ordering

CLOSED, OPEN = "closed", "open"


def answered(case: Rectification) -> list[Problem]:
    """The problems whose evidence has come in and that nobody has closed."""
    return [problem for problem in case.open_problems() if problem.answered_on]


def check_findings(case: Rectification, act: Act) -> list[Finding]:
    """Something is there to be checked, and nobody closes what they wrote themselves."""
    waiting = answered(case)
    if not waiting:
        text = _("目前没有已提交佐证、等待复核的问题。")
        return [Finding(case.declaration.clause or "", "hard", text)]
    own = [
        str(problem.number)
        for problem in waiting
        if act.data.get(f"result_{problem.pk}") == CLOSED and act.actor.user_id in problem.writers
    ]
    if not own:
        return []
    text = _("第%(n)s条问题的整改措施或佐证由您填写，应由其他人员复核销号。") % {"n": listed(own)}
    return [Finding(case.declaration.clause or "", "hard", text, {"problems": own})]


def check_problems(case: Rectification, act: Act) -> None:
    """Close the problems that were made good; the others go on, with what is still missing."""
    closed, left = [], []
    for problem in answered(case):
        result = act.data.get(f"result_{problem.pk}")
        problem.note = act.data.get(f"note_{problem.pk}") or ""
        if result == CLOSED:
            problem.closed_on, problem.closed_by = act.on, act.actor.name
            closed.append(problem.number)
        elif result == OPEN:
            problem.answered_on = None
            left.append(problem.number)
        problem.save(update_fields=["note", "closed_on", "closed_by", "answered_on"])
    act.facts |= {"closed": closed, "left": left}
    if left:
        title = _("整改复核：第%(n)s条问题尚未整改到位") % {"n": listed(left)}
        act.notify(ordering.responsible(case), title, case.recognition.listed_title)


def closing_findings(case: Rectification, clause: str) -> list[Finding]:
    """A rectification is made good when every problem on its list is closed."""
    left = [str(problem.number) for problem in case.open_problems()]
    if not left:
        return []
    text = _("第%(n)s条问题尚未销号，不能认定整改合格。") % {"n": listed(left)}
    fix = _("请先逐条复核销号；未整改到位的，请选择继续整改或复核不合格。")
    return [Finding(clause, "hard", text, {"problems": left}, fix)]


# --- reevaluation --------------------------------------------------------------------------------------------------


def reevaluations_of(case: Rectification):
    """The evaluations that recheck it, opened after its last day, the newest first."""
    kind = case.declaration.reevaluation
    if kind is None or case.due_on is None:
        return Evaluation.objects.none()
    rows = Evaluation.objects.filter(recognition=case.recognition_id, kind=kind)
    return rows.filter(in_round__opened_on__gt=case.due_on).order_by("-pk")


def waiting_for(evaluation: Evaluation) -> list[tuple[str, int]]:
    """The rectifications that an evaluation rechecks."""
    rows = Rectification.objects.filter(recognition=evaluation.recognition_id, state__in=Rectification.UNFINISHED)
    return [(row.case_kind, row.pk) for row in rows if reevaluations_of(row).filter(pk=evaluation.pk).exists()]


def last_days(recognitions) -> dict[int, list[dt.date]]:
    """By base the last days of its rectifications after which an evaluation is to open."""
    days: dict[int, list[dt.date]] = {}
    rows = with_regulation(Rectification.objects.filter(recognition__in=[row.pk for row in recognitions]))
    for row in rows.filter(state__in=Rectification.UNFINISHED, due_on__isnull=False):
        if row.declaration.reevaluation is not None:
            days.setdefault(row.recognition_id, []).append(row.due_on)
    return days


def is_over(evaluation: Evaluation) -> bool:
    """Whether it has come to a result."""
    return evaluation.state in ("confirmed", "missed")


def was_passed(evaluation: Evaluation) -> bool:
    """Whether its grade lets the base go on; who did not take part did not pass."""
    return evaluation.state == "confirmed" and evaluation.passed is True


# --- the end -------------------------------------------------------------------------------------------------------


def sent_back(case: Rectification, act: Act) -> None:
    """A new round for the responsible units, with what is still missing."""
    note, due = act.raw.get("note") or "", act.raw.get("due")
    engine.end_round(case, act)
    case.round += 1
    case.reported_on = None
    case.correction_note, case.correction_due = note, clock.day_of(due)
    for actor in case.declaration.responsible:
        ledger.reopen(ordering.asked_of(case, actor))
    act.notify(ordering.responsible(case), _("继续整改：%(base)s") % {"base": case.recognition.listed_title}, note)


def conclude(case: Rectification, act: Act, passed: bool, reason: str = "") -> None:
    """End it: its effect on the base ends, what the regulation lets follow is proposed, everybody is told."""
    said = case.steps().filter(state="done", kind__in=("recheck", "reevaluation")).values_list("opinion", flat=True)
    case.concluded_on, case.outcome_reason = act.on, reason or said.last() or ""
    engine.end_round(case, act)
    ledger.settle_case(case)
    word = _("整改复核合格，准予销号") if passed else _("整改复核不合格")
    _lift(case, act, word)
    following = case.declaration.passed if passed else case.declaration.failed
    effects.propose_all(case.recognition, following, case, act)
    act.notify(
        ordering.concerned(case),
        _("%(word)s：%(base)s") % {"word": word, "base": case.recognition.listed_title},
        reason,
    )


def arrived(case, act: Act) -> None:
    """A result is put on paper."""
    if isinstance(case, Rectification) and case.state in (case.AFTER_LAST, case.TURNED_DOWN):
        ordering.issue(case, ordering.RESULT, act)


@when_a_base_ends
def end_with_base(recognition: Recognition, act: Act) -> None:
    """A base that is one no longer has nothing to repair: what runs is ended with it."""
    for row in recognition.rectifications.filter(state__in=Rectification.UNFINISHED).order_by("pk"):
        act.then(row, "cancel", {"reason": _("基地资格已终止，整改随之终止。")})


def cancel(case: Rectification, act: Act) -> None:
    """End it without a result."""
    case.concluded_on, case.outcome_reason = act.on, act.reason
    engine.end_round(case, act)
    ledger.settle_case(case)
    _lift(case, act, act.reason)


def _lift(case: Rectification, act: Act, reason: str) -> None:
    """End its effect on the base, and those by which it was ordered again while it ran."""
    rows = effects.not_lifted(case.recognition, case.effect.kind, case.key)
    effects.lift(rows, act.on, reason, act.actor.name)
