"""The base: one university, one partner unit, one college that answers for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from tenants.models import Organisation


class Base(models.Model):
    """A platform run together. Whether it is a base today is said by its recognitions, one per level (RR-11)."""

    number = models.CharField(_("基地编号"), max_length=40, unique=True)
    former_number = models.CharField(_("原基地编号"), max_length=40, blank=True)  # where it was entered afterwards
    name = models.CharField(_("基地名称"), max_length=200)
    university = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    college = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category_code = models.CharField(_("专业学位类别代码"), max_length=10, blank=True)
    category_name = models.CharField(_("专业学位类别"), max_length=60, blank=True)
    leader_name = models.CharField(_("负责人"), max_length=60, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["university", "partner", "category_code"], name="one_base_per_pair_and_category"
            )
        ]

    def __str__(self) -> str:
        return self.name
