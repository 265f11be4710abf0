"""Lists of panels and who sits on them, and of what an expert has to review."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import queries
from casework.models import Assignment, Step
from casework.views import assigning
from casework.views.lists.cells import case_url
from core import clock
from core.language import bracketed, listed, shown
from core.listing import Button, Column, ListSpec, ListView, choice, due_column, state_column
from core.templatetags.ui import state_badge
from regulations import catalogues
from tenants.models import Membership

PANEL_STATES = {
    "open": lazy("评审中"),
    "done": lazy("已办结"),
    "negative": lazy("未通过"),
    "returned": lazy("已退回"),
    "void": lazy("已作废"),
}


def panel_words(row: Step) -> str:
    return str(PANEL_STATES.get(row.state, row.get_state_display()))


def panel_cell(row: Step) -> SafeString:
    return state_badge(row.state, panel_words(row))


class PanelFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), list(PANEL_STATES.items()))
    lacking = choice(
        lazy("进度"),
        [("nobody", lazy("尚未指派专家")), ("waiting", lazy("有专家未提交")), ("ready", lazy("全部已提交"))],
        method="of_progress",
    )

    class Meta:
        model = Step
        fields = ["state"]

    def of_progress(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "nobody":
            return rows.filter(state="open", experts=0)
        if value == "waiting":
            return rows.filter(state="open", handed_in__lt=F("experts"))
        if value == "ready":
            return rows.filter(state="open", experts__gt=0, handed_in=F("experts"))
        return rows


class Panels(ListView):
    """专家评审: the panels that one's organisation runs and how far each is."""

    model = Step
    spec = ListSpec(
        "panels",
        lazy("专家评审"),
        columns=(
            Column("number", lazy("项目编号"), "case_number", sort="case_number", css="code", kind="code"),
            Column("case", lazy("项目"), "case_title", lead=True, css="wide", sort="case_title", url=case_url),
            Column("title", lazy("环节")),
            Column("round", lazy("轮次"), css="num right", kind="integer"),
            Column("experts", lazy("专家数"), css="num right", kind="integer"),
            Column("handed_in", lazy("已提交"), css="num right", kind="integer"),
            Column("recused", lazy("回避"), css="num right", kind="integer"),
            due_column("first_close", lazy("评审截止"), done=lambda row: row.state != "open"),
            Column("opened_at", lazy("到达时间"), sort="opened_at", css="num", kind="datetime"),
            Column("on", lazy("办结日期"), sort="on", css="num", kind="date"),
            Column("state", lazy("状态"), panel_words, panel_cell, sort="state"),
        ),
        search=("case_number", "case_title"),
        filterset=PanelFilter,
        default_sort="-opened_at",
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.panel_steps(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        """The grid of experts and cases, for who assigns."""
        if not request.membership.acts_as(assigning.ROLES):
            return []
        return [Button(_("分组指派"), reverse("casework:assign"), "users", primary=True)]


class AssignmentFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Assignment.State.choices)

    class Meta:
        model = Assignment
        fields = ["state"]


def employer(row: Assignment) -> str:
    return row.expert.employer_name or (row.expert.employer.display_name if row.expert.employer else "")


class Assignments(ListView):
    """评审进度: every expert on every panel that one's organisation runs."""

    model = Assignment
    spec = ListSpec(
        "assignments",
        lazy("评审进度"),
        columns=(
            Column("case", lazy("项目"), "case_title", lead=True, css="wide", sort="case_title", url=case_url),
            Column("step", lazy("环节"), lambda row: shown(row.step.title)),
            Column("expert", lazy("专家"), "expert.name", sort="expert__name"),
            Column("employer", lazy("专家单位"), employer),
            Column("opens_on", lazy("指派日期"), sort="opens_on", css="num", kind="date"),
            due_column(
                "closes_on",
                lazy("评审截止"),
                done=lambda row: row.state not in ("invited", "assigned"),
                sort="closes_on",
            ),
            Column("submitted_at", lazy("提交时间"), sort="submitted_at", css="num", kind="datetime"),
            Column("score", lazy("评分"), css="num right", kind="decimal"),
            Column("reason", lazy("回避或更换原因"), shown=False),
            state_column(sort="state"),
        ),
        search=("case_title", "expert__name"),
        filterset=AssignmentFilter,
        default_sort="closes_on",
        select_related=("expert", "expert__employer", "step"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.assignments(membership)

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(_("专家评审"), reverse("casework:panels")), (str(self.spec.title), "")]


class Recusals(Assignments):
    """回避: who stood back, with the reason."""

    spec = ListSpec(
        "recusals",
        lazy("回避"),
        columns=(
            Column("case", lazy("项目"), "case_title", lead=True, css="wide", sort="case_title", url=case_url),
            Column("step", lazy("环节"), lambda row: shown(row.step.title)),
            Column("expert", lazy("专家"), "expert.name", sort="expert__name"),
            Column("employer", lazy("专家单位"), employer),
            Column("reason", lazy("回避原因"), css="wide"),
            Column("ended_at", lazy("声明时间"), sort="ended_at", css="num", kind="datetime"),
        ),
        search=("case_title", "expert__name", "reason"),
        default_sort="-ended_at",
        select_related=("expert", "expert__employer", "step"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return super().queryset_for(membership).filter(state="recused")


def disciplines(row: Membership) -> str:
    names = catalogues.entries("degree_categories_2022")
    return listed(bracketed(names.get(code, ""), code) for code in row.user.fields)


class Experts(ListView):
    """专家库: who may be put on the panels of one's organisation, and how much each has to review."""

    model = Membership
    spec = ListSpec(
        "experts",
        lazy("专家库"),
        columns=(
            Column("name", lazy("姓名"), "user.name", lead=True, sort="user__name", url=lambda row: ""),
            Column(
                "employer",
                lazy("工作单位"),
                lambda row: row.user.employer_name or (row.user.employer.display_name if row.user.employer else ""),
            ),
            Column("post", lazy("职称职务"), "user.post"),
            Column("kind", lazy("专家类别"), lambda row: row.expert_kind_label, reads=("expert_kind",)),
            Column("fields", lazy("专业学位类别（代码）"), disciplines, css="wide"),
            Column("waiting", lazy("在评"), css="num right", kind="integer"),
            Column("reviewed", lazy("已评"), css="num right", kind="integer"),
            Column("recused", lazy("回避"), css="num right", kind="integer"),
            Column("until_on", lazy("聘期至"), sort="until_on", css="num", kind="date"),
        ),
        search=("user__name", "user__employer_name", "user__post"),
        default_sort="name",
        select_related=("user", "user__employer"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.experts(membership)


def review_title(row: Assignment) -> str:
    """The dossier's name while the expert may read it; nothing of it afterwards."""
    return row.case_title if row.is_open() else _("（评审已结束）")


class ReviewFilter(django_filters.FilterSet):
    done = choice(
        lazy("进度"),
        [("waiting", lazy("待评审")), ("submitted", lazy("已提交")), ("recused", lazy("已回避"))],
        method="of_progress",
    )

    class Meta:
        model = Assignment
        fields: list[str] = []

    def of_progress(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = clock.today()
        if value == "waiting":
            return rows.filter(state__in=("invited", "assigned"), opens_on__lte=today, closes_on__gte=today)
        return rows.filter(state=value) if value else rows


class Reviews(ListView):
    """我的评审: an expert's own assignments, those that wait first."""

    model = Assignment
    spec = ListSpec(
        "reviews",
        lazy("我的评审"),
        columns=(
            Column(
                "case",
                lazy("项目"),
                review_title,
                lead=True,
                css="wide",
                url=lambda row: case_url(row) if row.is_open() else "",
            ),
            Column("step", lazy("环节"), lambda row: shown(row.step.title)),
            Column("unit", lazy("组织单位"), "step.unit.display_name"),
            Column("opens_on", lazy("收到日期"), sort="opens_on", css="num", kind="date"),
            due_column(
                "closes_on",
                lazy("评审截止"),
                done=lambda row: row.state not in ("invited", "assigned") or not row.is_open(),
                sort="closes_on",
            ),
            Column("submitted_at", lazy("提交时间"), sort="submitted_at", css="num", kind="datetime"),
            state_column(),
        ),
        filterset=ReviewFilter,
        default_sort="-closes_on",
        select_related=("step", "step__unit"),
        empty=lazy("没有评审任务。"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.own_reviews(membership)
