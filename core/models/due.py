"""What is due, and the days that are not what their weekday says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models.cases import AboutCase


class LedgerEntry(AboutCase):
    """Something due. One row per unique key: a reminder goes out once, a missed run is caught up.

    It is owed by a person where `membership_id` stands, else by a role of a unit. A row with a `handler` is made by the
    system when its day has passed; what it made is marked `acted_at`, what went wrong stands in `error`.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    case_title = models.CharField(max_length=200, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    membership_id = models.BigIntegerField(null=True)
    clause = models.CharField(max_length=40, blank=True)
    due_on = models.DateField()
    remind_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    handler = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    acted_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "role", "due_on"]),
            models.Index(fields=["case_kind", "case_id"], condition=models.Q(done_at=None), name="ledger_of_case"),
            models.Index(fields=["membership_id", "due_on"], condition=models.Q(done_at=None), name="ledger_of_person"),
            models.Index(fields=["remind_on"], condition=models.Q(reminded_at=None), name="ledger_waiting"),
            models.Index(fields=["due_on"], condition=models.Q(done_at=None), name="ledger_open"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.title}"


class Holiday(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend day worked instead."""

    day = models.DateField(primary_key=True)
    off = models.BooleanField(_("放假"))
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
