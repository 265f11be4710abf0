"""The moves of agreements: drafted, checked, confirmed, signed, changed, ended."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from bases import agreements, amending, drafttext, ending, parties, signing, specs
from bases.effects import when_a_base_ends
from bases.models import Agreement, Recognition
from casework.moves import RoutedMoves, next_stage, stages, stages_and_after
from casework.steps import engine, lifecycle
from core import ledger
from core.door import Act, move, moves_of


def any_stage(model) -> GET_STATE:
    """Whichever of the stages the change leads back to."""
    return GET_STATE(lambda self, act: self.goes_to, states=list(model.STAGES))


def draft_or_stage(model) -> GET_STATE:
    return GET_STATE(lambda self, act: self.goes_to, states=["draft", *model.STAGES])


@when_a_base_ends
def end_unsigned(recognition: Recognition, act: Act) -> None:
    """Nobody signs for a base that is none any more: what is on its way to a signature ends with it (LCU-5d)."""
    own = Q(recognition=recognition)
    if recognition.application_id:
        own |= Q(application_id=recognition.application_id, recognition=None)
    on = recognition.ended_on.isoformat()
    told = {"reason": _("基地已于%(day)s终止。") % {"day": on}, "ended_on": on}
    for agreement in Agreement.objects.filter(own, state__in=("draft", *Agreement.STAGES)).order_by("pk"):
        act.then(agreement, "end_with_base", told)


@lifecycle.kinds.register(Agreement)
class AgreementLifecycle(lifecycle.Lifecycle):
    def confirmed(self, step, act: Act) -> None:
        agreements.confirmed(self.case, step, act)

    def unconfirmed(self, step, act: Act) -> None:
        agreements.unconfirmed(self.case, step, act)

    def advanced(self, act: Act) -> str:
        return signing.advance(self.case, act)

    def sent_back(self, act: Act) -> None:
        agreements.send_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        agreements.turn_down(self.case, act)


@moves_of(Agreement)
class AgreementMoves(RoutedMoves):
    """An agreement is drafted, checked, confirmed, signed, and ends."""

    @move(
        source="draft",
        target=next_stage,
        label=_("送审"),
        permission="bases.draft_agreement",
        primary=True,
        conditions=[agreements.submit_findings],
    )
    def submit(self: Agreement, act: Act) -> None:
        """Hand the drafted text in: for checking, then to the partner for confirmation."""
        drafttext.compare(self)
        ledger.settle(agreements.correction_of(self))
        self.goes_to = engine.set_out(self, act)

    @move(
        source="draft",
        label=_("申请例外"),
        permission="bases.draft_agreement",
        form=specs.override_request,
        conditions=[agreements.override_findings],
    )
    def request_override(self: Agreement, act: Act) -> None:
        """Ask the named role to let a rule pass that holds "in principle" only: another term, say (XCU-7.2c)."""
        agreements.request_override(self, act)

    @move(
        source=stages,
        target=any_stage,
        label=_("修改协议"),
        permission="bases.draft_agreement",
        form=amending.amend_form,
        conditions=[amending.findings],
    )
    def amend(self: Agreement, act: Act) -> None:
        """Change the text while it is checked, confirmed or signed: whoever confirmed a term that changes confirms again."""
        self.goes_to = amending.amend(self, act)

    @move(
        source=stages_and_after,
        label=_("更正联系方式"),
        permission="bases.draft_agreement",
        form=amending.contacts_form,
        conditions=[amending.findings],
    )
    def correct_contacts(self: Agreement, act: Act) -> None:
        """Correct whom to reach, at any time: nobody has to confirm again."""
        amending.correct(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target="draft",
        label=_("恢复到上次签订的版本"),
        permission="bases.draft_agreement",
        form=amending.revert_form,
        conditions=[amending.revert_findings],
        confirm=_("恢复后本次修改的内容作废。"),
    )
    def revert(self: Agreement, act: Act) -> None:
        """Put the text back as it was signed last, in one act; what was confirmed of the changed text is void."""
        amending.revert(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target=draft_or_stage,
        label=_("增加或更换签约方"),
        permission="bases.draft_agreement",
        form=parties.add_form,
        conditions=[parties.findings],
    )
    def add_party(self: Agreement, act: Act) -> None:
        """Enter a further party on a side, or one that takes another's place: every party confirms and signs."""
        self.goes_to = parties.change(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target=draft_or_stage,
        label=_("移除签约方"),
        permission="bases.draft_agreement",
        form=parties.remove_form,
        conditions=[parties.findings],
    )
    def remove_party(self: Agreement, act: Act) -> None:
        """Take a party out of an agreement that is not signed yet; its side keeps another."""
        self.goes_to = parties.change(self, act)

    @move(
        source="draft",
        target="signed",
        label=_("补录已签订的纸质协议"),
        permission="bases.draft_agreement",
        form=specs.paper_agreement,
        conditions=[signing.paper_findings],
    )
    def record_paper(self: Agreement, act: Act) -> None:
        """Enter an agreement that was signed on paper before, with its dates and scan (NM-7.3b)."""
        signing.record_paper(self, act)

    @move(source="draft", target="signed", label=_("补录现行协议"), permission="", system=True, hidden=True)
    def enter_existing(self: Agreement, act: Act) -> None:
        """It was signed before its base was entered: what stands on the paper comes with the base (bases.existing)."""

    @move(
        source="signed",
        label=_("补传协议扫描件"),
        permission="bases.draft_agreement",
        form=specs.agreement_scan,
        conditions=[signing.scan_findings],
    )
    def supply_scan(self: Agreement, act: Act) -> None:
        """Send in the scan of an agreement that was entered from paper without one."""
        signing.supply_scan(self, act)

    @move(
        source="confirming",
        target=GET_STATE(lambda self, act: self.goes_to, states=["sealing", "signed"]),
        label=_("进入用印"),
        permission="bases.manage_agreement",
        conditions=[signing.seal_findings],
        primary=True,
    )
    def begin_sealing(self: Agreement, act: Act) -> None:
        """Start signing and stamping, once everything before is done and the regulation's gate is open."""
        self.goes_to = signing.begin_sealing(self, act)

    @move(
        source="sealing",
        target="signed",
        label=_("登记签订"),
        permission="bases.manage_agreement",
        form=specs.signature,
        conditions=[signing.signature_findings],
        primary=True,
    )
    def record_signature(self: Agreement, act: Act) -> None:
        """Enter the dates that the signed text bears, with its matched scan."""
        signing.record_signature(self, act)

    @move(
        source="sealing",
        target="signed",
        label=_("线上确认视同签署"),
        permission="",
        system=True,
        hidden=True,
    )
    def sign_online(self: Agreement, act: Act) -> None:
        """Signed at once, where the parties' setting lets the online confirmation count as signature."""
        signing.sign_online(self, act)

    @move(
        source=stages,
        target="declined",
        label=_("不予确认"),
        permission="",
        system=True,
        hidden=True,
    )
    def turn_down(self: Agreement, act: Act) -> None:
        """The partner does not agree. The text stays readable; going on needs a new draft."""
        agreements.turn_down(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target="ended",
        label=_("放弃签订"),
        permission="bases.draft_agreement",
        form=specs.give_reason,
        confirm=_("放弃后本协议不能再办理，可另行草拟。"),
    )
    def abandon(self: Agreement, act: Act) -> None:
        """Give the draft up."""
        agreements.abandon(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target="ended",
        label=_("随基地终止"),
        permission="",
        system=True,
        hidden=True,
    )
    def end_with_base(self: Agreement, act: Act) -> None:
        """Not signed before its base ended: it is not signed any more."""
        agreements.end_with_base(self, act)

    @move(
        source="signed",
        target="ended",
        label=_("登记终止"),
        permission="bases.manage_agreement",
        form=ending.form_of,
        conditions=[ending.findings],
        system=True,
    )
    def terminate(self: Agreement, act: Act) -> None:
        """Enter that both sides or one of them ended it, from a day on; the portal itself what has run out or was replaced."""
        ending.terminate(self, act)

    @move(source="signed", label=_("期限延长"), permission="", system=True, hidden=True)
    def extend(self: Agreement, act: Act) -> None:
        """A signed supplement lets it last longer."""
        ending.extend(self, act)
