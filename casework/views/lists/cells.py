"""What the cells of this room's lists print: addresses, periods, units, counts."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.language import sign
from core.templatetags.ui import badge


def case_url(row: Any) -> str:
    """The page of the case that a row belongs to."""
    return f"/cases/{row.case_kind}/{row.case_id}/"


def period(start: Any, end: Any) -> str:
    """From one day to another, as lists print it."""
    return f"{start}{sign(' 至 ')}{end}" if start and end else str(start or end or "")


def owner(row: Any) -> str:
    """The organisation that runs a list or a notice."""
    unit = row.authority if row.authority_id and not row.university_id else row.university
    return unit.display_name if unit else ""


def open_count(opened: str, everything: str):
    """A cell with how many are open of how many there are; red words where any is."""

    def cell(row: Any) -> SafeString:
        waiting, total = getattr(row, opened), getattr(row, everything)
        if not total:
            return mark_safe("")
        if waiting:
            return badge("orange", _("未办结%(a)s件，共%(b)s件") % {"a": waiting, "b": total})
        return format_html('<span class="muted">{}</span>', _("%(b)s件均已办结") % {"b": total})

    return cell
