"""The moves of a placement."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as words
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from bases.effects import when_a_base_ends
from bases.models import Recognition
from casework.moves import RoutedMoves, next_stage
from casework.steps import engine
from casework.steps import lifecycle as route
from core import ledger
from core.door import Act, move, moves_of
from trainees import gates, services, specs, underway
from trainees.models import Insurance, Placement
from trainees.queries import STANDING
from trainees.services import APPLY, MANAGE


@route.kinds.register(Placement)
class PlacementLifecycle(route.Lifecycle):
    def advanced(self, act: Act) -> str:
        return underway.advanced(self.case, act)

    def sent_back(self, act: Act) -> None:
        self.case.goes_to = underway.sent_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        underway.turned_down(self.case, act)


@moves_of(Placement)
class PlacementMoves(RoutedMoves):
    """A stay is applied for or planned, the student goes, and the stay ends. What a base decides on later never ends it."""

    @move(
        source="draft",
        target=next_stage,
        label=_("提交申请"),
        permission=APPLY,
        conditions=[gates.applying],
        primary=True,
    )
    def submit(self: Placement, act: Act) -> None:
        """Hand the application in: whoever has an opinion on it is asked."""
        self.goes_to = underway.submit(self, act)

    @move(source="draft", target="planned", label=_("安排专业实践"), permission="", system=True, hidden=True)
    def plan(self: Placement, act: Act) -> None:
        """The stay is planned by whoever looks after the student: its regulation asks for no application."""

    @move(
        source="draft",
        label=_("选择导师"),
        permission=APPLY,
        form=specs.mentors,
        conditions=[gates.mentors],
    )
    def choose_mentors(self: Placement, act: Act) -> None:
        """Name the mentors of both sides in the application."""
        services.name_mentors(self, act)

    @move(
        source="draft",
        target="cancelled",
        label=_("放弃申请"),
        permission=APPLY,
        form=specs.give_reason,
        confirm=_("放弃后不能恢复，可另行申请。"),
    )
    def abandon(self: Placement, act: Act) -> None:
        """Give the application up before it is approved."""
        self.end_reason = act.data["reason"]
        ledger.settle_case(self)

    @move(
        source=["checking", "planned", "assessing"],
        target=GET_STATE(lambda self, act: self.goes_to, states=["draft", "active"]),
        label=_("退回修改"),
        permission="",
        system=True,
        hidden=True,
    )
    def send_back(self: Placement, act: Act) -> None:
        """Return to whoever wrote it, with the reason: the application, or what was handed in at the end."""
        route.of(self).sent_back(act)

    @move(
        source="planned",
        target=next_stage,
        label=_("登记进入基地"),
        permission=MANAGE,
        form=specs.entry,
        conditions=[gates.start],
        primary=True,
    )
    def start(self: Placement, act: Act) -> None:
        """The student goes to the base, once everything is there that its regulation asks for."""
        self.goes_to = underway.enter(self, act)

    @move(
        source=STANDING,
        label=_("安排导师"),
        permission=MANAGE,
        form=specs.mentors,
        conditions=[gates.mentors],
    )
    def assign_mentors(self: Placement, act: Act) -> None:
        """Name the mentors of both sides, or others in their place."""
        services.name_mentors(self, act)

    @move(source=["draft", "checking", *STANDING], label=_("登记保险"), permission=MANAGE, form=specs.insurance)
    def insure(self: Placement, act: Act) -> None:
        """Enter a policy that covers the student; a further one carries on where an earlier one ends."""
        period, scan = act.data["period"], act.data.get("scan") or []
        Insurance.objects.create(
            placement=self,
            insurer=act.data["insurer"],
            policy=act.data["policy"],
            starts_on=dt.date.fromisoformat(period["from"]),
            ends_on=dt.date.fromisoformat(period["to"]),
            scan_id=scan[0] if scan else None,
        )
        self.insured_until = self.insurances.aggregate(last=Max("ends_on"))["last"]

    @move(
        source="active",
        target=next_stage,
        label=_("登记结束"),
        permission=MANAGE,
        form=specs.ending,
        conditions=[gates.finishing],
        primary=True,
    )
    def end(self: Placement, act: Act) -> None:
        """The student has left the base, on a day; the assessment begins, where the regulation has one."""
        self.goes_to = underway.finish(self, act)

    @move(
        source="active",
        target=next_stage,
        label=_("提交实践考核"),
        permission="trainees.own",
        form=specs.ending,
        conditions=[gates.finishing],
        primary=True,
    )
    def hand_in(self: Placement, act: Act) -> None:
        """The student hands in what the regulation asks for at the end."""
        self.goes_to = underway.finish(self, act)

    @move(
        source="active",
        target="interrupted",
        label=_("登记中断"),
        permission=MANAGE,
        form=specs.interruption,
        conditions=[underway.interrupt_findings],
    )
    def interrupt(self: Placement, act: Act) -> None:
        """The student is not at the base for a while."""
        underway.interrupt(self, act)

    @move(
        source="interrupted",
        target="active",
        label=_("登记恢复"),
        permission=MANAGE,
        form=specs.resumption,
        conditions=[underway.resume_findings],
        primary=True,
    )
    def resume(self: Placement, act: Act) -> None:
        """The student is back, from a day until a day."""
        underway.resume(self, act)

    @move(
        source=Placement.THERE,
        label=_("申请提前结束"),
        permission="trainees.own",
        form=specs.give_reason,
        conditions=[gates.asked_already],
    )
    def ask_to_end(self: Placement, act: Act) -> None:
        """The student asks to end the stay before its last day, with the reason."""
        underway.ask_to_end(self, act)

    @move(
        source=Placement.THERE,
        label=_("不同意提前结束"),
        permission=MANAGE,
        form=specs.give_reason,
        conditions=[gates.nobody_asked],
    )
    def refuse_early(self: Placement, act: Act) -> None:
        """The stay goes on although the student asked to end it."""
        underway.refuse_early(self, act)

    @move(
        source=Placement.THERE,
        target="ended",
        label=_("提前结束"),
        permission=MANAGE,
        form=specs.early_end,
        conditions=[gates.early],
        confirm=_("提前结束后不能恢复，可另行申请。"),
    )
    def end_early(self: Placement, act: Act) -> None:
        """End it before its last day, at the student's request or by the college, with the reason."""
        underway.end_early(self, act)

    @move(
        source=Placement.THERE,
        target="ended",
        label=_("转入其他基地"),
        permission=MANAGE,
        form=specs.transfer,
        conditions=[gates.ending],
        confirm=_("本次实践随之结束，随后请为该研究生申请新的实践。"),
    )
    def transfer(self: Placement, act: Act) -> None:
        """End it here, because the student goes on at another base."""
        underway.transfer(self, act)

    @move(
        source=["checking", "planned"],
        target="cancelled",
        label=_("取消安排"),
        permission=MANAGE,
        form=specs.give_reason,
        confirm=_("取消后不能恢复，可另行安排。"),
    )
    def cancel(self: Placement, act: Act) -> None:
        """Give the plan up before the student went."""
        self.end_reason = act.data["reason"]
        engine.end_round(self, act)
        ledger.settle_case(self)

    @move(
        source=list(Placement.BEFORE),
        target="cancelled",
        label=_("随基地终止取消"),
        permission="",
        system=True,
        hidden=True,
    )
    def end_with_base(self: Placement, act: Act) -> None:
        """The base is one no longer before the student went: whoever is concerned is told, and plans anew."""
        engine.end_round(self, act)
        services.base_has_ended(self, act)


@when_a_base_ends
def cancel_planned(recognition: Recognition, act: Act) -> None:
    """Nobody comes any more from the day of the end on; who is there already goes on. Who was to come before that day
    may be there: whoever looks after them says so, or cancels."""
    for placement in recognition.placements.filter(
        state__in=Placement.BEFORE, starts_on__gte=recognition.ended_on
    ).order_by("pk"):
        reason = words("基地已于%(day)s终止（%(why)s）。") % {"day": recognition.ended_on, "why": recognition.end_label}
        act.then(placement, "end_with_base", {"reason": reason, "clause": recognition.end_clause})
