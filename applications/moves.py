"""The moves of calls and applications."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from applications import callplans, calls, links, specs, training
from applications.models import Application, Call
from applications.services import lifecycle
from bases.specs import record
from casework.moves import RoutedMoves, next_stage
from casework.steps import lifecycle as route
from core import ledger
from core.door import Act, move, moves_of


@moves_of(Call)
class CallMoves:
    """A call is announced, shared out, extended, and ends."""

    @move(
        source="planned",
        target="open",
        label=_("发布申报批次"),
        permission="applications.run_call",
        primary=True,
        conditions=[calls.open_findings],
    )
    def open(self: Call, act: Act) -> None:
        """Announce the call. The regulation version and its forms are frozen into it from now on."""
        calls.announce(self, act)

    @move(
        source="planned",
        label=_("修改批次"),
        permission="applications.run_call",
        form=specs.revise_call,
        conditions=[callplans.revise_findings],
    )
    def revise(self: Call, act: Act) -> None:
        """Correct a call that nobody below knows of yet."""
        callplans.revise(self, act)

    @move(
        source="planned",
        target="void",
        label=_("作废批次"),
        permission="applications.run_call",
        form=specs.give_reason,
        confirm=_("作废后本批次不能恢复。"),
    )
    def void(self: Call, act: Act) -> None:
        """Give up a call that was planned by mistake; it stays readable for whoever planned it."""
        ledger.settle_case(self)

    @move(
        source=["planned", "open"],
        label=_("分配名额"),
        permission="applications.run_call",
        form=specs.quotas,
        conditions=[callplans.quota_findings],
    )
    def set_quotas(self: Call, act: Act) -> None:
        """Set the quotas of all units in one table, with the factors that the regulation names."""
        callplans.set_quotas(self, act)

    @move(
        source=["planned", "open"],
        label=_("分配名额（单个单位）"),
        permission="applications.run_call",
        form=specs.quota,
        hidden=True,
    )
    def set_quota(self: Call, act: Act) -> None:
        """Set how many cases one unit may put forward, from the factors that the regulation names."""
        calls.set_quota(self, act)

    @move(
        source=["open", "closed"],
        target="open",
        label=_("个别延期"),
        permission="applications.run_call",
        form=specs.extension,
        conditions=[calls.extension_findings],
    )
    def extend(self: Call, act: Act) -> None:
        """Give one unit more time, with the letter's number and the reason; a call that had ended runs on for that unit alone."""
        calls.extend(self, act)

    @move(
        source="open",
        label=_("设定校内截止时间"),
        permission="applications.set_school_deadline",
        form=specs.school_deadline,
        conditions=[calls.deadline_findings],
    )
    def set_school_deadline(self: Call, act: Act) -> None:
        """A university sets its own earlier date for its colleges."""
        calls.set_school_deadline(self, act)

    @move(
        source="open",
        target="closed",
        label=_("结束申报"),
        permission="applications.run_call",
        conditions=[calls.close_findings],
        system=True,
    )
    def close(self: Call, act: Act) -> None:
        """End the call after its last window; what was sent goes on."""
        ledger.settle_case(self)


@route.kinds.register(Application)
class ApplicationLifecycle(route.Lifecycle):
    def ranked(self, rank: int) -> None:
        self.case.rank = rank

    def advanced(self, act: Act) -> str:
        return lifecycle.advance(self.case, act)

    def sent_back(self, act: Act) -> None:
        lifecycle.back_to_draft(self.case, act, act.raw.get("note") or "", act.raw.get("due"))

    def turned_down(self, act: Act) -> None:
        lifecycle.end(self.case, act, act.raw.get("reason") or "")


@moves_of(Application)
class ApplicationMoves(RoutedMoves):
    """An application is handed in, goes its route, and may be given up."""

    @move(
        source="draft",
        target=next_stage,
        label=_("送审"),
        permission="applications.submit",
        primary=True,
        conditions=[lifecycle.submit_findings],
    )
    def submit(self: Application, act: Act) -> None:
        """Hand the application in: the version is locked, its paper issued, the route laid out."""
        lifecycle.submit(self, act)

    @move(
        source=["draft", "recommending"],
        label=_("申请例外"),
        permission="applications.submit",
        form=specs.override_request,
        conditions=[lifecycle.override_findings],
    )
    def request_override(self: Application, act: Act) -> None:
        """Ask the named role to let a rule pass that holds "in principle" only."""
        lifecycle.request_override(self, act)

    @move(source="draft", label=_("关联协议"), permission="applications.submit", hidden=True)
    def link_agreement(self: Application, act: Act) -> None:
        """Say which existing agreement the draft rests on."""
        links.linked(self, act)

    @move(source="draft", label=_("解除协议关联"), permission="applications.submit", hidden=True)
    def unlink_agreement(self: Application, act: Act) -> None:
        """Take the agreement off the draft again."""
        links.unlinked(self, act)

    @move(
        source=["draft", "recommending"],
        label=_("增加合作单位"),
        permission="applications.submit",
        form=specs.add_partner,
        conditions=[lifecycle.partner_findings],
    )
    def add_partner(self: Application, act: Act) -> None:
        """Bring a further partner unit in, where the regulation lets one."""
        lifecycle.add_partner(self, act)

    @move(
        source="draft",
        label=_("申请增加合作单位（例外）"),
        permission="applications.submit",
        form=specs.add_partner,
        conditions=[lifecycle.partner_request_findings],
    )
    def request_partner(self: Application, act: Act) -> None:
        """Ask the named role to let a further partner unit in."""
        lifecycle.request_partner(self, act)

    @move(
        source="recommending",
        target="draft",
        label=_("撤回"),
        permission="applications.submit",
        form=specs.give_reason,
        conditions=[lifecycle.recall_findings],
    )
    def recall(self: Application, act: Act) -> None:
        """Take the application back before anybody has acted on it."""
        lifecycle.back_to_draft(self, act, act.data["reason"], None)

    @move(
        source=["recommending"],
        target="rejected",
        label=_("不予推荐"),
        permission="applications.not_recommend",
        form=specs.give_reason,
        conditions=[lifecycle.not_on_a_list],
    )
    def not_recommend(self: Application, act: Act) -> None:
        """The institution does not put the application forward, with the reason."""
        lifecycle.end(self, act, act.data["reason"])

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target="withdrawn",
        label=_("放弃申报"),
        permission="applications.submit",
        form=specs.give_reason,
        confirm=_("放弃后本项目不能恢复。"),
    )
    def withdraw(self: Application, act: Act) -> None:
        """The applicant gives the application up."""
        lifecycle.end(self, act, act.data["reason"])

    @move(
        source=lambda model: ["draft", *model.STAGES, "approved"],
        label=_("新增记录"),
        permission="applications.record",
        form=record,
        hidden=True,
        conditions=[training.findings],
    )
    def enter_record(self: Application, act: Act) -> None:
        """Enter a dated record that a regulation without bases wants of an arrangement, its college or its institution."""
        training.keep(self, act)
