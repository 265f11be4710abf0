"""Input forms of the moves on rounds and evaluations, as data (see core.forms)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.specs import PAPER, decision_fields, field, form, give_reason, options, reason
from core import clock
from evaluations.queries import due
from evaluations.services import schedule

__all__ = ["absence", "add_base", "close_round", "give_reason", "new_round", "open_round", "statement", "time"]


def open_round(in_round, actor, data, subject) -> dict:
    """By when the reports are wanted; without a day the window of the kind counts from today."""
    day = schedule.report_day(in_round, clock.today())
    return form(
        "open_round",
        _("启动考核"),
        field(
            "report_due",
            "date",
            _("自评截止日（当日24时止）"),
            required=False,
            help=_("不填则为%(d)s。") % {"d": day.isoformat()},
        ),
    )


def close_round(in_round, actor, data, subject) -> dict:
    """The day of the paper on which all results stand."""
    day = field("decided_on", "date", _("评定日期（以文书为准）"), required=False, help=_("不填则为今天。"))
    return form("close_round", _("结束考核批次"), day)


def add_base(in_round, actor, data, subject) -> dict:
    """A base of the organiser's that has no evaluation in this round."""
    rows = [(row.pk, f"{row.base.name}（{row.number}）") for row in due.missing(in_round)]
    return form(
        "add_base", _("增加考核基地"), field("recognition", "choice", _("基地"), options=options(rows)), reason()
    )


def absence(evaluation, actor, data, subject) -> dict:
    """The decision that a base did not take part: its day, its document, why."""
    return form(
        "absence",
        _("确认未参加考核"),
        *decision_fields(_("决定文书"), _("认定理由")),
    )


def time(evaluation, actor, data, subject) -> dict:
    return form("time", _("延长自评时间"), field("due", "date", _("延期至（当日24时止）")), reason(_("延期原因")))


def statement(evaluation, actor, data, subject) -> dict:
    """What the unit says to the result: read by everybody who sees the evaluation, changing nothing by itself."""
    return form(
        "statement",
        _("陈述申辩意见"),
        field("text", "longtext", _("意见"), max_chars=2000),
        field("file", "file", _("佐证材料"), required=False, accept=PAPER, max_files=10),
    )


def new_round(kinds) -> dict:
    """What is needed to begin a round by hand: which kind under which regulation, and its period."""
    return form(
        "new_round",
        _("新建考核批次"),
        field("kind", "choice", _("考核类型"), options=options(kinds)),
        field("year", "integer", _("年度"), min=2000, max=2100),
        field("note", "longtext", _("说明"), required=False, max_chars=1000),
    )
