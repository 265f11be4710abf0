"""Administrative divisions beyond the national list."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Division(models.Model):
    """An administrative division that the national list does not hold (a city founded since, a demo province), or another
    name for one that it does. `since` and `until`: the days between which it holds, open where none is given.
    """

    code = models.CharField(_("行政区划代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    since = models.DateField(_("启用日期"), null=True, blank=True)
    until = models.DateField(_("停用日期"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
