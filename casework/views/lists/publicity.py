"""Lists of case lists, notices, and the exceptions from rules that were asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from casework import queries
from casework.models import CaseList, Notice, Override
from casework.views.lists.cells import open_count, owner, period
from core.listing import Column, ListSpec, ListView, choice, due_column, state_column
from tenants import roles


class CaseListFilter(django_filters.FilterSet):
    kind = choice(lazy("名单类型"), list(CaseList.KINDS.items()))
    state = choice(lazy("状态"), CaseList.State.choices)

    class Meta:
        model = CaseList
        fields = ["kind", "state"]


class CaseLists(ListView):
    """名单: recommended, preliminary and recognition lists."""

    model = CaseList
    spec = ListSpec(
        "case-lists",
        lazy("名单"),
        columns=(
            Column("number", lazy("名单编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("名单名称"), lead=True, css="wide", sort="title"),
            Column("kind", lazy("名单类型"), lambda row: str(CaseList.KINDS.get(row.kind, row.kind)), sort="kind"),
            Column("owner", lazy("单位"), owner),
            Column("members", lazy("项目数"), "members_count", css="num right", kind="integer"),
            Column("notice", lazy("公示期"), lambda row: period(row.notice_opens, row.notice_closes)),
            Column(
                "objections",
                lazy("异议"),
                "objections_open",
                open_count("objections_open", "objections_all"),
                kind="integer",
            ),
            Column("sent_on", lazy("报送日期"), sort="sent_on", css="num", kind="date"),
            Column("document_number", lazy("文号")),
            Column("published_on", lazy("公布日期"), sort="published_on", css="num", kind="date"),
            state_column(sort="state"),
        ),
        search=("number", "title", "document_number"),
        filterset=CaseListFilter,
        default_sort="-number",
        select_related=("authority", "university"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.case_lists(membership)


class NoticeFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Notice.State.choices)
    objections = choice(lazy("异议"), [("open", lazy("有未办结异议"))], method="with_objections")

    class Meta:
        model = Notice
        fields = ["state"]

    def with_objections(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(objections_open__gt=0) if value == "open" else rows


class Notices(ListView):
    """公示与异议."""

    model = Notice
    spec = ListSpec(
        "notices",
        lazy("公示与异议"),
        columns=(
            Column("number", lazy("公示编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("公示名称"), lead=True, css="wide", sort="title"),
            Column("owner", lazy("公示单位"), owner),
            Column("members", lazy("项目数"), "members_count", css="num right", kind="integer"),
            Column("opens_on", lazy("公示开始"), sort="opens_on", css="num", kind="date"),
            due_column(
                "closes_on",
                lazy("公示截止"),
                done=lambda row: row.state == "closed",
                sort="closes_on",
                estimated="estimated",
            ),
            Column("days", lazy("工作日数"), css="num right", kind="integer"),
            Column(
                "objections",
                lazy("异议"),
                "objections_open",
                open_count("objections_open", "objections_all"),
                kind="integer",
            ),
            Column("contact", lazy("受理异议"), lambda row: f"{row.contact} {row.phone}".strip(), shown=False),
            state_column(sort="state"),
        ),
        search=("number", "title"),
        filterset=NoticeFilter,
        default_sort="-number",
        select_related=("authority", "university"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.notices(membership)


class OverrideFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Override.State.choices)
    mine = choice(lazy("办理"), [("mine", lazy("待我审批"))], method="of_mine")

    class Meta:
        model = Override
        fields = ["state"]

    def of_mine(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(mine=True) if value == "mine" else rows


class Overrides(ListView):
    """例外申请: rules that hold "in principle", and who let them pass."""

    model = Override
    spec = ListSpec(
        "overrides",
        lazy("例外申请"),
        columns=(
            Column("number", lazy("编号"), sort="number", css="code", kind="code"),
            Column("subject", lazy("项目"), "subject_title", lead=True, css="wide", sort="subject_title"),
            Column("message", lazy("未满足的条件"), css="wide"),
            Column("clause", lazy("依据条款"), sort="clause"),
            Column("reason", lazy("申请理由"), css="wide"),
            Column("requester", lazy("申请单位"), "requester.display_name", sort="requester__name"),
            Column("created_at", lazy("申请时间"), sort="created_at", css="num", kind="datetime"),
            Column("unit", lazy("审批"), lambda row: f"{row.unit.display_name} {roles.role_label(row.role)}"),
            Column("decided_on", lazy("审批日期"), sort="decided_on", css="num", kind="date"),
            Column("decided_by", lazy("审批人")),
            Column("decision_reason", lazy("审批理由"), css="wide"),
            state_column(sort="state"),
        ),
        search=("number", "subject_title", "message"),
        filterset=OverrideFilter,
        default_sort="-number",
        select_related=("requester", "unit"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.overrides(membership)
