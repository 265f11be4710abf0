"""抄送: a case brought to a colleague's notice. It asks nothing of them and opens nothing to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import AboutCase
from tenants.models import Membership


class Copy(AboutCase):
    """One case copied to one colleague of the sender's organisation, who sees it there anyway."""

    case_number = models.CharField(max_length=40)
    case_title = models.CharField(max_length=200)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="copies")
    sender = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    sender_name = models.CharField(_("抄送人"), max_length=80)
    note = models.CharField(_("附言"), max_length=200, blank=True)
    on = models.DateField(_("抄送日期"))
    at = models.DateTimeField(_("抄送时间"), default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["membership", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "membership", "sender", "on"], name="one_copy_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.case_title
