"""考核评价: the evaluations, and the rounds they stand in."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.views.lists import UnitFilterSet, name
from core import clock
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
from core.templatetags.ui import outcome_badge
from evaluations.models import Evaluation, Round
from evaluations.queries import lists
from evaluations.services import grading, rounds
from regulations import wording


def rounds_of(request: HttpRequest) -> QuerySet[Round]:
    """The rounds that a reader may filter by."""
    return Round.objects.visible_to(request.membership).only("number", "title").order_by("-pk")


class EvaluationFilter(UnitFilterSet):
    state = choice(lazy("状态"), Evaluation.State.choices)
    in_round = RowFilter(lazy("批次"), rounds_of)
    report = choice(
        lazy("自评"),
        [("missing", lazy("未提交")), ("late", lazy("逾期未提交")), ("came", lazy("已提交"))],
        method="of_report",
    )
    outcome = choice(lazy("结果"), [("passed", lazy("合格")), ("failed", lazy("不合格"))], method="of_outcome")

    class Meta:
        model = Evaluation
        fields = ["state", "in_round"]

    def of_report(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "came":
            return rows.filter(reported_on__isnull=False)
        rows = rows.filter(state="draft", reported_on=None)
        return rows.filter(report_due__lt=clock.today()) if value == "late" else rows

    def of_outcome(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state="confirmed", passed=value == "passed") if value else rows


def grade_words(row: Evaluation, code: str) -> str:
    return grading.titles(row).get(code, code) if code else ""


def grade_cell(row: Evaluation) -> SafeString:
    return outcome_badge(row.passed, grade_words(row, row.grade))


def experts(row: Evaluation) -> str:
    return f"{row.experts}/{row.reviewed}" if row.experts else ""


def following(row: Evaluation) -> str:
    """结果运用: the first thing that follows, and how many there are."""
    if not row.effects:
        return ""
    more = _("等%(n)s项") % {"n": row.effects} if row.effects > 1 else ""
    return f"{row.first_effect}{more}"


class Evaluations(ListView):
    """考核评价."""

    model = Evaluation
    spec = ListSpec(
        "evaluations",
        lazy("考核评价"),
        columns=(
            Column("number", lazy("考核编号"), sort="number", css="code", kind="code", shown=False),
            Column("round", lazy("批次"), "in_round.title", sort="in_round__title"),
            Column("kind", lazy("考核类型"), lambda row: wording.words(row.declaration.title), sort="kind"),
            Column(
                "base", lazy("基地名称"), "recognition.base.name", sort="recognition__base__name", css="wide", lead=True
            ),
            Column("college", lazy("学院"), lambda row: name(row.college), sort="college__name"),
            Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name", shown=False),
            Column("partner", lazy("合作单位"), lambda row: name(row.partner), sort="partner__name", shown=False),
            Column("reported_on", lazy("自评提交"), sort="reported_on", css="num", kind="date"),
            due_column(
                "report_due",
                lazy("自评截止日"),
                done=lambda row: row.state != "draft" or row.reported_on is not None,
                sort="report_due",
            ),
            Column("experts", lazy("专家数/已评"), experts, css="num right"),
            Column("score", lazy("得分"), sort="score", css="num right", kind="decimal"),
            Column("suggested", lazy("建议等次"), lambda row: grade_words(row, row.suggested)),
            Column("grade", lazy("确认等次"), lambda row: grade_words(row, row.grade), grade_cell, sort="grade"),
            Column("effects", lazy("结果运用"), following),
            state_column(sort="state"),
        ),
        search=("number", "title", "recognition__base__name", "partner__name", "university__name"),
        search_hint=lazy("搜索编号、基地、单位"),
        filterset=EvaluationFilter,
        default_sort="-pk",
        select_related=(
            "in_round",
            "recognition__base",
            "university",
            "college",
            "partner",
        ),
        bulk=(BulkAction("urge", lazy("催报"), "bell"),),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return lists.evaluations(membership)

    def bulk_actions(self, request: HttpRequest) -> tuple:
        membership = request.membership
        return self.spec.bulk if membership.may("evaluations.plan_round", membership.organisation) else ()

    def bulk_urge(self, request: HttpRequest, rows: QuerySet) -> list[BulkResult]:
        results, by_round = [], {}
        for row in rows.select_related("in_round__organiser", "in_round__regulation_version__regulation"):
            if row.state != "draft" or row.reported_on is not None:
                results.append(BulkResult(row, False, _("%(s)s，无需催报。") % {"s": row.get_state_display()}))
            elif not request.membership.may("evaluations.run_round", row.in_round):
                results.append(BulkResult(row, False, _("本批次由%(o)s组织。") % {"o": row.in_round.organiser}))
            else:
                by_round.setdefault(row.in_round, []).append(row)
        for in_round, chosen in by_round.items():
            told = rounds.urge(in_round, request.membership, [row.pk for row in chosen])
            results += [BulkResult(row, bool(told), "" if told else _("今天已经催报过。")) for row in chosen]
        return results

    def actions(self, request: HttpRequest) -> list[Button]:
        return [Button(_("考核批次"), reverse("evaluations:rounds"), "calendar")]


class RoundFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Round.State.choices)

    class Meta:
        model = Round
        fields = ["state"]


class Rounds(ListView):
    """考核批次."""

    model = Round
    spec = ListSpec(
        "evaluation-rounds",
        lazy("考核批次"),
        columns=(
            Column("number", lazy("批次编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("批次名称"), sort="title", css="wide", lead=True),
            Column("organiser", lazy("组织单位"), lambda row: name(row.organiser), sort="organiser__name"),
            Column("opened_on", lazy("启动日期"), sort="opened_on", css="num", kind="date"),
            due_column("report_due", lazy("自评截止日"), done=lambda row: row.state != "open", sort="report_due"),
            Column("bases", lazy("基地数"), css="num right", kind="integer"),
            Column("missing", lazy("未提交自评"), css="num right", kind="integer"),
            Column("ended", lazy("已结束"), css="num right", kind="integer"),
            state_column(sort="state"),
        ),
        search=("number", "title"),
        filterset=RoundFilter,
        default_sort="-pk",
        select_related=("organiser",),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return lists.rounds(membership)

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(_("考核评价"), reverse("evaluations:list")), (str(self.spec.title), "")]

    def actions(self, request: HttpRequest) -> list[Button]:
        membership = request.membership
        if not membership.may("evaluations.plan_round", membership.organisation):
            return []
        return [Button(_("新建考核批次"), reverse("evaluations:round_new"), "plus", primary=True)]
