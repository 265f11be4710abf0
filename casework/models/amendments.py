"""What was changed in a content after it had been handed in: what, how it read, how it reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import AboutCase


class Amendment(AboutCase):
    """One change of a case's content, made through the door. Rows are never changed: the next one stands beside it.

    `changes` are the differences field by field (`core.forms.content.Change`), each a term, a fact or a contact; `voided`
    names the confirmations that covered a changed term and so are void.
    """

    KINDS = [
        ("change", _("修改内容")),
        ("contact", _("更正联系方式")),
        ("party", _("调整签约方")),
        ("revert", _("恢复到上次签订的版本")),
    ]

    kind = models.CharField(max_length=10, choices=KINDS)
    form = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField()
    changes = models.JSONField(default=list)
    voided = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the terms as they stand after it
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=80)
    made_in = models.CharField(max_length=120, blank=True)
    membership_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "id"])]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.kind} {self.pk}"
