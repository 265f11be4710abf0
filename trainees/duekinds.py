"""What the ledger's rows of this room are called, and how they are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.ledger import kind
from core.ledger.kinds import PERSONAL_CASES
from trainees.models import Placement

kind("placement_starts", _("进入基地"), personal=True)
kind("placement_ends", _("实践期满"), personal=True)
kind("placement_early", _("申请提前结束实践"), personal=True)

PERSONAL_CASES.add(Placement.case_kind)
