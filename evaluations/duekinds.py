"""What the ledger's rows of this room are called, and how they are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.ledger import kind
from evaluations.rectification.ordering import ORDER, REPAIR
from evaluations.services.schedule import ABSENT, REPORT

kind("evaluation_round", _("启动考核"))
kind(REPORT, _("考核自评"))
kind(ABSENT, listed=False)
kind("absence", _("核实未参加考核"))
kind(ORDER, _("下达整改"))
kind(REPAIR, _("限期整改"))
kind("rectification_end", listed=False)
