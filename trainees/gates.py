"""The gates before a student goes to a base, and while they are there: what stands against it, by the base's regulation.

All of them ask the rules of the profile on the day that matters, the first day at the base, not the day of the click.
What the regulation only warns of (a base in rectification, one that takes nobody next year) blocks nobody.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core import clock
from core.door import Act
from core.findings import Finding
from regulations import gates
from regulations.rules import check
from trainees import specs
from trainees.models import Placement

PLAN, MENTORS, START, STAY = "placement.plan", "placement.mentors", "placement.start", "placement.stay"
gates.declare(PLAN, lazy("安排专业实践时"), "placement")
gates.declare(MENTORS, lazy("安排导师时"), "placement")
gates.declare(START, lazy("研究生进入基地时"), "placement")
gates.declare(STAY, lazy("研究生在基地期间"), "placement")


def first_day(placement: Placement, act: Act | None = None) -> dt.date:
    """The day on which the student goes: the one being entered, else the planned one, or today where that is over."""
    if act is not None and act.data.get("entered_on"):
        return dt.date.fromisoformat(act.data["entered_on"])
    return max(placement.starts_on, clock.today())


def planning(placement: Placement) -> list[Finding]:
    """What stands against planning the stay, its mentors as far as they are named."""
    on = placement.starts_on
    found = check(placement.profile, PLAN, placement, on) + check(placement.profile, MENTORS, placement, on)
    ended = placement.recognition.state == "ended"
    if ended and not any(one.blocks for one in found):  # what ended takes nobody, whether or not its text says so
        facts = {"recognition": placement.recognition.number, "state": placement.recognition.state}
        found.append(Finding("", "hard", _("该基地已终止，不能安排研究生。"), facts))
    return found


def mentors(placement: Placement, act: Act) -> list[Finding]:
    """What stands against these two mentors, for the days that are left."""
    known = {
        f"placement.{key}": named.name if (named := specs.mentor_named(act.data.get(key))) is not None else None
        for key in ("university_mentor", "base_mentor")
    }
    return check(placement.profile, MENTORS, placement, max(placement.starts_on, clock.today()), known=known)


def start(placement: Placement, act: Act) -> list[Finding]:
    """What stands against the student's going to the base, on the day that is entered."""
    on = first_day(placement, act)
    found = check(placement.profile, START, placement, on)
    if act.data.get("entered_on"):
        found += _day_faults(placement, on)
    return found


def _day_faults(placement: Placement, on: dt.date) -> list[Finding]:
    if on > clock.today():
        text = _("进入基地日期不能晚于今天。")
    elif not placement.starts_on <= on <= placement.ends_on:
        text = _("进入基地日期应在%(a)s至%(b)s之内。") % {"a": placement.starts_on, "b": placement.ends_on}
    else:
        return []
    return [Finding("", "hard", text, {"entered_on": on.isoformat()}, field="entered_on")]


def ending(placement: Placement, act: Act) -> list[Finding]:
    """Left on a day between the entry and today."""
    on = dt.date.fromisoformat(act.data["left_on"]) if act.data.get("left_on") else None
    if on is None or placement.entered_on <= on <= clock.today():
        return []
    text = _("离开基地日期应在%(a)s至%(b)s之内。") % {"a": placement.entered_on, "b": clock.today()}
    return [Finding("", "hard", text, {"left_on": on.isoformat()}, field="left_on")]


def warnings(placement: Placement) -> list[Finding]:
    """What the regulation warns of while the student is at the base; nothing of it ends the stay."""
    return check(placement.profile, STAY, placement, clock.today())
