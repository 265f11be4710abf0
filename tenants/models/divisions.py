"""Administrative divisions beyond the national list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Division(models.Model):
    """An administrative division that the national list in `core/data` does not hold: a city, or a demo
    province.
    """

    code = models.CharField(_("行政区划代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
