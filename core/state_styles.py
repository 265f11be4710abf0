"""Colour and icon of every state, by code (ui-guide §7). Pages always add the word.

A code that is not listed is drawn grey with a dot: a new state is readable before it has a colour.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock

RED, ORANGE, YELLOW, BLUE, GREEN, GREY = "red", "orange", "yellow", "blue", "green", "grey"
TONES = (RED, ORANGE, YELLOW, BLUE, GREEN, GREY)

# Icon used where only a tone is known.
TONE_ICON = {
    RED: "alert",
    ORANGE: "return",
    YELLOW: "flag",
    BLUE: "progress",
    GREEN: "check-circle",
    GREY: "dot",
}

STATES: dict[str, tuple[str, str]] = {
    # stages of a case on its way
    "draft": (GREY, "edit"),
    "planned": (GREY, "calendar"),
    "prepared": (GREY, "edit"),
    "preparing": (GREY, "edit"),
    "recommending": (BLUE, "progress"),
    "reviewing": (BLUE, "progress"),
    "deciding": (BLUE, "progress"),
    "checking": (BLUE, "progress"),
    "confirming": (BLUE, "progress"),
    "sealing": (BLUE, "stamp"),
    "publicised": (BLUE, "megaphone"),
    "sent": (BLUE, "send"),
    "requested": (YELLOW, "flag"),
    "pending": (BLUE, "hourglass"),
    "open": (BLUE, "progress"),
    "scheduled": (BLUE, "calendar"),
    "reported": (BLUE, "progress"),
    "marking": (BLUE, "progress"),
    "graded": (BLUE, "progress"),
    "ordered": (ORANGE, "return"),
    "rectifying": (ORANGE, "return"),
    "returned": (ORANGE, "return"),
    "correcting": (YELLOW, "flag"),
    "suspended": (ORANGE, "pause"),
    # ends
    "approved": (GREEN, "check-circle"),
    "recognised": (GREEN, "check-circle"),
    "active": (GREEN, "check-circle"),
    "signed": (GREEN, "check-circle"),
    "granted": (GREEN, "check-circle"),
    "fixed": (GREEN, "check-circle"),
    "published": (GREEN, "check-circle"),
    "confirmed": (GREEN, "check-circle"),
    "passed": (GREEN, "check-circle"),
    "submitted": (GREEN, "check-circle"),
    "done": (GREEN, "check-circle"),
    "rejected": (RED, "x-circle"),
    "declined": (RED, "x-circle"),
    "refused": (RED, "x-circle"),
    "failed": (RED, "x-circle"),
    "negative": (RED, "x-circle"),
    "revoked": (RED, "ban"),
    "missed": (RED, "alert"),
    "overdue": (RED, "alert"),
    "upheld": (ORANGE, "flag"),
    "dismissed": (GREY, "check"),
    "withdrawn": (GREY, "minus-circle"),
    "recused": (GREY, "minus-circle"),
    "closed": (GREY, "lock"),
    "ended": (GREY, "lock"),
    "expired": (GREY, "lock"),
    "superseded": (GREY, "history"),
    "skipped": (GREY, "minus-circle"),
    "waiting": (GREY, "hourglass"),
    "void": (GREY, "ban"),
    # papers and their stamped scans
    "none": (GREY, "dot"),
    "kept": (GREY, "archive"),
    "to_print": (GREY, "print"),
    "to_upload": (YELLOW, "upload"),
    "to_match": (YELLOW, "eye"),
    "matched": (GREEN, "check-circle"),
    "mismatch": (RED, "x-circle"),
    # people and places
    "invited": (YELLOW, "mail"),
    "assigned": (BLUE, "progress"),
    "accepted": (GREEN, "check-circle"),
    "inactive": (GREY, "ban"),
    # findings
    "blocking": (RED, "x-circle"),
    "exception": (YELLOW, "flag"),
    "hint": (BLUE, "info"),
}


def of_state(code: str) -> tuple[str, str]:
    """(tone, icon) of a state code; grey with a dot for one that nobody listed."""
    return STATES.get(code, (GREY, "dot"))


def of_due(due: dt.date | None, today: dt.date | None = None) -> tuple[str, str, str] | None:
    """(tone, icon, words) of the four-colour warning for a due date; None without a date.

    Red: overdue or within 7 days; orange within 30; yellow within 60; blue within 90; grey beyond.
    """
    if due is None:
        return None
    days = (due - (today or clock.today())).days
    if days < 0:
        return RED, "alert", ngettext("逾期%(days)d天", "逾期%(days)d天", -days) % {"days": -days}
    if days == 0:
        return RED, "clock", _("今天到期")
    words = ngettext("剩%(days)d天", "剩%(days)d天", days) % {"days": days}
    for limit, tone in ((7, RED), (30, ORANGE), (60, YELLOW), (90, BLUE)):
        if days <= limit:
            return tone, "clock", words
    return GREY, "clock", words
