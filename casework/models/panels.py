"""Experts on a dossier: who was assigned until when, who stood back, what they said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.steps import Step
from core import clock
from core.models import AboutCase
from core.state_styles import BLUE, GREEN, GREY, YELLOW
from core.states import StateField, States
from tenants.models import Membership


class Assignment(AboutCase):
    """One expert on one case's panel step. The row is the truth; the object permission is its projection."""

    class State(States):
        INVITED = "invited", YELLOW, "mail", _("待承诺")
        ASSIGNED = "assigned", BLUE, "progress", _("评审中")
        SUBMITTED = "submitted", GREEN, "check-circle", _("已提交")
        RECUSED = "recused", GREY, "minus-circle", _("已回避")
        WITHDRAWN = "withdrawn", GREY, "minus-circle", _("已更换")

    OPEN = ("invited", "assigned", "submitted")

    step = models.ForeignKey(Step, models.PROTECT, related_name="assignments")
    case_title = models.CharField(max_length=200)
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    expert_kind = models.CharField(_("专家类别"), max_length=20, blank=True)  # the membership's, as it was on that day
    state = StateField(max_length=10, states=State, default=State.INVITED)
    opens_on = models.DateField()
    closes_on = models.DateField(_("评审截止日"))
    promised_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    verdict = models.CharField(max_length=20, blank=True)
    score = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    earlier = models.JSONField(default=list)  # what was handed in before it was handed in again, the oldest first
    void = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    assigned_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "expert"],
                condition=Q(state__in=("invited", "assigned", "submitted")),
                name="one_open_assignment_per_expert",
            )
        ]
        indexes = [
            models.Index(fields=["expert", "closes_on"]),
            models.Index(fields=["case_kind", "case_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.expert} {self.case_title}"

    def is_open(self, on=None) -> bool:
        """Whether the expert may read the dossier on a day (default today): judged by dates, not by jobs."""
        on = on or clock.today()
        return self.state in self.OPEN and self.opens_on <= on <= self.closes_on

    @property
    def promised(self) -> bool:
        """Whether the expert has promised to be impartial and silent: only then the dossier opens."""
        return self.promised_at is not None

    def first_answers(self) -> dict:
        """What the form starts with when an opinion is given again: what was handed in, marks included."""
        marks = {mark_field(mark.indicator): str(mark.value) for mark in self.marks.filter(computed=False)}
        return {**self.answers, **marks}


MARK = "mark_"


def mark_field(indicator: str) -> str:
    """The field of an expert's form that takes the mark of an indicator."""
    return f"{MARK}{indicator}"


class Mark(models.Model):
    """What one expert gave one indicator of the panel's sheet, or what the portal computed for it from a fact."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="marks")
    indicator = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=6, decimal_places=2)
    computed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "indicator"], name="one_mark_per_assignment_and_indicator"),
            models.CheckConstraint(condition=Q(value__gte=0), name="no_mark_below_zero"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.value}"
