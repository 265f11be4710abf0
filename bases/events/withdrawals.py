"""Withdrawals: begun where the rules let it, signed by both sides, sent, filed; only then is the base one no longer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bases.events import begun
from bases.models import Recognition, Withdrawal
from casework import effects
from casework.steps import engine
from core import clock
from core.door import Act
from core.findings import Finding
from regulations.rules import check

GATE = "withdrawal.begin"


def begin_findings(recognition: Recognition, act: Act) -> list[Finding]:
    """What the rules say of a base that is to be given up, and that it is not being given up already."""
    declared = recognition.profile.withdrawal
    if declared is None:
        return [Finding("", "hard", _("本基地适用的办法没有规定自主撤销。"))]
    running = Withdrawal.objects.filter(recognition=recognition, state__in=Withdrawal.RUNNING).first()
    if running is not None:
        text = _("自主撤销申请%(n)s正在办理，不能重复提出。") % {"n": running.number}
        return [Finding(declared.clause or "", "hard", text, {"running": running.number})]
    return rule_findings(recognition)


def rule_findings(recognition: Recognition) -> list[Finding]:
    """The rules of the gate, asked of the base today."""
    return check(recognition.profile, GATE, recognition, clock.today())


def begin(recognition: Recognition, act: Act) -> None:
    """Draft the joint request."""
    begun.begin(recognition, Withdrawal, "CX", act, partner=recognition.partner)


def submit_findings(withdrawal: Withdrawal, act: Act) -> list[Finding]:
    """The form is complete, and the base may still be given up."""
    return begun.form_findings(withdrawal, act) + rule_findings(withdrawal.recognition)


def send_findings(withdrawal: Withdrawal, act: Act) -> list[Finding]:
    """Both sides have signed, and their stamped papers match."""
    clause = withdrawal.declaration.signed or withdrawal.declaration.clause or ""
    waiting = [step for step in withdrawal.steps().filter(stage="confirming") if not step.finished]
    if not waiting:
        return rule_findings(withdrawal.recognition)
    titles = "、".join(step.title for step in waiting)
    text = _("双方尚未全部签章（%(steps)s），不能报送。") % {"steps": titles}
    return [Finding(clause, "hard", text, {"waiting": [step.title for step in waiting]})]


def send(withdrawal: Withdrawal, act: Act) -> str:
    """Bring the signed request before the authority. Returns the stage."""
    withdrawal.sent_on = act.now.date()
    return engine.next_stage(withdrawal, act)


def advance(withdrawal: Withdrawal, act: Act) -> str:
    """From signing nothing goes on by itself; when everything is done it is filed, and what follows of that stands."""
    if withdrawal.state == "confirming":
        return "confirming"
    stage = engine.next_stage(withdrawal, act)
    if stage == Withdrawal.AFTER_LAST:
        withdrawal.filed_on = act.on
        effects.propose_all(withdrawal.recognition, withdrawal.declaration.consequences, withdrawal, act)
        begun.tell(withdrawal, act, _("自主撤销已备案：%(base)s") % {"base": withdrawal.recognition.listed_title})
    return stage


def refused(withdrawal: Withdrawal, act: Act) -> None:
    """The request does not go through: the base stays as it is."""
    engine.end_round(withdrawal, act)
    begun.tell(withdrawal, act, _("不予备案：%(case)s") % {"case": withdrawal.title}, act.raw.get("reason") or "")
