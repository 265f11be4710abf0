"""A student's practice at a base: applied for, approved, entered, under way, assessed, ended.

What has to be there before a student goes is said by the regulation under which the base was recognised
(`trainees.gates`); opinions, the signatures of the plan and the assessment are steps of `routes.placement`, reports are
records. A regulation without such a route has its offices plan the stay, and nothing else changes.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.routed import RoutedCase
from core import clock
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY, ORANGE, RED
from core.states import CaseStateField, States
from tenants import roles
from tenants.models import Membership
from trainees import dossier
from trainees.models.student import Student


class Placement(RoutedCase):
    """One stay of one student at one recognised base, in one or more periods.

    Its columns are those of whom it concerns: university and partner are the base's, the college is the student's. The
    department has no part in it: it sees what was sent to it, and students are not (requirements, isolation). It runs
    under the version that the recognition pins when it is begun.

    The stages are states: opinions on the application while it is checked, what must be there before the student goes
    while it is planned, stage gates while it is under way, the assessment afterwards. Going to the base and leaving it are
    somebody's acts, with a day: no stay begins or ends by running out of steps.
    """

    case_kind = "placement"
    locked_under = "recognition"
    kind_label = _("专业实践")

    class State(States):
        DRAFT = "draft", GREY, "edit", _("待申请")
        CHECKING = "checking", BLUE, "progress", _("审批中")
        PLANNED = "planned", BLUE, "calendar", _("待进入基地")
        ACTIVE = "active", GREEN, "check-circle", _("实践中")
        INTERRUPTED = "interrupted", ORANGE, "flag", _("已中断")
        ASSESSING = "assessing", BLUE, "progress", _("考核中")
        ENDED = "ended", GREY, "lock", _("已结束")
        CANCELLED = "cancelled", GREY, "minus-circle", _("已取消")
        DECLINED = "declined", RED, "x-circle", _("未批准")

    STAGES = ("checking", "planned", "active", "assessing")
    HELD = ("planned", "active")
    AFTER_LAST = "ended"
    TURNED_DOWN = "declined"
    DRAFTED_BY = frozenset({("university", "graduate_office"), ("college", "secretary")})
    OVER = ("ended", "cancelled", "declined")
    BEFORE = ("draft", "checking", "planned")  # nobody is there yet
    THERE = ("active", "interrupted")  # the student has gone to the base and has not left it for good

    ENDS = [
        ("", _("期满")),
        ("early", _("本人申请提前结束")),
        ("college", _("学院提前终止")),
        ("transferred", _("转入其他基地")),
    ]

    state = CaseStateField(_("状态"), default=State.DRAFT, states=State, protected=True)
    student = models.ForeignKey(Student, models.PROTECT, related_name="placements")
    recognition = models.ForeignKey("bases.Recognition", models.PROTECT, related_name="placements")
    follows_on = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by"
    )  # a transfer's first part
    university_mentor = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="+", verbose_name=_("校内导师")
    )
    base_mentor = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", verbose_name=_("基地导师"))
    # First and last day of all its periods, and the last insured day: what lists show and sort by.
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    insured_until = models.DateField(_("保险到期"), null=True)
    entered_on = models.DateField(_("进入基地日期"), null=True)
    left_on = models.DateField(_("离开基地日期"), null=True)
    interrupted_on = models.DateField(_("中断日期"), null=True)
    early_asked_on = models.DateField(null=True)  # the student asked to end it early, and nobody has answered
    end_code = models.CharField(_("结束方式"), max_length=12, blank=True, choices=ENDS)
    end_reason = models.TextField(blank=True)
    end_clause = models.CharField(max_length=40, blank=True)  # where the base's end cancelled it

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="ends_after_it_starts")
        ]
        indexes = [
            models.Index(fields=["university", "state", "id"]),
            models.Index(fields=["college", "state", "id"]),
            models.Index(fields=["partner", "state", "id"]),
        ]

    searched = ("number", "student__name", "student__number", "recognition__base__name")

    # --- what the engine asks ---------------------------------------------------------------------------

    @property
    def declaration(self):
        """What the profile says of stays; None where the offices plan them without an application."""
        return self.profile.placement

    def form_keys(self) -> list[str]:
        """What is applied with; from the stay on also what is handed in at its end."""
        if self.declaration is None:
            return []
        begun = self.state not in self.BEFORE and self.declaration.completion is not None
        return [*self.declaration.forms, *([self.declaration.completion] if begun else [])]

    def form_open_to(self, form_key: str, membership) -> bool:
        """Where the student lives and whom to call is read by their own side, not by the unit where the stay is spent."""
        private = self.declaration is not None and form_key in self.declaration.private
        return not private or membership.kind in (roles.UNIVERSITY, roles.COLLEGE)

    def form_spec(self, form_key: str):
        return self.profile.forms[form_key]

    def first_answers(self, form_key: str) -> dict:
        return dossier.first_answers(self, form_key)

    def answers_saved(self, form_key: str, answers: dict) -> None:
        dossier.copy_columns(self, form_key, answers)

    def editable_sections(self, form_key: str, actor) -> set[str]:
        return dossier.editable_sections(self, form_key, actor)


class Period(models.Model):
    """From when until when the student is at the base, both days included; a stay may be interrupted."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


class Insurance(models.Model):
    """One policy that covers the student, both days included; a later one may carry on where an earlier one ends."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="insurances")
    insurer = models.CharField(_("保险公司"), max_length=100)
    policy = models.CharField(_("保单号"), max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    scan = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.policy
