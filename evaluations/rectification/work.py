"""What the responsible units do: a cause, a plan and evidence for each problem, and the report."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from casework.steps import engine
from core.door import Act
from core.findings import Finding
from core.language import listed
from evaluations.models import Problem, Rectification
from evaluations.rectification import ordering


def add_problem(case: Rectification, act: Act) -> None:
    """Put a further problem on the list."""
    last = case.problems.order_by("-number").values_list("number", flat=True).first() or 0
    Problem.objects.create(rectification=case, number=last + 1, text=act.data["text"], criterion=act.data["criterion"])
    ordering.issue(case, ordering.NOTICE, act)
    title = _("增加整改问题：%(base)s") % {"base": case.recognition.listed_title}
    act.notify(ordering.responsible(case), title, act.data["text"])


def open_problems(case: Rectification) -> list[Problem]:
    """Those that can still be worked on."""
    return case.open_problems()


def answer_problem(case: Rectification, act: Act) -> None:
    """Keep cause and plan, and, once it is done, what was done with its evidence."""
    problem: Problem = act.subject
    data, user = act.data, act.actor.user_id
    problem.cause, problem.plan, problem.person = data["cause"], data["plan"], data["person"]
    problem.planned_on = dt.date.fromisoformat(data["planned_on"])
    problem.planned_by, problem.planned_user_id = act.actor.name, user
    problem.result = data.get("result") or ""
    if problem.result:
        problem.answered_on, problem.answered_by, problem.answered_user_id = act.on, act.actor.name, user
    problem.save()
    problem.evidence.set(data.get("evidence") or [])
    act.facts |= {"problem": problem.number, "done": bool(problem.result)}


def plan_findings(case: Rectification, act: Act) -> list[Finding]:
    """A measure is finished within the period; what is said to be done brings its evidence."""
    findings = []
    given = act.data.get("planned_on")
    if given and dt.date.fromisoformat(given) > case.due_on:
        text = _("完成时限%(day)s晚于整改期限%(due)s。") % {"day": given, "due": case.due_on}
        facts = {"planned_on": given, "due_on": case.due_on.isoformat()}
        findings.append(Finding(case.declaration.clause or "", "hard", text, facts, field="planned_on"))
    if act.data.get("result") and not act.data.get("evidence"):
        findings.append(Finding("", "hard", _("填写了完成情况的问题应上传佐证材料。"), field="evidence"))
    return findings


def report_findings(case: Rectification, act: Act) -> list[Finding]:
    """Every problem that is still open has a cause, a plan, and what was done, with evidence."""
    unplanned = [str(problem.number) for problem in case.open_problems() if not problem.plan]
    unanswered = [str(problem.number) for problem in case.open_problems() if problem.plan and not problem.result]
    findings = []
    for numbers, text in (
        (unplanned, _("第%(n)s条问题没有原因分析和整改措施。")),
        (unanswered, _("第%(n)s条问题没有完成情况和佐证材料。")),
    ):
        if numbers:
            facts = {"problems": numbers}
            findings.append(Finding(case.declaration.clause or "", "hard", text % {"n": listed(numbers)}, facts))
    return findings


def report(case: Rectification, act: Act) -> str:
    """Hand the report in; returns the stage that it goes to."""
    case.summary, case.report_id = act.data["summary"], act.data["report"][0]
    case.reported_on = act.on
    ordering.settle_repair(case)
    days = (case.due_on - act.on).days
    act.facts |= {"due_on": case.due_on.isoformat(), "days_left": days}
    title = _("整改报告已提交：%(base)s") % {"base": case.recognition.listed_title}
    act.notify(ordering.organisers(case), title, case.summary[:200])
    return engine.set_out(case, act)


def unreported_findings(case: Rectification, act: Act) -> list[Finding]:
    """Without a report nobody rechecks before the last day has gone."""
    if act.now.date() > case.due_on:
        return []
    text = _("整改期限%(due)s尚未届满，责任单位还没有提交整改报告，不能直接进入复核。") % {"due": case.due_on}
    return [Finding(case.declaration.clause or "", "hard", text, {"due_on": case.due_on.isoformat()})]


def recheck_unreported(case: Rectification, act: Act) -> str:
    """Recheck although no report came in; returns the stage."""
    ordering.settle_repair(case)
    title = _("整改期满未提交报告，已进入复核：%(base)s") % {"base": case.recognition.listed_title}
    act.notify(ordering.responsible(case), title, act.reason)
    return engine.set_out(case, act)
