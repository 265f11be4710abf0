"""The moves of recognitions."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from bases import candidates, decisions, effects, ending, gates, grants, outputs, specs, succession
from bases.events import incidents, withdrawals
from bases.models import Recognition
from bases.models.recognition import STANDING
from casework import records
from casework.effects.moves import EffectMoves
from casework.records import confirming
from core import clock
from core.door import Act, move, moves_of


@moves_of(Recognition)
class RecognitionMoves(EffectMoves):
    """A recognition comes into force, gets its plaque and its records, and may be cancelled."""

    @move(
        source="pending",
        target="active",
        label=_("基地生效"),
        permission="",
        system=True,
        hidden=True,
        conditions=[gates.activation],
    )
    def activate(self: Recognition, act: Act) -> None:
        """The base is one from now on: what the regulation ties it to has happened."""
        self.active_on = act.on
        gates.after_activation(self, act)

    @move(source="pending", target="active", label=_("补录在建基地"), permission="", system=True, hidden=True)
    def enter_existing(self: Recognition, act: Act) -> None:
        """It has been a base since before the portal: entered with everything that it is (bases.existing)."""

    @move(
        source=STANDING,
        label=_("登记授牌"),
        permission="bases.manage",
        form=specs.plaque,
        conditions=[gates.plaque],
    )
    def issue_plaque(self: Recognition, act: Act) -> None:
        """Hand the plaque over, once: day, recipient, photo."""
        self.plaque_on = dt.date.fromisoformat(act.data["issued_on"])
        self.plaque_to = act.data["recipient"]
        photo = act.data.get("photo") or []
        self.plaque_photo_id = photo[0] if photo else None

    @move(
        source=STANDING,
        label=_("新增记录"),
        permission="bases.record",
        form=specs.record,
        hidden=True,
        conditions=[records.findings],
    )
    def enter_record(self: Recognition, act: Act) -> None:
        """Enter a dated record of a type that the regulation asks for."""
        outputs.entered(self, records.keep(self, act))

    @move(
        source=[*STANDING, "ended"],
        label=_("确认记录"),
        permission="bases.confirm_record",
        hidden=True,
        conditions=[confirming.findings],
    )
    def confirm_records(self: Recognition, act: Act) -> None:
        """Whoever a record type names confirms entries on the base."""
        confirming.confirm(self, act)

    @move(
        source=[*STANDING, "ended"],
        label=_("登记处理结果"),
        permission="bases.settle_record",
        form=specs.settle_record,
        subjects=records.open_matters,
        conditions=[records.settle_findings],
    )
    def settle_record(self: Recognition, act: Act) -> None:
        """Settle a matter that was raised on the base: the day and how (XCU-11.5)."""
        records.settle(self, act)

    @move(
        source="active",
        label=_("列入或移出候选"),
        permission="bases.mark_candidate",
        form=candidates.spec,
        conditions=[candidates.findings],
    )
    def mark_candidate(self: Recognition, act: Act) -> None:
        """Mark the base as a candidate for another programme, or take the mark back."""
        candidates.mark(self, act)

    @move(
        source="pending",
        target="ended",
        label=_("取消（未生效）"),
        permission="bases.manage",
        form=specs.give_reason,
        confirm=_("取消后不能恢复，须重新申报。"),
    )
    def cancel(self: Recognition, act: Act) -> None:
        """End a recognition that never came into force, because no agreement was reached."""
        self.ended_on, self.end_code, self.end_reason = clock.today(), "no_agreement", act.data["reason"]
        effects.close(self, act)

    @move(
        source=STANDING,
        target="ended",
        label=_("基地终止"),
        permission="",
        system=True,
        hidden=True,
    )
    def revoke(self: Recognition, act: Act) -> None:
        """End the base, because an effect that ends it was confirmed."""
        effects.revoke(self, act)

    @move(source=STANDING, label=_("更换合作单位"), permission="", system=True, hidden=True)
    def change_partner(self: Recognition, act: Act) -> None:
        """A text with another partner takes effect: from that day on the base is the new partner's to see and to run."""
        succession.change(self, act)

    @move(source=[*STANDING, "ended"], label=_("协议终止"), permission="", system=True, hidden=True)
    def agreement_over(self: Recognition, act: Act) -> None:
        """One of its agreements has ended: who takes part is told, and what the regulation lets follow is proposed."""
        ending.over(self, act)

    @move(
        source=[*STANDING, "ended"],
        label=_("登记送达"),
        permission="bases.record_delivery",
        form=decisions.delivery_form,
        subjects=decisions.undelivered,
        conditions=[decisions.delivery_findings],
    )
    def record_delivery(self: Recognition, act: Act) -> None:
        """Enter that a decision was delivered, with the signed proof."""
        decisions.deliver(self, act)

    @move(
        source="active",
        label=_("重新批准"),
        permission="bases.approve_again",
        form=effects.approve_again_form,
        conditions=[effects.approve_again_findings],
    )
    def approve_again(self: Recognition, act: Act) -> None:
        """Let a base that was suspended take students again (CZMC-6.3.4b)."""
        effects.approve_again(self, act)

    @move(
        source="active",
        label=_("给予经费支持"),
        permission="bases.give_grant",
        form=grants.spec,
        conditions=[grants.findings],
    )
    def give_grant(self: Recognition, act: Act) -> None:
        """Give a sum that the regulation provides for, once (NM-17c, NM-18)."""
        grants.give(self, act)

    @move(
        source="active",
        label=_("登记重大事项"),
        permission="bases.enter_incident",
        hidden=True,
        conditions=[incidents.begin_findings],
    )
    def enter_incident(self: Recognition, act: Act) -> None:
        """Enter an incident on the base, to be reported (NM-20a)."""
        incidents.begin(self, act)

    @move(
        source="active",
        label=_("提出自主撤销"),
        permission="bases.withdraw",
        hidden=True,
        conditions=[withdrawals.begin_findings],
    )
    def request_withdrawal(self: Recognition, act: Act) -> None:
        """Begin a joint request to give the base up (NM-21)."""
        withdrawals.begin(self, act)
