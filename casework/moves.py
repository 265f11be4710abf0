"""The moves that every routed case shares, declared once, and those of an exception."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from casework import exceptions, linking, panels, specs
from casework.models import Override
from casework.models.routed import RoutedCase
from casework.panels import forms as panelforms
from casework.papers import parcels
from casework.steps import engine, lifecycle, waivers
from casework.steps import forms as stepforms
from core import ledger
from core.door import Act, move, moves_of
from tenants.models import Membership


def stages(model: type[RoutedCase]) -> tuple[str, ...]:
    """The states in which a case's steps are worked on."""
    return model.STAGES


def stages_and_after(model: type[RoutedCase]) -> list[str]:
    """These, and the one in which it has arrived: papers that were let wait may come later still."""
    return [*model.STAGES, model.AFTER_LAST]


def next_stage(model: type[RoutedCase]) -> GET_STATE:
    """A later stage, or the state after the last: which, the engine says before the move is made."""
    return GET_STATE(lambda self, act: self.goes_to, states=[*model.STAGES, model.AFTER_LAST])


class RoutedMoves:
    """What can happen to any case on its route. A room's class of moves inherits them (`core.door.moves_of`)."""

    @move(
        source=stages,
        label=_("办理"),
        permission="casework.act_on_step",
        form=stepforms.step_form,
        subjects=RoutedCase.actable_steps,
        early=engine.not_yet,
        conditions=[engine.step_findings],
        primary=True,
    )
    def act_on_step(self: RoutedCase, act: Act) -> None:
        """Do what the open step asks for: an opinion, a visit, a decision, evidence."""
        engine.complete(self, act)

    @move(
        source=stages,
        label=_("核对盖章件"),
        permission="casework.match_scan",
        form=specs.match_form,
        subjects=RoutedCase.unmatched_steps,
    )
    def match_scan(self: RoutedCase, act: Act) -> None:
        """Say whether the stamped scan is the version that was printed."""
        engine.match_scan(self, act)

    @move(
        source=stages,
        label=_("申请后补盖章件"),
        permission="casework.act_on_step",
        form=specs.ask_waiver,
        subjects=RoutedCase.waivable_steps,
        conditions=[waivers.ask_findings],
    )
    def ask_waiver(self: RoutedCase, act: Act) -> None:
        """Ask that the step's stamped paper may come later: why, and until when."""
        waivers.ask(self, act)

    @move(
        source=stages_and_after,
        label=_("补交盖章件"),
        permission="casework.supply_paper",
        form=stepforms.supply_scan,
        conditions=[parcels.act_findings],
        subjects=RoutedCase.missing_papers,
    )
    def supply_paper(self: RoutedCase, act: Act) -> None:
        """Bring the stamped paper that was let wait."""
        waivers.supply(self, act)

    @move(
        source=stages_and_after,
        label=_("核对补交的盖章件"),
        permission="casework.decide_override",
        form=specs.match_form,
        subjects=RoutedCase.uncompared_papers,
    )
    def match_supplied(self: RoutedCase, act: Act) -> None:
        """Say whether the stamped paper that came later is the version that was printed."""
        waivers.match_supplied(self, act)

    @move(
        source=stages,
        label=_("指派专家"),
        permission="casework.run_panel",
        form=panelforms.assign_form,
        subjects=RoutedCase.panel_steps,
        conditions=[panels.assign_findings],
    )
    def assign_expert(self: RoutedCase, act: Act) -> None:
        """Put an expert on the panel."""
        panels.assign(self, act)

    @move(
        source=stages,
        label=_("更换专家"),
        permission="casework.replace_expert",
        form=specs.give_reason,
        subjects=panels.standing,
    )
    def replace_expert(self: RoutedCase, act: Act) -> None:
        """Take an expert off the panel; what they drafted is void."""
        panels.replace(self, act)

    @move(
        source=stages,
        label=_("作出承诺"),
        permission="casework.review",
        form=panelforms.promise_form,
        subjects=panels.unpromised,
        primary=True,
    )
    def promise(self: RoutedCase, act: Act) -> None:
        """An expert promises to be impartial and silent; the dossier opens to them."""
        panels.promise(self, act)

    @move(
        source=stages,
        label=_("提交评审意见"),
        permission="casework.review",
        form=panelforms.opinion_form,
        subjects=panels.standing,
        conditions=[panels.opinion_findings],
        primary=True,
    )
    def give_opinion(self: RoutedCase, act: Act) -> None:
        """Hand in an expert's opinion; it may be given again until the panel closes."""
        panels.give_opinion(self, act)

    @move(
        source=stages,
        label=_("声明回避"),
        permission="casework.review",
        form=specs.give_reason,
        subjects=panels.standing,
    )
    def recuse(self: RoutedCase, act: Act) -> None:
        """An expert stands back."""
        panels.recuse(self, act)

    @move(
        source=stages,
        label=_("移交待办"),
        permission="casework.hand_over_step",
        form=stepforms.hand_over_form,
        subjects=RoutedCase.personal_steps,
    )
    def hand_over_step(self: RoutedCase, act: Act) -> None:
        """Give a step of one's own to a colleague of the same role, with the reason."""
        engine.hand_over(self, act, act.subject, stepforms.successor(act.subject, act.data["to"]))

    @move(
        source=stages,
        label=_("发送链接"),
        permission="casework.send_link",
        form=linking.send_form,
        subjects=RoutedCase.link_steps,
        conditions=[linking.send_findings],
        icon="send",
    )
    def send_link(self: RoutedCase, act: Act) -> None:
        """Mail somebody of the unit a one-time link for the step; an older one is dead."""
        linking.send(self, act)

    @move(
        source=stages,
        label=_("收回链接"),
        permission="casework.send_link",
        subjects=RoutedCase.linked_steps,
        confirm=_("收回后，已发出的链接不能再使用。"),
    )
    def withdraw_link(self: RoutedCase, act: Act) -> None:
        """Make the link for the step useless."""
        linking.withdraw(self, act)

    @move(source=stages, label=_("随离任移交"), permission="", system=True, hidden=True)
    def pass_on_step(self: RoutedCase, act: Act) -> None:
        """What a leaver had goes to the successor."""
        step = self.personal_steps().filter(pk=act.raw["pass_on"]).first()
        if step is not None:
            engine.hand_over(self, act, step, Membership.objects.get(pk=act.raw["to"]))

    @move(source=stages, label=_("逾期按办法办结"), permission="", system=True, hidden=True)
    def lapse(self: RoutedCase, act: Act) -> None:
        """Close a step whose due day passed in silence (positive or negative, as its regulation says)."""
        engine.lapse(self, act)

    @move(source=stages, label=_("环节办结"), permission="", system=True, hidden=True)
    def settle_step(self: RoutedCase, act: Act) -> None:
        """Close a step that waited for another case."""
        engine.settle(self, act)

    @move(source=stages, target=next_stage, label=_("进入下一环节"), permission="", system=True, hidden=True)
    def advance(self: RoutedCase, act: Act) -> None:
        """Go on to the next stage that has steps, as far as the case lets itself."""
        self.goes_to = lifecycle.of(self).advanced(act)

    @move(source=stages, target="draft", label=_("退回修改"), permission="", system=True, hidden=True)
    def send_back(self: RoutedCase, act: Act) -> None:
        """Return to whoever drew it up, with the reason; a new round begins."""
        lifecycle.of(self).sent_back(act)

    @move(
        source=stages,
        target=lambda model: model.TURNED_DOWN,
        label=_("不予通过"),
        permission="",
        system=True,
        hidden=True,
    )
    def turn_down(self: RoutedCase, act: Act) -> None:
        """End the case with a negative decision and its reason."""
        lifecycle.of(self).turned_down(act)


@moves_of(Override)
class OverrideMoves:
    """An exception is granted or refused."""

    @move(
        source="requested",
        target="granted",
        label=_("准予例外"),
        permission="casework.decide_override",
        form=specs.grant_override,
        conditions=[exceptions.own_request],
        primary=True,
    )
    def grant(self: Override, act: Act) -> None:
        """Let the rule pass for this case, with the reason on record."""
        _decide(self, act)
        if self.due_on:
            waivers.granted(self, act)

    @move(
        source="requested",
        target="refused",
        label=_("不予例外"),
        permission="casework.decide_override",
        form=specs.decide_override,
    )
    def refuse(self: Override, act: Act) -> None:
        """Keep the rule standing for this case."""
        _decide(self, act)


def _decide(override: Override, act: Act) -> None:
    override.decided_on, override.decided_by, override.decision_reason = act.on, act.actor.name, act.data["reason"]
    ledger.settle(override.asks_for)
