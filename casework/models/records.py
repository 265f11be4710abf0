"""What stands beside a dated entry: who is asked to confirm it, and when a case owes the next one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.effects import Record
from core import clock
from core.models import AboutCase


class Confirmation(models.Model):
    """What one person (or role) named by the record's type says of an entry: open until they confirm it.

    `who` is the code of the profile's hand (`base_mentor`, `partner.contact`). `way` says how the answer came: on the
    page, by the link in a mail, or entered by `entered_by` for somebody who said it otherwise.
    """

    WAYS = [("page", _("本人在平台确认")), ("link", _("本人凭邮件链接确认")), ("entered", _("代录"))]

    record = models.ForeignKey(Record, models.PROTECT, related_name="confirmations")
    who = models.CharField(max_length=60)
    asked_at = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    on = models.DateField(_("确认日期"), null=True)
    by = models.CharField(_("确认人"), max_length=80, blank=True)
    entered_by = models.CharField(_("代录人"), max_length=80, blank=True)
    way = models.CharField(max_length=10, choices=WAYS, blank=True)
    comment = models.TextField(_("意见"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "who"], name="one_confirmation_of_each")]
        indexes = [models.Index(fields=["who"], condition=models.Q(confirmed_at=None), name="confirmations_open")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.who}"


class RecordClock(AboutCase):
    """When the next period of a record that a case owes again and again opens; None where none will, as far as is known.

    `number` is the next period's. Of a `rolling` cadence the next period begins with an entry, not with a day.
    """

    type = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1)
    opens_on = models.DateField(null=True)
    rolling = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "type"], name="one_clock_of_a_record"),
        ]
        indexes = [models.Index(fields=["opens_on"])]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.type}"
