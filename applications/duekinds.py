"""What the ledger's rows of this room are called, and how they are told of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.ledger import kind

kind("call", _("申报截止"))
kind("call_end", _("批次结束"))
kind("correction", _("补正"))
kind("stage_supervision", _("环节监管确认"))
