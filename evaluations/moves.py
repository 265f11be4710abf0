"""The moves of rounds and evaluations."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from casework.moves import RoutedMoves, next_stage, stages_and_after
from casework.steps import lifecycle as route
from core.door import Act, move, moves_of
from evaluations import specs
from evaluations.models import Evaluation, Round
from evaluations.services import confirming, lifecycle, rounds
from regulations.schema.evaluation import MISSED


@moves_of(Round)
class RoundMoves:
    """A round opens, takes further bases in, and closes with its results."""

    @move(
        source="planned",
        target="open",
        label=_("启动考核"),
        permission="evaluations.run_round",
        form=specs.open_round,
        conditions=[rounds.open_findings],
        primary=True,
        system=True,
    )
    def open(self: Round, act: Act) -> None:
        """Open the round: the bases in it are asked for their reports from now on."""
        rounds.open_round(self, act)

    @move(source="open", label=_("增加考核基地"), permission="evaluations.run_round", form=specs.add_base)
    def add_base(self: Round, act: Act) -> None:
        """Take one more base in by hand, with the reason."""
        rounds.add_base(self, act)

    @move(
        source="open",
        target="closed",
        label=_("结束考核批次"),
        permission="evaluations.run_round",
        form=specs.close_round,
        conditions=[rounds.close_findings],
        confirm=_("结束后，已得出的等次一次确定，不能再改。"),
    )
    def close(self: Round, act: Act) -> None:
        """Fix all results in one act; the evaluations follow."""
        rounds.close(self, act)


@route.kinds.register(Evaluation)
class EvaluationLifecycle(route.Lifecycle):
    def advanced(self, act: Act) -> str:
        return confirming.advance(self.case, act)

    def sent_back(self, act: Act) -> None:
        lifecycle.send_back(self.case, act)

    def turned_down(self, act: Act) -> None:
        lifecycle.cancel(self.case, act, act.raw.get("reason") or "")


@moves_of(Evaluation)
class EvaluationMoves(RoutedMoves):
    """An evaluation is reported, goes its route, and ends with a grade; or nobody reports."""

    @move(
        source="draft",
        target=next_stage,
        label=_("提交自评"),
        permission="evaluations.report",
        primary=True,
        conditions=[lifecycle.submit_findings],
    )
    def submit(self: Evaluation, act: Act) -> None:
        """Hand the self-report in: the version is locked, its paper issued, the route laid out."""
        lifecycle.submit(self, act)

    @move(source="draft", label=_("登记逾期未报"), permission="", system=True, hidden=True)
    def note_absence(self: Evaluation, act: Act) -> None:
        """Note that nothing came by the last day, and ask the organiser whether the base did not take part."""
        lifecycle.note_absence(self, act)

    @move(
        source="draft",
        target=MISSED,
        label=_("确认未参加考核"),
        permission="evaluations.run",
        form=specs.absence,
        conditions=[lifecycle.absence_findings],
        confirm=_("确认后，按办法对未参加考核的基地作出处理。"),
    )
    def miss(self: Evaluation, act: Act) -> None:
        """Decide that the base did not take part as required; what follows of it is proposed."""
        if act.data.get("decided_on"):
            act.on = dt.date.fromisoformat(act.data["decided_on"])
        lifecycle.miss(self, act)
        confirming.follow(self, act, MISSED)

    @move(
        source="draft",
        label=_("延长自评时间"),
        permission="evaluations.run",
        form=specs.time,
        conditions=[lifecycle.later_findings],
    )
    def grant_time(self: Evaluation, act: Act) -> None:
        """Give one base more time for its report, with the reason."""
        lifecycle.grant_time(self, act)

    @move(
        source=lambda model: ["draft", *model.STAGES],
        target="cancelled",
        label=_("取消本次考核"),
        permission="evaluations.run",
        form=specs.give_reason,
        confirm=_("取消后本基地在本批次中没有考核结果。"),
        system=True,
    )
    def cancel(self: Evaluation, act: Act) -> None:
        """End it without a result, with the reason."""
        lifecycle.cancel(self, act, act.data["reason"])

    @move(
        source=lambda model: [*stages_and_after(model), MISSED],
        label=_("陈述申辩"),
        permission="evaluations.state_case",
        form=specs.statement,
    )
    def state_case(self: Evaluation, act: Act) -> None:
        """Say something to the evaluation or its result; everybody concerned reads it, nothing changes by it."""
        act.reason = act.data["text"]
