"""Input forms of the moves on rectifications, as data (see core.forms)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.specs import PAPER, field, form, give_reason, options, reason
from core import clock
from evaluations.rectification import ordering, recheck

__all__ = ["give_reason"]


def _due(case) -> dict:
    """The last day that the organiser sets: asked for under the clause that leaves it to them."""
    declared, help = case.declaration, ""
    opens = ordering.next_opening(case, clock.today())
    if opens is not None:
        help = _("应早于下一次考核启动日%(day)s。") % {"day": opens}
    cited = {"clause": declared.clause, "local": False} if declared.clause else {}
    return {**field("due_on", "date", _("整改期限"), help=help), **cited}


def _problem_fields() -> list[dict]:
    return [
        field("text", "longtext", _("存在问题"), max_chars=500),
        field("criterion", "longtext", _("核查方式（怎样算整改到位）"), max_chars=300),
    ]


def order(case, actor, data, subject) -> dict:
    """What is wrong and how each will be checked; the last day only where the regulation leaves it open."""
    fields = [field("notice_number", "text", _("通知书编号"), required=False, max_chars=40)]
    if case.due_on is None:
        fields.append(_due(case))
    else:
        period = {"a": case.starts_on, "b": case.due_on}
        fields.append(field("period", "note", _("整改期限由办法规定：%(a)s至%(b)s") % period, required=False))
    fields += [
        field("person", "text", _("责任单位责任人"), required=False, max_chars=40),
        field("problems", "table", _("问题清单"), columns=_problem_fields(), min_rows=1, max_rows=60),
    ]
    return form("order", _("下达整改通知书"), *fields)


def add_problem(case, actor, data, subject) -> dict:
    return form("add_problem", _("增加问题"), *_problem_fields())


def answer_problem(case, actor, data, problem) -> dict:
    """Cause and plan first; what was done and its evidence when it is done."""
    given = {"n": problem.number, "text": problem.text, "how": problem.criterion}
    return form(
        "answer_problem",
        _("填写整改情况"),
        field("asked", "note", _("第%(n)s条：%(text)s（核查方式：%(how)s）") % given, required=False),
        field("cause", "longtext", _("原因分析"), max_chars=500),
        field("plan", "longtext", _("整改措施"), max_chars=800),
        field("person", "text", _("责任人"), max_chars=40),
        field("planned_on", "date", _("完成时限")),
        field(
            "result", "longtext", _("完成情况"), required=False, max_chars=800, help=_("完成后填写，并上传佐证材料。")
        ),
        field("evidence", "file", _("佐证材料"), required=False, accept=[*PAPER, "docx", "xlsx"], max_files=20),
    )


def report(case, actor, data, subject) -> dict:
    return form(
        "report",
        _("提交整改报告"),
        field("summary", "longtext", _("整改情况"), max_chars=2000),
        field("report", "file", _("整改报告（盖章件）"), accept=PAPER, min_files=1, max_files=1),
    )


def check_problems(case, actor, data, subject) -> dict:
    """One line for every problem whose evidence has come in."""
    results = options([(recheck.CLOSED, _("整改到位，销号")), (recheck.OPEN, _("尚未到位"))])
    fields = []
    for problem in recheck.answered(case):
        said = {"n": problem.number, "text": problem.text[:60]}
        note = f"note_{problem.pk}"
        fields += [
            field(f"result_{problem.pk}", "choice", _("第%(n)s条：%(text)s") % said, options=results, required=False),
            field(
                note,
                "text",
                _("第%(n)s条复核意见") % said,
                required=False,
                required_when={"field": f"result_{problem.pk}", "in": [recheck.OPEN]},
                max_chars=200,
            ),
        ]
    return form("check_problems", _("逐条复核"), *fields)


def move_due(case, actor, data, subject) -> dict:
    return form("move_due", _("变更整改期限"), _due(case), reason(_("变更理由")))
