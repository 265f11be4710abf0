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
from core.forms.clean import clean
from core.language import bracketed, listed
from regulations import gates
from regulations.rules import check
from tenants import roles
from trainees import queries, spans, specs
from trainees.models import Placement

PLAN, MENTORS, START = "placement.plan", "placement.mentors", "placement.start"
APPLY, FINISH, CLOSE = "placement.apply", "placement.finish", "placement.close"
gates.declare(APPLY, lazy("申请专业实践时"), "placement")
gates.declare(PLAN, lazy("安排专业实践时"), "placement")
gates.declare(MENTORS, lazy("安排导师时"), "placement")
gates.declare(START, lazy("研究生进入基地时"), "placement")
gates.declare(FINISH, lazy("提交实践考核时"), "placement")
gates.declare(CLOSE, lazy("实践考核办结时"), "placement")


def planning(placement: Placement) -> list[Finding]:
    """What stands against planning the stay, its mentors as far as they are named; and whether the base takes the student."""
    on = placement.starts_on
    rules = [finding for gate in (PLAN, MENTORS) for finding in check(placement.profile, gate, placement, on)]
    return rules + _taken(placement, on)


def applying(placement: Placement, act: Act) -> list[Finding]:
    """What stands against the application: its forms, the rules of applying and of planning on the first day there, and
    whether the base takes the student."""
    declared = placement.declaration
    if declared is None:
        return [Finding("", "hard", _("本基地适用的办法没有规定申请程序，由学院直接安排。"), {})]
    return [
        *incomplete(placement, declared.forms, act),
        *check(placement.profile, APPLY, placement, clock.today()),
        *planning(placement),
    ]


def incomplete(placement: Placement, forms, act: Act) -> list[Finding]:
    """What these forms still lack, each with the clause of its section."""
    findings: list[Finding] = []
    for key in forms:
        findings += clean(
            placement.form_spec(key), placement.form_answers(key), resolver=placement.resolver(act.actor)
        )[1]
    return findings


def unsigned(placement: Placement) -> list[Finding]:
    """The steps before entry that are not done, each with whose they are."""
    return [
        Finding(
            step.clause,
            "hard",
            _("“%(step)s”尚未办结") % {"step": step.title},
            {"step": step.key},
            _("请由%(who)s办理。") % {"who": whose(step)},
        )
        for step in placement.steps().filter(stage="planned", state__in=("waiting", "open", "negative"))
    ]


def whose(step) -> str:
    """Who has a step, by name where it is a person's."""
    if step.assignee is not None:
        return step.assignee.name
    unit = step.unit.display_name if step.unit is not None else ""
    return bracketed(unit, roles.role_label(step.role))


def finishing(placement: Placement, act: Act) -> list[Finding]:
    """Left on a day between the entry and today; what is handed in at the end is complete."""
    findings, declared = ending(placement, act), placement.declaration
    if declared is not None and declared.completion is not None:
        findings += incomplete(placement, [declared.completion], act)
    open_steps = placement.steps().filter(stage="active", state__in=("waiting", "open", "negative"))
    for step in open_steps:
        text = _("“%(step)s”尚未办结") % {"step": step.title}
        findings.append(Finding(step.clause, "hard", text, {"step": step.key}))
    return findings + check(placement.profile, FINISH, placement, clock.today())


def closing(placement: Placement) -> list[Finding]:
    """What the file of a stay lacks when the last of its assessment is done."""
    return check(placement.profile, CLOSE, placement, clock.today())


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
    findings = [*unsigned(placement), *starting(placement, on)]
    if not entered:
        return findings
    if on > clock.today():
        text = _("进入基地日期不能晚于今天。")
    elif not placement.starts_on <= on <= placement.ends_on:
        text = _("进入基地日期应在%(a)s至%(b)s之内。") % {"a": placement.starts_on, "b": placement.ends_on}
    else:
        return findings
    return [*findings, Finding("", "hard", text, {"entered_on": entered}, field="entered_on")]


def starting(placement: Placement, on: dt.date, known: dict | None = None) -> list[Finding]:
    """What the regulation and the base say against the student's being there from a day on."""
    return check(placement.profile, START, placement, on, known=known or {}) + _taken(placement, on)


def ending(placement: Placement, act: Act) -> list[Finding]:
    """Left on a day between the entry and today."""
    left = act.data.get("left_on")
    if not left or placement.entered_on <= dt.date.fromisoformat(left) <= clock.today():
        return []
    text = _("离开基地日期应在%(a)s至%(b)s之内。") % {"a": placement.entered_on, "b": clock.today()}
    return [Finding("", "hard", text, {"left_on": left}, field="left_on")]


def asked_already(placement: Placement, act: Act) -> list[Finding]:
    """One request at a time."""
    if placement.early_asked_on is None:
        return []
    text = _("已于%(day)s申请提前结束，等待答复。") % {"day": placement.early_asked_on}
    return [Finding("", "hard", text, {"asked_on": str(placement.early_asked_on)})]


def nobody_asked(placement: Placement, act: Act) -> list[Finding]:
    """Nothing is refused that nobody asked for."""
    if placement.early_asked_on is not None:
        return []
    return [Finding("", "hard", _("研究生没有申请提前结束。"), {})]


def early(placement: Placement, act: Act) -> list[Finding]:
    """Left on a day between the entry and today; the student's own request is one that was made."""
    asked = nobody_asked(placement, act) if act.data.get("end_code") == "early" else []
    return [*asked, *ending(placement, act)]


def taken(placement: Placement) -> list[Finding]:
    """Whether the base takes the student on the first day of the stay, for whoever begins to apply."""
    return _taken(placement, placement.starts_on)


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
