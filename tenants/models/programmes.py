"""What an institution is authorised to train: its degree programmes (学位授权点)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.organisations import Organisation


class DegreeProgramme(models.Model):
    """One authorised programme of a university, with the colleges that run it."""

    university = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    colleges = models.ManyToManyField(Organisation, related_name="own_programmes", blank=True)
    code = models.CharField(_("专业学位类别代码"), max_length=10)
    name = models.CharField(_("专业学位类别"), max_length=60)
    professional = models.BooleanField(_("专业学位"), default=True)
    part_time = models.BooleanField(_("招收非全日制"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["university", "code"], name="one_programme_per_code_and_university")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
