"""寄件: the originals of a stamped paper on their way by courier."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import AboutCase
from tenants.models import Organisation


class Parcel(AboutCase):
    """What one unit sent by courier for one step of a case, or for the case itself (`step_key` ""), in a round.

    A contact datum: it binds nobody, is part of no hash, and is put right in place; the log keeps what it said before.
    """

    round = models.PositiveSmallIntegerField(default=1)
    step_key = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.CharField(_("快递公司"), max_length=30)
    number = models.CharField(_("快递单号"), max_length=40)
    sent_on = models.DateField(_("寄出日期"))
    sent_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "round", "step_key", "unit"], name="one_parcel_a_unit_and_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.courier} {self.number}"
