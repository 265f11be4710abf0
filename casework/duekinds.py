"""What the ledger's rows of this room are called, and how they are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.models.effects import SUPPLY
from casework.records import cadence, clocks
from casework.steps import stays
from core.ledger import kind

kind("step", _("环节办理"))
kind(stays.KIND, _("环节停留"), after=15)
kind("opinion", _("评审意见"))
kind("notice", _("公示届满"))
kind("record", _("台账事项办结"))
kind(cadence.KIND, _("定期登记"))
kind(clocks.YEARLY, _("全年次数"))
kind(cadence.NEXT, listed=False)
kind(SUPPLY, _("补交盖章件"))
