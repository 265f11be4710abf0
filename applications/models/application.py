"""An application for a base, from the draft to the decision (one recognition level each)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications import dossier, tracks
from applications.models.call import Call
from casework.models.routed import RoutedCase
from core.state_styles import BLUE, GREEN, GREY, RED
from core.states import CaseStateField, States
from tenants import roles
from tenants.models import Organisation, ScopedManager, ScopedQuerySet

ENDED = ("approved", "rejected", "withdrawn")


def _kept_back() -> Q:
    """What a partner unit drafts and has never handed in: nobody else's yet."""
    return Q(filed_by="partner", state="draft", round=1)


class ApplicationQuerySet(ScopedQuerySet):
    """A partner unit's own draft is seen by that unit alone until it is handed in; the university's and its colleges' are
    one house's."""

    def visible_to(self, membership, on: dt.date | None = None):
        rows = super().visible_to(membership, on)
        return rows if membership is None or membership.kind == roles.PARTNER else rows.exclude(_kept_back())

    def in_column(self, membership, case) -> bool:
        kept_back = case.filed_by == "partner" and case.state == "draft" and case.round == 1
        return super().in_column(membership, case) and (membership.kind == roles.PARTNER or not kept_back)


class Application(RoutedCase):
    """A state names the stage that is being worked on; which steps a stage has is the regulation's business."""

    case_kind = "application"
    kind_label = _("申报项目")

    class State(States):
        DRAFT = "draft", GREY, "edit", _("草稿")
        RECOMMENDING = "recommending", BLUE, "progress", _("推荐中")
        REVIEWING = "reviewing", BLUE, "progress", _("评审中")
        DECIDING = "deciding", BLUE, "progress", _("审定中")
        APPROVED = "approved", GREEN, "check-circle", _("已通过")
        REJECTED = "rejected", RED, "x-circle", _("未通过")
        WITHDRAWN = "withdrawn", GREY, "minus-circle", _("已放弃")

    STAGES = ("recommending", "reviewing", "deciding")
    AFTER_LAST = "approved"
    TURNED_DOWN = "rejected"

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    level = models.CharField(_("级别"), max_length=12)
    # The column whose organisation applies: a college, the university itself, or the partner unit that volunteers.
    filed_by = models.CharField(_("申报方"), max_length=12, default="college")
    track = models.CharField(max_length=40, blank=True)
    category_code = models.CharField(_("代码"), max_length=10, blank=True)
    category_name = models.CharField(_("专业学位类别"), max_length=60, blank=True)
    leader_name = models.CharField(_("负责人"), max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField(_("推荐排序"), null=True)
    priority = models.JSONField(default=list)
    precedence = models.PositiveSmallIntegerField(
        default=0
    )  # how many priority conditions it meets, while it is decided
    agreement = models.ForeignKey("bases.Agreement", models.PROTECT, null=True, related_name="+")
    recognition = models.ForeignKey("bases.Recognition", models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField(_("送审日期"), null=True)
    submitted_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField(null=True)
    stage_title = models.CharField(_("当前环节"), max_length=120, blank=True)
    outcome_reason = models.TextField(blank=True)

    objects = ScopedManager.from_queryset(ApplicationQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["college", "-id"]),
            models.Index(fields=["partner", "-id"]),
            models.Index(fields=["call", "state"]),
        ]

    @property
    def filer(self) -> Organisation | None:
        """The organisation that applies."""
        return getattr(self, self.filed_by)

    @property
    def applying_units(self) -> tuple:
        return (self.university, self.college) if self.filed_by == "college" else (self.filer,)

    @property
    def declared_track(self):
        """The way of applying as its regulation declares it, or None."""
        declared = self.profile.apply.tracks if self.profile.apply else []
        return next((track for track in declared if track.key == self.track), None)

    def note_columns(self) -> None:
        """The open steps, and since when the longest has been open; a draft's columns say since when it has been one."""
        self.precedence = len(self.priority) if self.state in self.STAGES else 0
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
        return dossier.form_spec(self, form_key)

    def first_answers(self, form_key: str) -> dict:
        return dossier.first_answers(self, form_key)

    def resolver(self, actor):
        return dossier.resolver(self, actor)

    def answers_saved(self, form_key: str, answers: dict) -> None:
        dossier.copy_columns(self, form_key, answers)
        tracks.settle(self)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return dossier.editable_sections(self, form_key, actor)

    def wants_agreement(self) -> bool:
        """Whether an agreement belongs to the application and none stands yet."""
        declared = self.profile.agreement
        if declared is None or self.state not in ("draft", *self.STAGES):
            return False
        if declared.order is not None and declared.order.value == "after_approval":  # it is the base's then
            return False
        return self.agreement is None or self.agreement.state in ("declined", "ended")
