"""整改台账: the rectifications that a reader sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.views.lists import UnitFilterSet, name
from core import clock, state_styles
from core.language import bracketed
from core.listing import Column, ListSpec, ListView, choice, state_column
from core.templatetags.ui import badge
from evaluations.models import Rectification
from evaluations.rectification import queries


class RectificationFilter(UnitFilterSet):
    state = choice(lazy("状态"), Rectification.State.choices)
    left = choice(
        lazy("剩余天数"),
        [("over", lazy("已逾期")), ("30", lazy("30日内到期")), ("90", lazy("90日内到期"))],
        method="of_left",
    )

    class Meta:
        model = Rectification
        fields = ["state"]

    def of_left(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if not value:
            return rows
        today = clock.today()
        rows = rows.filter(state__in=Rectification.UNFINISHED, reported_on=None)
        if value == "over":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__gte=today, due_on__lte=today + dt.timedelta(days=int(value)))


def responsible(row: Rectification) -> str:
    """责任单位/责任人: the first of those who have to repair, and the person named in the order."""
    return bracketed(name(row.unit_of(row.declaration.responsible[0])), row.person)


def days_left(row: Rectification) -> int | None:
    """Whole days to the last day, negative when it has gone; None once a report is in or while no day is set."""
    return (row.due_on - clock.today()).days if row.counts_down else None


def days_cell(row: Rectification) -> SafeString:
    if days_left(row) is None:
        return mark_safe("")
    tone, icon, words = state_styles.of_due(row.due_on)
    return badge(tone, words, icon)


def _result(row: Rectification) -> str:
    return {"passed": _("合格"), "failed": _("不合格"), "cancelled": _("已终止")}.get(row.state, "")


def outcome(row: Rectification) -> str:
    """复核结果, with its day."""
    result = _result(row)
    return f"{result} {row.concluded_on}" if result and row.concluded_on else result


def outcome_cell(row: Rectification) -> SafeString:
    """The day below the result, so that no day is broken in two."""
    if not _result(row) or not row.concluded_on:
        return format_html("{}", _result(row))
    return format_html('{}<br><span class="num nowrap">{}</span>', _result(row), row.concluded_on.isoformat())


def closed(row: Rectification) -> str:
    """是否销号, with how many of the problems are."""
    word = _("已销号") if row.state == "passed" else _("未销号")
    return bracketed(word, f"{row.closed_count}/{row.problem_count}")


class Rectifications(ListView):
    """整改台账."""

    model = Rectification
    spec = ListSpec(
        "rectifications",
        lazy("整改台账"),
        columns=(
            Column("notice", lazy("通知书编号"), "notice_number", sort="notice_number", css="code", kind="code"),
            Column("title", lazy("基地名称"), "recognition.listed_title", lead=True, css="wide", sort="title"),
            Column("problems", lazy("问题条数"), "problem_count", css="num right", kind="integer"),
            Column("responsible", lazy("责任单位/责任人"), responsible),
            Column("ordered_on", lazy("下达日期"), sort="ordered_on", css="num", kind="date"),
            Column("due_on", lazy("整改期限"), sort="due_on", css="num", kind="date"),
            Column("left", lazy("剩余天数"), days_left, days_cell, sort="due_on", kind="integer"),
            Column("report", lazy("整改报告"), lambda row: row.reported_on or _("未提交"), sort="reported_on"),
            Column("outcome", lazy("复核结果"), outcome, outcome_cell),
            Column("closed", lazy("是否销号"), closed),
            Column("number", lazy("编号"), sort="number", css="code", kind="code", shown=False),
            Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name", shown=False),
            Column("college", lazy("学院"), lambda row: name(row.college), sort="college__name", shown=False),
            Column("partner", lazy("合作单位"), lambda row: name(row.partner), sort="partner__name", shown=False),
            state_column(sort="state"),
        ),
        search=("number", "title", "notice_number", "recognition__base__name", "partner__name", "university__name"),
        search_hint=lazy("搜索编号、基地、单位"),
        filterset=RectificationFilter,
        default_sort="due_on",
        select_related=("recognition__base", "university", "college", "partner", "authority"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.rectifications(membership)
