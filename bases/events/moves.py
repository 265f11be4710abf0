"""The moves of incidents and withdrawals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from bases.effects import when_a_base_ends
from bases.events import begun, incidents, withdrawals
from bases.models import Incident, Recognition, Withdrawal
from casework import specs
from casework.moves import RoutedMoves, next_stage
from casework.steps import engine, lifecycle
from core import ledger
from core.door import Act, move, moves_of


@when_a_base_ends
def end_withdrawals(recognition: Recognition, act: Act) -> None:
    """A base that has ended takes the requests along that were to end it."""
    for withdrawal in Withdrawal.objects.filter(recognition=recognition, state__in=Withdrawal.RUNNING):
        act.then(withdrawal, "end_with_base", {"reason": _("基地已终止。")})


@when_a_base_ends
def end_unreported(recognition: Recognition, act: Act) -> None:
    """An incident that was entered and not reported is nobody's to report any more; one that is being assessed goes on."""
    for incident in Incident.objects.filter(recognition=recognition, state="draft").order_by("pk"):
        act.then(incident, "end_with_base", {"reason": _("基地已终止。")})


@lifecycle.kinds.register(Incident)
class IncidentLifecycle(lifecycle.Lifecycle):
    def advanced(self, act: Act) -> str:
        stage = engine.next_stage(self.case, act)
        if stage == Incident.AFTER_LAST:
            incidents.conclude(self.case, act)
        return stage

    def sent_back(self, act: Act) -> None:
        begun.send_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        engine.end_round(self.case, act)


@moves_of(Incident)
class IncidentMoves(RoutedMoves):
    """An incident is reported, assessed, assessed again; the base may be revoked."""

    @move(
        source="draft",
        target=next_stage,
        label=_("报告主管部门"),
        permission="bases.report_incident",
        primary=True,
        conditions=[incidents.report_findings],
    )
    def report(self: Incident, act: Act) -> None:
        """Report it to whoever assesses it."""
        self.goes_to = incidents.report(self, act)

    @move(
        source="draft",
        target="dropped",
        label=_("撤回登记"),
        permission="bases.enter_incident",
        form=specs.give_reason,
        confirm=_("撤回后不能恢复，须重新登记。"),
    )
    def drop(self: Incident, act: Act) -> None:
        """Take an entry back that was made by mistake."""
        ledger.settle_case(self)

    @move(source="draft", target="dropped", label=_("随基地终止"), permission="", system=True, hidden=True)
    def end_with_base(self: Incident, act: Act) -> None:
        """Its base has ended before it was reported."""
        ledger.settle_case(self)

    @move(
        source="concluded",
        target=GET_STATE(lambda self, act: self.goes_to, states=["assessing"]),
        label=_("重新研判"),
        permission="bases.decide_incident",
        form=specs.give_reason,
    )
    def assess_again(self: Incident, act: Act) -> None:
        """Open a new round of the assessment, because the situation has changed."""
        self.goes_to = incidents.again(self, act)

    @move(
        source=["assessing", "concluded"],
        label=_("撤销基地"),
        permission="bases.decide_incident",
        form=incidents.revoke_form,
        conditions=[incidents.revoke_findings],
    )
    def revoke_base(self: Incident, act: Act) -> None:
        """Revoke the base, after an assessment that joint training cannot go on (NM-20b)."""
        incidents.revoke(self, act)


@lifecycle.kinds.register(Withdrawal)
class WithdrawalLifecycle(lifecycle.Lifecycle):
    def advanced(self, act: Act) -> str:
        return withdrawals.advance(self.case, act)

    def sent_back(self, act: Act) -> None:
        begun.send_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        withdrawals.refused(self.case, act)


@moves_of(Withdrawal)
class WithdrawalMoves(RoutedMoves):
    """A withdrawal is drafted, signed by both sides, sent and filed."""

    @move(
        source="draft",
        target=next_stage,
        label=_("提交双方签章"),
        permission="bases.withdraw",
        primary=True,
        conditions=[withdrawals.submit_findings],
    )
    def submit(self: Withdrawal, act: Act) -> None:
        """Put the joint request before both sides for signature."""
        self.goes_to = engine.set_out(self, act)

    @move(
        source="confirming",
        target=next_stage,
        label=_("报送备案"),
        permission="bases.withdraw",
        primary=True,
        conditions=[withdrawals.send_findings],
    )
    def send(self: Withdrawal, act: Act) -> None:
        """Send the request that both sides have signed."""
        self.goes_to = withdrawals.send(self, act)

    @move(
        source=list(Withdrawal.RUNNING),
        target="abandoned",
        label=_("随基地终止"),
        permission="",
        system=True,
        hidden=True,
    )
    def end_with_base(self: Withdrawal, act: Act) -> None:
        """There is nothing left to be given up: the base has ended otherwise."""
        engine.end_round(self, act)
        ledger.settle_case(self)

    @move(
        source=["draft", "confirming"],
        target="abandoned",
        label=_("放弃申请"),
        permission="bases.withdraw",
        form=specs.give_reason,
        confirm=_("放弃后不能恢复，须重新提出。"),
    )
    def abandon(self: Withdrawal, act: Act) -> None:
        """Give the request up before it was sent."""
        engine.end_round(self, act)
        ledger.settle_case(self)
