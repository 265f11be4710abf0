"""An application for a base, from the draft to the decision (one recognition level each)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from applications import specs
from applications.models.call import Call
from applications.services import lifecycle
from casework import panels
from casework.models.routed import RoutedCase
from casework.panels import forms as panelforms
from casework.steps import engine, waivers
from casework.steps import forms as stepforms
from core.door import Act, move
from core.state_styles import BLUE, GREEN, GREY, RED
from core.states import CaseStateField, States
from tenants.models import Organisation

STAGES = ["recommending", "reviewing", "deciding"]
ENDED = ("approved", "rejected", "withdrawn")
NEXT = GET_STATE(lambda self, act: self._next, states=[*STAGES, "approved"])


class Application(RoutedCase):
    """A state names the stage that is being worked on; which steps a stage has is the regulation's business."""

    case_kind = "application"

    class State(States):
        DRAFT = "draft", GREY, "edit", _("草稿")
        RECOMMENDING = "recommending", BLUE, "progress", _("推荐中")
        REVIEWING = "reviewing", BLUE, "progress", _("评审中")
        DECIDING = "deciding", BLUE, "progress", _("审定中")
        APPROVED = "approved", GREEN, "check-circle", _("已认定")
        REJECTED = "rejected", RED, "x-circle", _("未通过")
        WITHDRAWN = "withdrawn", GREY, "minus-circle", _("已放弃")

    STAGES = tuple(STAGES)
    AFTER_LAST = "approved"

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    level = models.CharField(_("级别"), max_length=12)
    track = models.CharField(max_length=40, blank=True)
    category_code = models.CharField(_("代码"), max_length=10, blank=True)
    category_name = models.CharField(_("专业学位类别"), max_length=60, blank=True)
    leader_name = models.CharField(_("负责人"), max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField(_("推荐排序"), null=True)
    priority = models.JSONField(default=list)
    agreement = models.ForeignKey("bases.Agreement", models.PROTECT, null=True, related_name="+")
    recognition = models.ForeignKey("bases.Recognition", models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField(_("送审日期"), null=True)
    submitted_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField(null=True)
    stage_title = models.CharField(_("当前环节"), max_length=120, blank=True)
    outcome_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["college", "-id"]),
            models.Index(fields=["partner", "-id"]),
            models.Index(fields=["call", "state"]),
        ]

    def save(self, *args, **kwargs) -> None:
        """Save, with the columns that lists show and sort by."""
        self.note_stage()
        super().save(*args, **kwargs)

    def note_stage(self) -> None:
        """Copy what lists show and sort by to the columns: the open steps, and since when the longest has been open.

        Called before every save; a draft's columns say since when it has been one.
        """
        if self.pk is None or self.state == "draft":
            self.stage_title = ""
            self.stage_since = self.stage_since or self.created_at
            return
        if self.state in ENDED:
            self.stage_title = ""
            return
        rows = list(self.steps().values_list("title", "state", "scan", "opened_at", "closed_at"))
        waiting = [(title, opened) for title, state, _scan, opened, _closed in rows if state == "open"]
        waiting += [
            (gettext("%(s)s（盖章件待核对）") % {"s": title}, closed)
            for title, state, scan, _opened, closed in rows
            if state == "done" and scan == "to_match"
        ]
        self.stage_title = "、".join(title for title, _since in waiting)[:120]
        since = [moment for _title, moment in waiting if moment is not None]
        if since:
            self.stage_since = min(since)

    # --- what the engine asks ---------------------------------------------------------------------------

    def follows(self, declared) -> bool:
        return not declared.tracks or self.track in declared.tracks

    def route_unit(self, column: str) -> Organisation | None:
        return self.call.authority if column == "authority" else getattr(self, column)

    def form_keys(self) -> list[str]:
        return [self.profile.apply.form.value] if self.profile.apply and self.profile.apply.form else []

    def form_spec(self, form_key: str):
        return lifecycle.form_spec(self, form_key)

    def answers_saved(self, form_key: str, answers: dict) -> None:
        lifecycle.copy_columns(self, form_key, answers)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return lifecycle.editable_sections(self, form_key, actor)

    def wants_agreement(self) -> bool:
        """Whether an agreement belongs to the application and none stands yet."""
        if self.profile.agreement is None or self.state not in ("draft", *self.STAGES):
            return False
        return self.agreement is None or self.agreement.state in ("declined", "ended")

    def ranked(self, rank: int) -> None:
        self.rank = rank

    # --- moves -------------------------------------------------------------------------------------------

    @move(
        "state",
        source="draft",
        target=NEXT,
        label=_("送审"),
        permission="applications.submit",
        primary=True,
        conditions=[lifecycle.submit_findings],
    )
    def submit(self, act: Act) -> None:
        """Hand the application in: the version is locked, its paper issued, the route laid out."""
        lifecycle.submit(self, act)

    @move(
        "state",
        source=["draft", "recommending"],
        label=_("申请例外"),
        permission="applications.submit",
        form=specs.override_request,
        conditions=[lifecycle.override_findings],
    )
    def request_override(self, act: Act) -> None:
        """Ask the named role to let a rule pass that holds "in principle" only."""
        lifecycle.request_override(self, act)

    @move(
        "state",
        source=["draft", "recommending"],
        label=_("增加合作单位"),
        permission="applications.submit",
        form=specs.add_partner,
        conditions=[lifecycle.partner_findings],
    )
    def add_partner(self, act: Act) -> None:
        """Bring a further partner unit in, where the regulation lets one."""
        lifecycle.add_partner(self, act)

    @move(
        "state",
        source="draft",
        label=_("申请增加合作单位（例外）"),
        permission="applications.submit",
        form=specs.add_partner,
        conditions=[lifecycle.partner_request_findings],
    )
    def request_partner(self, act: Act) -> None:
        """Ask the named role to let a further partner unit in."""
        lifecycle.request_partner(self, act)

    @move(
        "state",
        source="recommending",
        target="draft",
        label=_("撤回"),
        permission="applications.submit",
        form=specs.give_reason,
        conditions=[lifecycle.recall_findings],
    )
    def recall(self, act: Act) -> None:
        """Take the application back before anybody has acted on it."""
        lifecycle.back_to_draft(self, act, act.data["reason"], None)

    @move(
        "state",
        source=STAGES,
        label=_("办理"),
        permission="casework.act_on_step",
        form=stepforms.step_form,
        subjects=RoutedCase.actable_steps,
        conditions=[engine.step_findings],
        primary=True,
    )
    def act_on_step(self, act: Act) -> None:
        """Do what the open step asks for: an opinion, a visit, a decision, evidence."""
        engine.complete(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("核对盖章件"),
        permission="casework.match_scan",
        form=specs.match_form,
        subjects=RoutedCase.unmatched_steps,
    )
    def match_scan(self, act: Act) -> None:
        """Say whether the stamped scan is the version that was printed."""
        engine.match_scan(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("申请后补盖章件"),
        permission="casework.act_on_step",
        form=specs.ask_waiver,
        subjects=RoutedCase.waivable_steps,
        conditions=[waivers.ask_findings],
    )
    def ask_waiver(self, act: Act) -> None:
        """Ask that the step's stamped paper may come later: why, and until when."""
        waivers.ask(self, act)

    @move(
        "state",
        source=[*STAGES, "approved"],
        label=_("补交盖章件"),
        permission="casework.supply_paper",
        form=specs.supply_scan,
        subjects=RoutedCase.missing_papers,
    )
    def supply_paper(self, act: Act) -> None:
        """Bring the stamped paper that was let wait."""
        waivers.supply(self, act)

    @move(
        "state",
        source=[*STAGES, "approved"],
        label=_("核对补交的盖章件"),
        permission="casework.decide_override",
        form=specs.match_form,
        subjects=RoutedCase.uncompared_papers,
    )
    def match_supplied(self, act: Act) -> None:
        """Say whether the stamped paper that came later is the version that was printed."""
        waivers.match_supplied(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("指派专家"),
        permission="casework.run_panel",
        form=panelforms.assign_form,
        subjects=RoutedCase.panel_steps,
        conditions=[panels.assign_findings],
    )
    def assign_expert(self, act: Act) -> None:
        """Put an expert on the panel."""
        panels.assign(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("更换专家"),
        permission="casework.replace_expert",
        form=specs.give_reason,
        subjects=panels.standing,
    )
    def replace_expert(self, act: Act) -> None:
        """Take an expert off the panel; what they drafted is void."""
        panels.replace(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("提交评审意见"),
        permission="casework.review",
        form=panelforms.opinion_form,
        subjects=panels.standing,
        primary=True,
    )
    def give_opinion(self, act: Act) -> None:
        """Hand in an expert's opinion; it may be given again until the panel closes."""
        panels.give_opinion(self, act)

    @move(
        "state",
        source=STAGES,
        label=_("声明回避"),
        permission="casework.review",
        form=specs.give_reason,
        subjects=panels.standing,
    )
    def recuse(self, act: Act) -> None:
        """An expert stands back."""
        panels.recuse(self, act)

    @move("state", source=STAGES, label=_("环节办结"), permission="", system=True, hidden=True)
    def settle_step(self, act: Act) -> None:
        """Close a step that waited for a list, a notice, an agreement or a document."""
        engine.settle(self, act)

    @move("state", source=STAGES, target=NEXT, label=_("进入下一环节"), permission="", system=True, hidden=True)
    def advance(self, act: Act) -> None:
        """Go on to the next stage that has steps; after the last one the base is established."""
        lifecycle.advance(self, act)

    @move("state", source=STAGES, target="draft", label=_("退回修改"), permission="", system=True, hidden=True)
    def send_back(self, act: Act) -> None:
        """Return to the applicant with reasons; a new round begins with its own date for correction."""
        lifecycle.back_to_draft(self, act, act.raw.get("note") or "", act.raw.get("due"), act.raw.get("sections"))

    @move(
        "state",
        source=STAGES,
        target="rejected",
        label=_("不予通过"),
        permission="",
        system=True,
        hidden=True,
    )
    def turn_down(self, act: Act) -> None:
        """End the application with a negative decision and its reason."""
        lifecycle.end(self, act, act.raw.get("reason") or "")

    @move(
        "state",
        source=["recommending"],
        target="rejected",
        label=_("不予推荐"),
        permission="applications.not_recommend",
        form=specs.give_reason,
        conditions=[lifecycle.not_on_a_list],
    )
    def not_recommend(self, act: Act) -> None:
        """The institution does not put the application forward, with the reason."""
        lifecycle.end(self, act, act.data["reason"])

    @move(
        "state",
        source=["draft", *STAGES],
        target="withdrawn",
        label=_("放弃申报"),
        permission="applications.submit",
        form=specs.give_reason,
        confirm=_("放弃后本项目不能恢复。"),
    )
    def withdraw(self, act: Act) -> None:
        """The applicant gives the application up."""
        lifecycle.end(self, act, act.data["reason"])
