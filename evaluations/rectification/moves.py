"""The moves of a rectification."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from casework.moves import RoutedMoves, next_stage
from casework.steps import lifecycle as route
from casework.steps.engine import next_stage as stage_after
from core.door import Act, move, moves_of, on_arrival
from evaluations.models import Rectification
from evaluations.rectification import ordering, recheck, specs, work

on_arrival(recheck.arrived)


@route.kinds.register(Rectification)
class RectificationLifecycle(route.Lifecycle):
    def advanced(self, act: Act) -> str:
        goes_to = stage_after(self.case, act)
        if goes_to == self.case.AFTER_LAST:
            recheck.conclude(self.case, act, passed=True)
        return goes_to

    def sent_back(self, act: Act) -> None:
        recheck.sent_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        recheck.conclude(self.case, act, passed=False, reason=act.raw.get("reason") or "")


@moves_of(Rectification)
class RectificationMoves(RoutedMoves):
    """A rectification is ordered, worked on, reported, rechecked, and closed or failed."""

    @move(
        source="planned",
        target="draft",
        label=_("下达整改通知书"),
        permission="evaluations.order_rectification",
        form=specs.order,
        conditions=[ordering.order_findings],
        primary=True,
    )
    def order(self: Rectification, act: Act) -> None:
        """Order the repair: the problems with the way each will be checked, and by when."""
        ordering.order(self, act)

    @move(
        source=[state for state in Rectification.State.values if state not in ("planned", "cancelled")],
        label=_("登记送达"),
        permission="evaluations.order_rectification",
        form=ordering.delivery_form,
        conditions=[ordering.delivery_findings],
    )
    def record_delivery(self: Rectification, act: Act) -> None:
        """Enter that the order was delivered, with the signed proof."""
        ordering.deliver(self, act)

    @move(
        source="draft",
        label=_("增加问题"),
        permission="evaluations.order_rectification",
        form=specs.add_problem,
    )
    def add_problem(self: Rectification, act: Act) -> None:
        """Put a further problem on the list."""
        work.add_problem(self, act)

    @move(
        source=["draft", "checking", "rechecking"],
        label=_("变更整改期限"),
        permission="evaluations.order_rectification",
        form=specs.move_due,
        conditions=[ordering.move_findings],
    )
    def move_due(self: Rectification, act: Act) -> None:
        """Set another last day, where the regulation leaves it to the organiser."""
        ordering.move_due(self, act)

    @move(
        source="draft",
        label=_("填写整改情况"),
        permission="evaluations.rectify",
        form=specs.answer_problem,
        subjects=work.open_problems,
        conditions=[work.plan_findings],
        hidden=True,
    )
    def answer_problem(self: Rectification, act: Act) -> None:
        """Write cause and plan of a problem, and what was done, with its evidence."""
        work.answer_problem(self, act)

    @move(
        source="draft",
        target=next_stage,
        label=_("提交整改报告"),
        permission="evaluations.report_rectification",
        form=specs.report,
        conditions=[work.report_findings],
        primary=True,
    )
    def submit(self: Rectification, act: Act) -> None:
        """Hand the report in, to be checked and rechecked."""
        self.goes_to = work.report(self, act)

    @move(
        source=["draft", "checking", "rechecking"],
        label=_("逐条复核"),
        permission="evaluations.order_rectification",
        form=specs.check_problems,
        conditions=[recheck.check_findings],
    )
    def check_problems(self: Rectification, act: Act) -> None:
        """Close problems that were made good, one by one; say what is missing of the others."""
        recheck.check_problems(self, act)

    @move(
        source="draft",
        target=next_stage,
        label=_("期满未报，直接复核"),
        permission="evaluations.order_rectification",
        form=specs.give_reason,
        conditions=[work.unreported_findings],
    )
    def recheck_unreported(self: Rectification, act: Act) -> None:
        """Recheck after the last day although no report came in."""
        self.goes_to = work.recheck_unreported(self, act)

    @move(
        source=Rectification.UNFINISHED,
        target=GET_STATE(lambda self, act: self.goes_to, states=Rectification.UNFINISHED),
        label=_("整改期满"),
        permission="",
        system=True,
        hidden=True,
    )
    def end_period(self: Rectification, act: Act) -> None:
        """The last day has gone: tell everybody, and wait for the reevaluation where the regulation wants one."""
        self.goes_to = ordering.end_period(self, act)

    @move(
        source=Rectification.UNFINISHED,
        target="cancelled",
        label=_("终止整改"),
        permission="",
        system=True,
        hidden=True,
    )
    def cancel(self: Rectification, act: Act) -> None:
        """End it without a result, because the base is one no longer."""
        recheck.cancel(self, act)
