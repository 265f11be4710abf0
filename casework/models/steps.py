"""The steps of a case's route, as rows from its submission on, and the decisions of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import AboutCase, Document
from core.state_styles import BLUE, GREEN, GREY, ORANGE, RED
from core.states import StateField, States
from tenants.models import Membership, Organisation

if TYPE_CHECKING:
    from casework.models.routed import RoutedCase


class Decision(models.Model):
    """What a meeting decided, with its minutes (RR-8). One set of minutes may decide many cases at once."""

    body = models.CharField(_("会议名称"), max_length=80)
    session = models.CharField(_("届次"), max_length=80)
    decided_on = models.DateField(_("会议日期"))
    resolution = models.TextField(_("决议"), blank=True)
    minutes = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.body} {self.session}"


class Step(AboutCase):
    """One step of a case's route in one round.

    What the step asks for stands in the profile version that the case pins, under `key`; the row keeps who has to
    act, whether and how they did, and the facts on which its condition was judged.
    """

    class State(States):
        WAITING = "waiting", GREY, "hourglass", _("未到")
        OPEN = "open", BLUE, "progress", _("待办")
        DONE = "done", GREEN, "check-circle", _("已办")
        NEGATIVE = "negative", RED, "x-circle", _("否定")
        RETURNED = "returned", ORANGE, "return", _("已退回")
        SKIPPED = "skipped", GREY, "minus-circle", _("不适用")
        VOID = "void", GREY, "ban", _("已作废")

    SCANS = [("", _("无需盖章件")), ("to_match", _("待核对")), ("matched", _("一致"))]

    of_case: RoutedCase | None = None  # the case, where a page that shows it has read its steps (casework.prefetched)

    case_title = models.CharField(max_length=200)
    case_number = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    clause = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="steps")
    offline = models.BooleanField(default=False)
    state = StateField(max_length=10, states=State, default=State.WAITING)
    scan = models.CharField(max_length=10, choices=SCANS, default="", blank=True)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_estimated = models.BooleanField(default=False)  # a year on the way has no table of working days yet
    closed_at = models.DateTimeField(null=True)
    on = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    by_silence = models.BooleanField(default=False)
    opinion = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    confirmed_sha256 = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    entered_by = models.CharField(max_length=80, blank=True)
    membership_id = models.BigIntegerField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="steps")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "round", "key", "unit"], name="one_step_per_round_and_unit"
            )
        ]
        indexes = [
            models.Index(fields=["case_kind", "case_id"]),
            models.Index(fields=["unit", "role", "due_on"], condition=models.Q(state="open"), name="open_steps"),
        ]
        ordering = ["round", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def finished(self) -> bool:
        """Nothing more to wait for: done with its stamped paper matched, not applicable, or a no that the others' number
        outweighs."""
        if self.state == "negative":
            return self.facts.get("outvoted") is True
        return self.state == "skipped" or (self.state == "done" and self.scan in ("", "matched"))
