"""A student's practice at a base: when, under which two mentors, insured from when until when.

What has to be there before a student goes is said by the regulation under which the base was recognised
(`trainees.gates`); reports, plans and assessment come as records and steps of this case.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.regulated import RegulatedCase
from core import clock
from core.models import Document
from core.state_styles import BLUE, GREEN, GREY
from core.states import CaseStateField, States
from tenants.models import Membership
from trainees.models.student import Student


class Placement(RegulatedCase):
    """One stay of one student at one recognised base, in one or more periods.

    Its columns are those of whom it concerns: university and partner are the base's, the college is the student's. The
    department has no part in it: it sees what was sent to it, and students are not (requirements, isolation). It runs
    under the version that the recognition pins when it is planned.
    """

    case_kind = "placement"
    locked_under = "recognition"
    kind_label = _("专业实践")

    class State(States):
        PLANNED = "planned", BLUE, "calendar", _("待进入基地")
        ACTIVE = "active", GREEN, "check-circle", _("实践中")
        ENDED = "ended", GREY, "lock", _("已结束")
        CANCELLED = "cancelled", GREY, "minus-circle", _("已取消")

    OVER = ("ended", "cancelled")

    state = CaseStateField(_("状态"), default=State.PLANNED, states=State, protected=True)
    student = models.ForeignKey(Student, models.PROTECT, related_name="placements")
    recognition = models.ForeignKey("bases.Recognition", models.PROTECT, related_name="placements")
    regulation_version = models.ForeignKey("regulations.RegulationVersion", models.PROTECT, related_name="+")
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
