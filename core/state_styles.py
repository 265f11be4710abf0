"""The colours of states, hints and warnings (ui-guide §7). Pages always add the word.

Which state has which colour is said where the state is declared (`core.states`).
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock

RED, ORANGE, YELLOW, BLUE, GREEN, GREY = "red", "orange", "yellow", "blue", "green", "grey"
TONES = (RED, ORANGE, YELLOW, BLUE, GREEN, GREY)

# The four-colour warning: within how many days of its last day something has which colour.
LIGHTS = ((RED, 7), (ORANGE, 30), (YELLOW, 60), (BLUE, 90))
LIGHT_DAYS = tuple(days for _tone, days in LIGHTS)

# Icon used where only a tone is known.
TONE_ICON = {
    RED: "alert",
    ORANGE: "return",
    YELLOW: "flag",
    BLUE: "progress",
    GREEN: "check-circle",
    GREY: "dot",
}


def of_outcome(passed: bool | None) -> tuple[str, str]:
    """(tone, icon) of what something came to: red never means success, green never failure."""
    return {True: (GREEN, "check-circle"), False: (RED, "x-circle")}.get(passed, (GREY, "dot"))


def of_due(due: dt.date | None, today: dt.date | None = None) -> tuple[str, str, str] | None:
    """(tone, icon, words) of the four-colour warning for a due date; None without a date.

    Red as well where it is overdue; grey beyond the last of `LIGHTS`.
    """
    if due is None:
        return None
    days = (due - (today or clock.today())).days
    if days < 0:
        return RED, "alert", ngettext("逾期%(days)d天", "逾期%(days)d天", -days) % {"days": -days}
    if days == 0:
        return RED, "clock", _("今天到期")
    words = ngettext("剩%(days)d天", "剩%(days)d天", days) % {"days": days}
    for tone, limit in LIGHTS:
        if days <= limit:
            return tone, "clock", words
    return GREY, "clock", words
