"""申报项目, and what of them a meeting has before it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from applications import queries
from applications.models import Application
from applications.views.lists.cells import calls_of, category, days_here, priority_words, title_cell, unit_column
from bases.views.lists import UnitFilterSet
from casework.queries import actable_steps
from casework.views.scans import scan_cell, scan_words
from core.language import shown
from core.listing import BulkAction, Button, Column, ListSpec, ListView, RowFilter, choice, due_column, state_column


class ApplicationFilter(UnitFilterSet):
    state = choice(lazy("状态"), Application.State.choices)
    call = RowFilter(lazy("批次"), calls_of)
    category = django_filters.CharFilter(label=lazy("类别代码"), field_name="category_code", lookup_expr="startswith")
    work = choice(
        lazy("办理"),
        [("mine", lazy("待我单位办理")), ("returned", lazy("退回过的")), ("to_match", lazy("盖章件待核对"))],
        method="of_work",
    )

    class Meta:
        model = Application
        fields = ["state", "call"]

    def of_work(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "mine":
            steps = actable_steps(self.request.membership).filter(case_kind="application", case_id=OuterRef("pk"))
            return rows.filter(Exists(steps))
        if value == "returned":
            return rows.filter(round__gt=1)
        return rows.filter(scan="to_match") if value == "to_match" else rows


class Applications(ListView):
    """申报项目."""

    model = Application
    spec = ListSpec(
        "applications",
        lazy("申报项目"),
        columns=(
            Column("number", lazy("项目编号"), sort="number", css="code", kind="code"),
            Column(
                "title", lazy("基地名称"), "title", title_cell, sort="title", css="wide", lead=True, reads=("priority",)
            ),
            Column(
                "category",
                lazy("专业学位类别（代码）"),
                category,
                sort="category_code",
                reads=("category_name", "category_code"),
            ),
            unit_column("college", lazy("牵头学院")),
            unit_column("university", lazy("学校"), shown=False),
            unit_column("partner", lazy("合作单位")),
            Column("leader", lazy("负责人"), "leader_name", sort="leader_name"),
            Column("rank", lazy("推荐排序"), sort="rank", css="num right", kind="integer"),
            Column("stage", lazy("当前环节"), queries.stage_words, reads=("state", "round", "stage_title")),
            Column(
                "days",
                lazy("停留天数"),
                days_here,
                sort="stage_since",
                css="num right",
                kind="integer",
                reads=("state", "stage_since"),
            ),
            Column("scan", lazy("盖章件"), scan_words, scan_cell),
            Column("call", lazy("批次"), "call.title", sort="call__closes_at", shown=False),
            Column("submitted_on", lazy("送审日期"), sort="submitted_on", css="num", kind="date", shown=False),
            Column(
                "priority",
                lazy("优先"),
                priority_words,
                shown=False,
                sort="precedence",
                reads=("priority", "precedence"),
            ),
            state_column(sort="state", reads=("state",)),
        ),
        search=("number", "title", "leader_name", "partner__name", "university__name"),
        search_hint=lazy("搜索编号、名称、负责人、单位"),
        filterset=ApplicationFilter,
        default_sort="-priority",  # what is being decided and meets priority conditions first, then the newest
        select_related=("university", "college", "partner", "call"),
        reads=("number", "title"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.applications(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        membership = request.membership
        if membership.may("applications.start", membership.organisation):
            return [Button(_("我要申报"), reverse("applications:start"), "plus", primary=True)]
        return []


class Agenda(ListView):
    """上会议题: what waits for a meeting's decision that the reader enters; several are decided by one set of minutes."""

    model = Application
    spec = ListSpec(
        "agenda",
        lazy("上会议题"),
        columns=(
            Column("number", lazy("项目编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("基地名称"), "title", title_cell, sort="title", css="wide", lead=True),
            Column("category", lazy("专业学位类别（代码）"), category, sort="category_code"),
            unit_column("university", lazy("学校")),
            unit_column("college", lazy("牵头学院")),
            unit_column("partner", lazy("合作单位")),
            Column("rank", lazy("推荐排序"), sort="rank", css="num right", kind="integer"),
            Column("step", lazy("环节"), lambda row: shown(row.step_title)),
            Column("since", lazy("到达时间"), "step_since", css="num", kind="datetime"),
            due_column("due", lazy("办理时限"), value="step_due", estimated="step_estimated"),
        ),
        search=("number", "title"),
        default_sort="number",
        select_related=("university", "college", "partner"),
        bulk=(BulkAction("decide", lazy("登记会议审定结果"), "stamp"),),
        empty=lazy("没有等待上会审定的项目。"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.agenda(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        return [Button(_("已登记的结果"), reverse("casework:decisions"), "history")]

    def bulk_decide(self, request: HttpRequest, rows: QuerySet) -> HttpResponse:
        steps = [("step", row.step_pk) for row in rows.order_by("pk")]
        return redirect(f"{reverse('applications:decide')}?{urlencode(steps)}")
