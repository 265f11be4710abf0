"""A rectification begins with its effect, is ordered with a list of problems, and falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework import deliveries, papers
from casework.models import Effect
from casework.steps.engine import rounds
from core import ledger, serials
from core.calendar import term_end
from core.door import Act, create
from core.findings import Finding
from core.language import listed
from evaluations.models import Problem, Rectification
from regulations.schema import Rectification as Declared
from regulations.settings import figure
from tenants.models import Membership

# Keys of the papers that order it, list its problems and say what came of it, and what they are called where a profile
# names none.
NOTICE, LEDGER, RESULT = "rectification_notice", "rectification_ledger", "rectification_result"
TITLES = {
    NOTICE: gettext_noop("限期整改通知书"),
    LEDGER: gettext_noop("整改方案及台账"),
    RESULT: gettext_noop("整改复核意见书"),
}
ORDER = "rectification_order"  # kind of the ledger's row that asks for the order
REPAIR = "rectification"  # kind of the rows of those who have to repair


def begin(effect: Effect, recognition, act: Act, evaluation=None) -> Rectification:
    """Enter the rectification that an effect on a base leads to, to be ordered by whom the regulation names.

    `effect.code` is its key below `rectifications`. Where the regulation fixes the period it runs from the effect's
    first day. One that is running already under the key goes on: nobody repairs the same thing twice at a time.
    """
    running = recognition.rectifications.filter(key=effect.code, state__in=Rectification.UNFINISHED).first()
    if running is not None:
        return running
    version = evaluation.regulation_version if evaluation is not None else recognition.regulation_version
    declared = version.profile.rectifications[effect.code]
    case = create(
        Rectification(
            number=serials.number("ZG", act.now.year),
            title=f"{recognition.listed_title}：{declared.title}"[:200],
            regulation_version=version,
            recognition=recognition,
            key=effect.code,
            effect=effect,
            evaluation=evaluation,
            authority=recognition.authority,
            university=recognition.university,
            college=recognition.college,
            partner=recognition.partner,
            starts_on=effect.from_on,
            due_on=last_day(declared, effect.from_on),
        ),
        act.actor,
        correlation=act.correlation,
    )
    title = _("下达整改通知书：%(base)s") % {"base": recognition.listed_title}
    ledger.owe(
        f"rectification:{case.pk}:order",
        kind=ORDER,
        title=title,
        due_on=act.now.date(),
        organisation_id=getattr(case.unit_of(declared), "pk", None),
        role=declared.role,
        case=case,
        remind_days=0,
        clause=declared.clause or "",
    )
    act.notify(organisers(case), title, case.number, case=case, asks=f"rectification:{case.pk}:order")
    if case.due_on is not None:
        owe_period(case)
    return case


def last_day(declared: Declared, start: dt.date) -> dt.date | None:
    """The last day of a period that the regulation fixes (RR-2); None where whoever orders sets it."""
    period = declared.period
    return term_end(start, years=period.years or 0, months=period.months or 0) if period is not None else None


def period_words(declared: Declared) -> str:
    """The period that the regulation fixes, in words."""
    period = declared.period
    return _("%(n)s年") % {"n": period.years} if period.years else _("%(n)s个月") % {"n": period.months}


def issue(case: Rectification, key: str, act: Act) -> None:
    """Make one of its papers as it stands now."""
    title = "" if key in case.profile.papers else TITLES[key]
    papers.issue(case, key, act.actor.name, title)


# --- people --------------------------------------------------------------------------------------------------------


def members(case: Rectification, actors: Iterable) -> list[Membership]:
    """The members who hold the roles of declared actors in the case's own organisations."""
    by_pk = {
        member.pk: member
        for actor in actors
        if (unit := case.unit_of(actor)) is not None
        for member in Membership.objects.of(unit, actor.role)
    }
    return list(by_pk.values())


def organisers(case: Rectification) -> list[Membership]:
    """Whoever orders and rechecks it."""
    return members(case, [case.declaration])


def responsible(case: Rectification) -> list[Membership]:
    """Those who have to repair."""
    return members(case, case.declaration.responsible)


def concerned(case: Rectification) -> list[Membership]:
    """Everybody who has a part in it, and the university's graduate office."""
    by_pk = {member.pk: member for member in [*organisers(case), *responsible(case)]}
    by_pk |= {member.pk: member for member in Membership.objects.of(case.university, "graduate_office")}
    return list(by_pk.values())


# --- the order -----------------------------------------------------------------------------------------------------


def order_findings(case: Rectification, act: Act) -> list[Finding]:
    """The last day that the organiser sets lies ahead, and before the next evaluation that the regulation names."""
    given = act.data.get("due_on")
    return day_findings(case, dt.date.fromisoformat(given), act.now.date()) if given else []


def day_findings(case: Rectification, day: dt.date, today: dt.date) -> list[Finding]:
    """What stands against a last day."""
    declared = case.declaration
    if day <= today:
        text = _("整改期限%(day)s应晚于今天%(today)s。") % {"day": day, "today": today}
        facts = {"due_on": day.isoformat(), "today": today.isoformat()}
        return [Finding(declared.clause or "", "hard", text, facts, field="due_on")]
    opens = next_opening(case, today)
    if opens is not None and day >= opens:
        kind = case.profile.evaluations[declared.before]
        text = _("整改期限%(day)s应早于下一次%(kind)s（%(opens)s启动），以便此前完成复核。") % {
            "day": day,
            "kind": kind.title,
            "opens": opens,
        }
        facts = {"due_on": day.isoformat(), "opens": opens.isoformat()}
        return [Finding(kind.clause or declared.clause or "", "hard", text, facts, field="due_on")]
    return []


def next_opening(case: Rectification, today: dt.date) -> dt.date | None:
    """The day after `today` on which the yearly evaluation of `before` opens next; None where none is named."""
    declared = case.declaration
    yearly = case.profile.evaluations[declared.before].opens.yearly if declared.before else None
    if yearly is None:
        return None
    month = figure(case.profile, yearly.month, case.unit_of(declared), today)
    if month is None:
        return None
    day = dt.date(today.year, int(month), yearly.day)
    return day if day > today else day.replace(year=today.year + 1)


def order(case: Rectification, act: Act) -> None:
    """Send the order out: the problems, who answers for them, by when."""
    data = act.data
    case.ordered_on, case.person = act.on, data.get("person") or ""
    case.notice_number = data.get("notice_number") or case.number
    if case.due_on is None:
        case.due_on = dt.date.fromisoformat(data["due_on"])
    for number, row in enumerate(data["problems"], 1):
        Problem.objects.create(rectification=case, number=number, text=row["text"], criterion=row["criterion"])
    ledger.settle(f"rectification:{case.pk}:order")
    owe_period(case)
    owe_repair(case)
    issue(case, NOTICE, act)
    act.facts |= {"due_on": case.due_on.isoformat(), "problems": len(data["problems"])}
    title = _("限期整改：%(base)s") % {"base": case.recognition.listed_title}
    text = _("整改期限：%(day)s；问题%(n)s条。请逐条分析原因、拟定措施并提交佐证。")
    text %= {"day": case.due_on, "n": len(data["problems"])}
    for actor in case.declaration.responsible:
        act.notify(members(case, [actor]), title, text, asks=asked_of(case, actor))


def units(case: Rectification) -> dict[str, Any]:
    """The units that the order is sent to, by column: those who have to repair, but for whoever orders."""
    sent_to = {actor.unit: case.unit_of(actor) for actor in case.declaration.responsible}
    orders = case.unit_of(case.declaration)
    return {column: unit for column, unit in sent_to.items() if unit is not None and unit != orders}


def undelivered(case: Rectification) -> dict[str, str]:
    """Column and name of the units that the order has not reached on paper yet."""
    return deliveries.units_left(units(case), case.deliveries) if case.ordered_on else {}


def delivery_form(case, actor, data, subject) -> dict:
    return deliveries.spec(TITLES[NOTICE], undelivered(case))


def delivery_findings(case: Rectification, act: Act) -> list[Finding]:
    """Delivered on a day that has come, and not before the order."""
    return deliveries.findings(act, case.ordered_on, case.declaration.clause or "")


def deliver(case: Rectification, act: Act) -> None:
    """Keep whom the order reached, when, and who signed for it."""
    case.deliveries = [*case.deliveries, deliveries.entry(act)]


def asked_of(case: Rectification, actor) -> str:
    """The name of what a responsible role owes, in messages and in the ledger."""
    return f"rectification:{case.pk}:{actor.unit}.{actor.role}"


def owe_repair(case: Rectification) -> None:
    """Enter, or move to the case's last day, what each responsible unit owes."""
    declared = case.declaration
    for actor in declared.responsible:
        unit = case.unit_of(actor)
        if unit is None:
            continue
        ledger.owe(
            asked_of(case, actor),
            kind=REPAIR,
            title=_("整改：%(base)s") % {"base": case.recognition.listed_title},
            due_on=case.due_on,
            organisation_id=unit.pk,
            role=actor.role,
            case=case,
            remind_days=30,
            clause=declared.clause or "",
        )


def settle_repair(case: Rectification) -> None:
    """Nothing more is due from the responsible units."""
    for actor in case.declaration.responsible:
        ledger.settle(asked_of(case, actor))


# --- the last day ----------------------------------------------------------------------------------------------------


def owe_period(case: Rectification) -> None:
    """Let the system act the day after the last day."""
    declared = case.declaration
    ledger.owe(
        f"rectification:{case.pk}:end",
        kind="rectification_end",
        title=_("整改期满：%(base)s") % {"base": case.recognition.listed_title},
        due_on=case.due_on,
        organisation_id=getattr(case.unit_of(declared), "pk", None),
        role=declared.role,
        case=case,
        remind_days=30,
        clause=declared.clause or "",
        handler="rectification_end",
    )


@ledger.handler("rectification_end", move="end_period")
def period_over(entry, on: dt.date) -> None:
    """The day after the last day: the period is over, whatever has come in."""
    ledger.carry_out(entry, "end_period")


def end_period(case: Rectification, act: Act) -> str:
    """The state after the last day has gone: in recheck where an evaluation does it, else as before; everybody who has a
    part in it is told, and who has not reported."""
    goes_to = str(case.state)
    if case.declaration.reevaluation is not None:
        goes_to = _to_reevaluation(case, act)
    late = [problem for problem in case.open_problems() if not problem.answered_on]
    if case.reported_on is not None:
        text = _("整改报告已于%(day)s提交，等待复核。") % {"day": case.reported_on}
    else:
        units = listed(str(case.unit_of(actor)) for actor in case.declaration.responsible if case.unit_of(actor))
        text = _("%(units)s尚未提交整改报告，未提交佐证的问题%(n)s条。") % {"units": units, "n": len(late)}
    act.facts |= {"due_on": case.due_on.isoformat(), "reported": case.reported_on is not None, "unanswered": len(late)}
    title = _("整改期满：%(base)s") % {"base": case.recognition.listed_title}
    act.notify(concerned(case), title, text)
    return goes_to


def _to_reevaluation(case: Rectification, act: Act) -> str:
    """Enter the stage in which the reevaluation is waited for, whatever the stages before have left undone."""
    if case.state in ("planned", "draft"):
        rounds.start(case, act)
    if case.state != "rechecking":
        left = case.steps().exclude(stage="rechecking").filter(state__in=("open", "waiting"))
        for step in left:
            ledger.settle(f"step:{step.pk}")
        left.update(state="skipped", closed_at=act.now)
        rounds.enter(case, "rechecking", act)
    ledger.settle(f"rectification:{case.pk}:order")
    settle_repair(case)
    return "rechecking"


# --- another last day ------------------------------------------------------------------------------------------------


def move_findings(case: Rectification, act: Act) -> list[Finding]:
    """What the regulation fixes cannot be moved; another day is bound as the first was."""
    declared = case.declaration
    if declared.period is not None:
        text = _("整改期限由办法规定为%(period)s（%(start)s至%(due)s），不能变更。") % {
            "period": period_words(declared),
            "start": case.starts_on,
            "due": case.due_on,
        }
        facts = {"starts_on": case.starts_on.isoformat(), "due_on": case.due_on.isoformat()}
        return [Finding(declared.period.clause or declared.clause or "", "hard", text, facts, field="due_on")]
    given = act.data.get("due_on")
    return day_findings(case, dt.date.fromisoformat(given), act.now.date()) if given else []


def move_due(case: Rectification, act: Act) -> None:
    """Set another last day, with the reason on record."""
    act.facts |= {"before": case.due_on.isoformat(), "due_on": act.data["due_on"]}
    case.due_on = dt.date.fromisoformat(act.data["due_on"])
    owe_period(case)
    ledger.reopen(f"rectification:{case.pk}:end")
    owe_repair(case)
    issue(case, NOTICE, act)
    title = _("整改期限变更为%(day)s：%(base)s") % {"day": case.due_on, "base": case.recognition.listed_title}
    act.notify(responsible(case), title, act.reason)
