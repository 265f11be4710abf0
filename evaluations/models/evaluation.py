"""The evaluation of one base: self-report, checks, marks, grade."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bases.models import Recognition
from casework.models.routed import RoutedCase
from core.state_styles import BLUE, GREY, RED, YELLOW
from core.states import CaseStateField, States
from evaluations import prefill
from evaluations.models.round import Round

ENDED = ("confirmed", "missed", "cancelled")


class Evaluation(RoutedCase):
    """One base, one kind, one period. Its steps stand in the profile below `routes.evaluation`.

    The columns of the organisations are the recognition's, so that whoever sees the base sees how it was evaluated.
    `reasons` are those of the grade as the grading gave them, in plain values.
    """

    case_kind = "evaluation"
    locked_under = "recognition"
    kind_label = _("考核评价")

    class State(States):
        DRAFT = "draft", YELLOW, "edit", _("待自评")
        CHECKING = "checking", BLUE, "progress", _("审核中")
        MARKING = "marking", BLUE, "progress", _("评审中")
        DECIDING = "deciding", BLUE, "progress", _("评定中")
        CONFIRMED = "confirmed", GREY, "lock", _("已确认")
        MISSED = "missed", RED, "x-circle", _("未参加")
        CANCELLED = "cancelled", GREY, "minus-circle", _("已取消")

    STAGES = ("checking", "marking", "deciding")
    AFTER_LAST = "confirmed"
    PANEL_DONE = _("评审完成")
    TURNED_DOWN = "cancelled"
    DRAFTED_BY = frozenset()

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    in_round = models.ForeignKey(Round, models.PROTECT, related_name="evaluations", verbose_name=_("批次"))
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="evaluations", verbose_name=_("基地"))
    kind = models.CharField(_("考核类型"), max_length=40)
    period = models.CharField(_("考核期"), max_length=20)
    report_due = models.DateField(_("自评截止日"))
    reported_on = models.DateField(_("自评提交"), null=True)
    absent_since = models.DateField(_("逾期未报"), null=True)
    missed_reason = models.TextField(blank=True)
    suggested = models.CharField(_("建议等次"), max_length=40, blank=True)
    grade = models.CharField(_("确认等次"), max_length=40, blank=True)
    passed = models.BooleanField(_("是否合格"), null=True)
    score = models.DecimalField(_("得分"), max_digits=6, decimal_places=2, null=True)
    reasons = models.JSONField(default=list)
    confirmed_on = models.DateField(_("确认日期"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "kind", "period"], name="one_evaluation_per_base_kind_and_period"
            )
        ]
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["college", "-id"]),
            models.Index(fields=["partner", "-id"]),
            models.Index(fields=["in_round", "state"]),
        ]

    @property
    def declaration(self):
        """The kind of evaluation as the profile declares it."""
        return self.profile.evaluations[self.kind]

    @property
    def reporter(self) -> tuple[int, str]:
        """Organisation and role that hand the self-report in; where there is no such unit, or it keeps to paper, the
        clerk of the college, else of the university."""
        report = self.declaration.report
        unit = getattr(self, f"{report.unit}_id")
        if unit is None or (report.unit == "partner" and self.partner.paper_only):
            return (self.college_id, "secretary") if self.college_id else (self.university_id, "graduate_office")
        return unit, report.role

    # --- what the engine asks ---------------------------------------------------------------------------

    def follows(self, declared) -> bool:
        return not declared.tracks or self.kind in declared.tracks

    def form_keys(self) -> list[str]:
        return [self.declaration.report.form]

    def form_spec(self, form_key: str):
        return self.profile.forms[form_key]

    def dossier_open_to(self, membership) -> bool:
        """A department reads no draft: the self-report is its writers' until it is handed in."""
        written = self.state == "draft" and self.reported_on is None
        return not written or membership.organisation_id != self.authority_id

    def first_answers(self, form_key: str) -> dict:
        return prefill.known(self)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return prefill.editable_sections(self, form_key, actor)
