"""What the ledger's rows of this room are called, and how they are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bases import outputs
from core.ledger import kind

kind("agreement_expiry", _("协议到期"), staged=True)
kind("agreement_replaced", _("协议替代"))
kind("partner_change", _("合作单位更换"))
kind("agreement_due", _("修订协议"))
kind("construction", _("建设期届满"), staged=True)
kind("incident", _("重大事项报告"))
kind(outputs.KIND, _("合作成果"))
