"""Lists of placements (专业实践) and of students (研究生)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.models import Recognition
from bases.views.lists import UnitFilterSet, name, span_cell
from bases.views.lists import span as span_words
from core.listing import (
    BulkAction,
    BulkResult,
    Button,
    Column,
    ListSpec,
    ListView,
    RowFilter,
    choice,
    due_column,
    state_column,
)
from tenants.rights import MANAGE_MEMBERS
from trainees import queries
from trainees.models import Placement, Student
from trainees.models.student import DEGREES, MODES
from trainees.students import inviting
from trainees.views.begin import may_manage


def _person(membership: Any) -> str:
    return membership.name if membership is not None else ""


def bases_of(request: HttpRequest) -> QuerySet[Recognition]:
    """The bases that a reader may filter by."""
    rows = Recognition.objects.visible_to(request.membership)
    return rows.only("number", "title").order_by("-pk")[:200]


class PlacementFilter(UnitFilterSet):
    state = choice(lazy("状态"), Placement.State.choices)
    base = RowFilter(lazy("基地"), bases_of, field_name="recognition")
    student = django_filters.NumberFilter(label=lazy("研究生"), field_name="student")

    class Meta:
        model = Placement
        fields = ["state"]


class Placements(ListView):
    """专业实践: who is where, from when until when, under whom."""

    model = Placement
    sheet = ListSpec(
        "placements",
        lazy("专业实践"),
        columns=(
            Column("student_number", lazy("学号"), "student.number", sort="student__number", css="code", kind="code"),
            Column("student", lazy("姓名"), "student.name", lead=True, sort="student__name"),
            Column("category", lazy("专业类别"), "student.category"),
            Column("college", lazy("学院"), lambda row: name(row.college), sort="college__name"),
            Column("base", lazy("基地"), "recognition.base.name", sort="recognition__base__name", css="wide"),
            Column("university_mentor", lazy("校内导师"), lambda row: _person(row.university_mentor)),
            Column("base_mentor", lazy("基地导师"), lambda row: _person(row.base_mentor)),
            Column("span", lazy("起止日期"), span_words, span_cell, sort="starts_on"),
            due_column(
                "insured_until", lazy("保险到期"), done=lambda row: row.state in Placement.OVER, sort="insured_until"
            ),
            Column("number", lazy("编号"), sort="number", css="code", kind="code", shown=False),
            Column("university", lazy("学校"), lambda row: name(row.university), shown=False),
            Column("partner", lazy("合作单位"), lambda row: name(row.partner), shown=False),
            Column("entered_on", lazy("进入基地"), sort="entered_on", css="num", kind="date", shown=False),
            Column("left_on", lazy("离开基地"), sort="left_on", css="num", kind="date", shown=False),
            state_column(sort="state"),
        ),
        search=Placement.searched,
        search_hint=lazy("搜索学号、姓名、基地、编号"),
        filterset=PlacementFilter,
        default_sort="-number",
        empty=lazy("没有专业实践。"),
    )
    # What readers in person call it (ui-guide, menus).
    titles = {"student": lazy("我的实践"), "mentor": lazy("我的研究生"), "base_mentor": lazy("我的研究生")}

    @cached_property
    def spec(self) -> ListSpec:
        title = self.titles.get(self.request.membership.role)
        return replace(self.sheet, title=title) if title else self.sheet

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.placements(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        if request.membership.role == "student":
            return [Button(lazy("申请专业实践"), reverse("trainees:apply"), "plus", primary=True)]
        if not may_manage(request.membership):
            return []
        return [
            Button(lazy("安排专业实践"), reverse("trainees:plan"), "plus", primary=True),
            Button(lazy("研究生"), reverse("trainees:students"), "users"),
        ]


def _cohorts(request: HttpRequest) -> list[tuple[str, str]]:
    rows = Student.objects.visible_to(request.membership).exclude(cohort=None).order_by("-cohort")
    return [(str(year), str(year)) for year in rows.values_list("cohort", flat=True).distinct()]


class StudentFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Student.State.choices)
    cohort = choice(lazy("入学年份"), [])
    degree = choice(lazy("学位类型"), DEGREES)
    mode = choice(lazy("学习方式"), MODES)
    running = choice(lazy("专业实践"), [("yes", lazy("有")), ("no", lazy("没有"))], method="of_running")
    account = choice(
        lazy("本人账号"),
        [("yes", lazy("已关联")), ("asked", lazy("已邀请")), ("no", lazy("未邀请"))],
        method="of_account",
    )

    class Meta:
        model = Student
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["cohort"].extra["choices"] = _cohorts(self.request)

    def of_running(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(running__gt=0) if value == "yes" else rows.filter(running=0)

    def of_account(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "yes":
            return rows.exclude(seat=None)
        return rows.filter(seat=None, invitation__isnull=value == "no")


def _account(row: Student) -> str:
    if row.seat_id is not None:
        return _("已关联")
    return _("已邀请") if row.invitation_id is not None else _("未邀请")


class Students(ListView):
    """研究生: those whom the reader's office looks after; for a Party committee the college's Party members."""

    model = Student
    sheet = ListSpec(
        "students",
        lazy("研究生"),
        columns=(
            Column("number", lazy("学号"), sort="number", css="code", kind="code"),
            Column(
                "name",
                lazy("姓名"),
                lead=True,
                sort="name",
                url=lambda row: reverse("trainees:student", args=[row.pk]),
            ),
            Column("cohort", lazy("入学年份"), sort="cohort", css="num", kind="integer"),
            Column("category", lazy("专业类别"), sort="category_code"),
            Column("degree", lazy("学位类型"), "get_degree_display", sort="degree"),
            Column("mode", lazy("学习方式"), "get_mode_display", sort="mode"),
            Column("college", lazy("学院"), lambda row: name(row.college), sort="college__name"),
            Column("running", lazy("待进入和进行中的实践"), css="num right", kind="integer"),
            Column("account", lazy("本人账号"), _account),
            state_column(sort="state"),
        ),
        search=("number", "name"),
        search_hint=lazy("搜索学号、姓名"),
        filterset=StudentFilter,
        default_sort="number",
        bulk=(BulkAction("invite", lazy("邀请登录"), "mail"),),
        empty=lazy("还没有登记研究生。"),
    )
    titles = {"party_committee": lazy("研究生党员"), "student": lazy("我的信息")}

    @cached_property
    def spec(self) -> ListSpec:
        title = self.titles.get(self.request.membership.role)
        return replace(self.sheet, title=title) if title else self.sheet

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.students(membership)

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(str(Placements.sheet.title), reverse("trainees:placements")), (str(self.spec.title), "")]

    def bulk_actions(self, request: HttpRequest) -> tuple:
        manages = request.membership.may(MANAGE_MEMBERS, request.membership.organisation)
        if request.membership.kind not in ("college", "university") or not manages:
            return ()
        return self.spec.bulk

    def bulk_invite(self, request: HttpRequest, rows: QuerySet) -> list[BulkResult]:
        asked = inviting.invite_many(request.membership, rows)
        return [BulkResult(each.student, each.invitation is not None, each.refused) for each in asked]

    def actions(self, request: HttpRequest) -> list[Button]:
        buttons = []
        if request.membership.role == "party_committee":
            buttons.append(Button(lazy("登记党员名单"), reverse("trainees:party"), "edit", primary=True))
        if may_manage(request.membership):
            buttons = [
                Button(lazy("登记研究生"), reverse("trainees:student_new"), "plus", primary=True),
                Button(lazy("导入"), reverse("trainees:student_sheets"), "upload"),
            ]
        return buttons
