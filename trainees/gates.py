"""The gates before a student goes to a base: what stands against it on the day that matters, the first day there.

The rules of each gate stand in the profile under which the base was recognised. Whether the base takes students on that
day is answered by what was decided about it (`bases.intake`), with the clause of each decision. What only warns blocks
nobody, and nothing that is decided about a base later ends a stay.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.intake import Intake, intake
from core import clock
from core.door import Act
from core.findings import Finding
from core.language import listed
from regulations import gates
from regulations.rules import check
from trainees import queries, spans, specs
from trainees.models import Placement

PLAN, MENTORS, START = "placement.plan", "placement.mentors", "placement.start"
gates.declare(PLAN, lazy("安排专业实践时"), "placement")
gates.declare(MENTORS, lazy("安排导师时"), "placement")
gates.declare(START, lazy("研究生进入基地时"), "placement")


def planning(placement: Placement) -> list[Finding]:
    """What stands against planning the stay, its mentors as far as they are named; and whether the base takes the student."""
    on = placement.starts_on
    rules = [finding for gate in (PLAN, MENTORS) for finding in check(placement.profile, gate, placement, on)]
    return rules + _taken(placement, on)


def mentors(placement: Placement, act: Act) -> list[Finding]:
    """What stands against these two mentors, for the days that are left."""
    named = {key: specs.mentor_named(act.data.get(key)) for key in ("university_mentor", "base_mentor")}
    known = {f"placement.{key}": mentor.name if mentor is not None else None for key, mentor in named.items()}
    return check(placement.profile, MENTORS, placement, max(placement.starts_on, clock.today()), known=known)


def start(placement: Placement, act: Act) -> list[Finding]:
    """What stands against the student's going to the base: on the day being entered, else on the planned one, or today
    where that is over."""
    entered = act.data.get("entered_on")
    on = dt.date.fromisoformat(entered) if entered else max(placement.starts_on, clock.today())
    findings = check(placement.profile, START, placement, on) + _taken(placement, on)
    if not entered:
        return findings
    if on > clock.today():
        text = _("进入基地日期不能晚于今天。")
    elif not placement.starts_on <= on <= placement.ends_on:
        text = _("进入基地日期应在%(a)s至%(b)s之内。") % {"a": placement.starts_on, "b": placement.ends_on}
    else:
        return findings
    return [*findings, Finding("", "hard", text, {"entered_on": entered}, field="entered_on")]


def ending(placement: Placement, act: Act) -> list[Finding]:
    """Left on a day between the entry and today."""
    left = act.data.get("left_on")
    if not left or placement.entered_on <= dt.date.fromisoformat(left) <= clock.today():
        return []
    text = _("离开基地日期应在%(a)s至%(b)s之内。") % {"a": placement.entered_on, "b": clock.today()}
    return [Finding("", "hard", text, {"left_on": left}, field="left_on")]


def _taken(placement: Placement, on: dt.date) -> list[Finding]:
    """Whether the base takes one more student on the day, with reasons; what warns is said and blocks nobody."""
    answer = intake(placement.recognition, on)
    return [*answer.stops, *_over_the_limit(placement, answer), *_outside_agreement(placement), *answer.warnings]


def _over_the_limit(placement: Placement, answer: Intake) -> list[Finding]:
    if answer.limit is None:
        return []
    there = queries.at_the_base(placement).count()
    if there < answer.limit:
        return []
    clause = next((warning.clause for warning in answer.warnings if warning.facts.get("effect") == "intake_limit"), "")
    text = _("基地在此期间最多接收%(most)s名研究生，已安排%(there)s名。") % {"most": answer.limit, "there": there}
    return [Finding(clause, "hard", text, {"limit": answer.limit, "there": there})]


def _outside_agreement(placement: Placement) -> list[Finding]:
    """A base that came into force with the signature of its agreement takes students while a signed one holds."""
    declared = placement.profile.recognition
    rests = declared.active_when if declared is not None else None
    if rests is None or rests.value != "signed":
        return []
    days = spans.words(queries.outside_agreement(placement))
    if not days:
        return []
    text = _("%(days)s不在已签订的合作协议期限内。") % {"days": listed(days)}
    fix = _("请调整实践时间，或先签订续签协议。")
    return [Finding(rests.clause or "", "hard", text, {"outside_agreement": days}, fix)]


def warnings(placement: Placement) -> list[Finding]:
    """What those who look after a student should know of the base today. Nothing of it ends the stay."""
    answer = intake(placement.recognition, clock.today())
    return [*answer.stops, *answer.warnings]
