"""The rectification of one base: what is wrong, what is done about it, by when, and whether it was made good."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bases.models import Recognition
from casework.models import Effect
from casework.models.routed import RoutedCase
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY, ORANGE, RED, YELLOW
from core.states import CaseStateField, States
from evaluations.models.evaluation import Evaluation


class Rectification(RoutedCase):
    """Ordered after a failed evaluation, worked on by those whom the regulation names, rechecked, closed.

    `draft` is the state in which the responsible units work on it. `key` names what the profile says of it below
    `rectifications`; its steps stand below `routes.rectification`. While it is unfinished its `effect` stands on the
    recognition, so that whoever asks about the base on a day knows of it.
    """

    case_kind = "rectification"
    locked_under = "recognition"
    kind_label = _("整改")

    class State(States):
        PLANNED = "planned", YELLOW, "hourglass", _("待下达")
        DRAFT = "draft", ORANGE, "progress", _("整改中")
        CHECKING = "checking", BLUE, "progress", _("审核中")
        RECHECKING = "rechecking", BLUE, "search", _("复核中")
        PASSED = "passed", GREEN, "check-circle", _("已销号")
        FAILED = "failed", RED, "x-circle", _("整改不合格")
        CANCELLED = "cancelled", GREY, "minus-circle", _("已终止")

    STAGES = ("checking", "rechecking")
    AFTER_LAST = "passed"
    TURNED_DOWN = "failed"
    DRAFTED_BY = frozenset()
    UNFINISHED = ("planned", "draft", *STAGES)

    state = CaseStateField(_("状态"), default=State.PLANNED, states=State, protected=True)
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="rectifications", verbose_name=_("基地"))
    key = models.CharField(max_length=40)
    effect = models.OneToOneField(Effect, models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="rectifications")
    starts_on = models.DateField(_("整改开始"))
    due_on = models.DateField(_("整改期限"), null=True)
    notice_number = models.CharField(_("通知书编号"), max_length=60, blank=True)
    ordered_on = models.DateField(_("下达日期"), null=True)
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    report = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name=_("整改报告"))
    summary = models.TextField(_("整改情况"), blank=True)
    reported_on = models.DateField(_("整改报告提交"), null=True)
    concluded_on = models.DateField(_("复核日期"), null=True)
    outcome_reason = models.TextField(blank=True)
    deliveries = models.JSONField(default=list)  # whom the order reached (`casework.deliveries`)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "key"],
                condition=Q(state__in=("planned", "draft", "checking", "rechecking")),
                name="one_unfinished_rectification_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["university", "-id"]),
            models.Index(fields=["authority", "-id"]),
            models.Index(fields=["college", "-id"]),
            models.Index(fields=["partner", "-id"]),
        ]

    @property
    def declaration(self):
        """What the profile says of this rectification."""
        return self.profile.rectifications[self.key]

    @property
    def unfinished(self) -> bool:
        """Whether it still runs."""
        return self.state in self.UNFINISHED

    @property
    def counts_down(self) -> bool:
        """Whether the days to its last one still matter: a report is to come."""
        return self.unfinished and self.due_on is not None and self.reported_on is None

    def unit_of(self, actor):
        """The organisation in the column of a declared actor (`{unit, role}`), or None."""
        return self.route_unit(actor.unit)

    def open_problems(self) -> list[Problem]:
        """The problems that nobody has closed yet, in order."""
        return list(self.problems.filter(closed_on=None))

    # --- what the engine asks ---------------------------------------------------------------------------

    def follows(self, declared) -> bool:
        return not declared.tracks or self.key in declared.tracks

    def form_keys(self) -> list[str]:
        return []


class Problem(models.Model):
    """One problem of a rectification (问题清单): what is wrong and how that will be checked, from whoever ordered it;
    cause, plan and evidence, from who repairs it; closed by somebody else."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="problems")
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("存在问题"))
    criterion = models.TextField(_("核查方式"))
    cause = models.TextField(_("原因分析"), blank=True)
    plan = models.TextField(_("整改措施"), blank=True)
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    planned_on = models.DateField(_("完成时限"), null=True)
    result = models.TextField(_("完成情况"), blank=True)
    evidence = models.ManyToManyField(Document, related_name="+", verbose_name=_("佐证材料"))
    planned_by = models.CharField(max_length=80, blank=True)
    planned_user_id = models.BigIntegerField(null=True)
    answered_on = models.DateField(_("提交佐证日期"), null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_user_id = models.BigIntegerField(null=True)
    closed_on = models.DateField(_("销号日期"), null=True)
    closed_by = models.CharField(_("复核人"), max_length=80, blank=True)
    note = models.TextField(_("复核意见"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rectification", "number"], name="problems_are_numbered_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}"

    @property
    def answers(self) -> dict:
        """What was written so far, as the form by which it is written asks for it."""
        given = {name: getattr(self, name) for name in ("cause", "plan", "person", "result")}
        day = {"planned_on": self.planned_on.isoformat()} if self.planned_on else {}
        return {**given, **day, "evidence": list(self.evidence.values_list("pk", flat=True))}

    @property
    def writers(self) -> set[int]:
        """The users who wrote its plan or its evidence."""
        return {pk for pk in (self.planned_user_id, self.answered_user_id) if pk is not None}
