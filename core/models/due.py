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

    `remind_on` is the next day on which to remind of it, `stages` the days before `due_on` on which that is done, where
    there are several. `counted` says how the last day was found: {"from": day, "number": n, "unit": "working_days"}, and
    `estimated` that a year on the way has no table of working days yet.
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
    stages = models.JSONField(default=list)
    counted = models.JSONField(default=dict)
    estimated = models.BooleanField(default=False)
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


class Digest(models.Model):
    """What one person is told of on one day in one membership: one mail, however many rows. Open until it is `told_at`."""

    membership_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    on = models.DateField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership_id", "on"], name="one_digest_a_day")]
        indexes = [models.Index(fields=["on"], condition=models.Q(told_at=None), name="digest_open")]

    def __str__(self) -> str:
        return f"{self.on} {self.membership_id}"


class Reminder(models.Model):
    """A row of the ledger in somebody's digest; `late`: because its day has passed."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="reminders")
    entry = models.ForeignKey(LedgerEntry, models.CASCADE, related_name="reminders")
    late = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.digest_id} {self.entry_id}"


class DailyRun(models.Model):
    """That the digests of a tenant (`core.ledger.people.Directory.tenants`) have been made for a day, and what was said."""

    tenant = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField(default=clock.real_now)
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "on"], name="one_daily_run")]

    def __str__(self) -> str:
        return f"{self.tenant} {self.on}"


class Holiday(models.Model):
    """A day that is not what its weekday says, for the whole country: a holiday, or a weekend day worked instead."""

    day = models.DateField(primary_key=True)
    off = models.BooleanField(_("放假"))
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class OwnDay(models.Model):
    """What an organisation says of a day for itself and those below it. Rows are only added: the newest of a day holds,
    `off` None takes back what stood before."""

    organisation_id = models.BigIntegerField()
    day = models.DateField()
    off = models.BooleanField(null=True)
    name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class OwnYear(models.Model):
    """That an organisation has (or, withdrawn, has not) entered all days of a year: until then what is counted in it is
    estimated. Rows are only added."""

    organisation_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    complete = models.BooleanField()
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "year"])]

    def __str__(self) -> str:
        return f"{self.year} {self.complete}"
