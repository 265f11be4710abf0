"""申报批次, and each call's units: what they may put forward, and what they have sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from applications import queries, reminders
from applications.calls import window_words
from applications.models import Call
from applications.queries.units import HAS_COME, SENDING, factor_words, has_list, state_words
from applications.queries.units import Progress as UnitProgress
from applications.views.lists.cells import calls_of
from bases.views.lists import name
from core import clock
from core.language import sign
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
from core.templatetags.ui import state_badge
from tenants import roles
from tenants.models import Organisation


class CallFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Call.State.choices)
    year = django_filters.NumberFilter(label=lazy("年度"))

    class Meta:
        model = Call
        fields = ["state", "year"]


def window(row: Call) -> str:
    if row.standing:
        return window_words(row.opens_at, None)
    return f"{clock.local(row.opens_at):%Y-%m-%d %H:%M}{sign(' 至 ')}{clock.local(row.closes_at):%Y-%m-%d %H:%M}"


class Calls(ListView):
    """申报批次."""

    model = Call
    spec = ListSpec(
        "calls",
        lazy("申报批次"),
        columns=(
            Column("number", lazy("批次编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("批次名称"), lead=True, css="wide", sort="title"),
            Column("owner", lazy("组织单位"), lambda row: name(row.authority or row.university)),
            Column("year", lazy("年度"), sort="year", css="num", kind="integer"),
            Column("window", lazy("申报时间"), window, sort="opens_at"),
            due_column(
                "closes",
                lazy("截止"),
                value=lambda row: None if row.standing else clock.local(row.closes_at).date(),
                done=lambda row: row.state != "open",
                sort="closes_at",
            ),
            Column("paper_by", lazy("纸质材料截止"), sort="paper_by", css="num", kind="date"),
            Column("extended", lazy("延期单位"), css="num right", kind="integer", shown=False),
            Column("preparing", lazy("填报中"), css="num right", kind="integer"),
            Column("received", lazy("已收"), css="num right", kind="integer"),
            Column("returned", lazy("退回待改"), css="num right", kind="integer"),
            Column("approved", lazy("已通过"), css="num right", kind="integer"),
            state_column(sort="state"),
        ),
        search=("number", "title"),
        filterset=CallFilter,
        default_sort="-number",
        select_related=("authority", "university"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.calls(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        membership, buttons = request.membership, []
        if membership.may("applications.start", membership.organisation):
            buttons.append(Button(_("我要申报"), reverse("applications:start"), "plus", primary=True))
        if membership.may("applications.plan_call", membership.organisation):
            buttons.append(Button(_("新建批次"), reverse("applications:call_new"), "plus", primary=True))
        return buttons


class UnitFilter(django_filters.FilterSet):
    call = RowFilter(lazy("批次"), calls_of, empty_label=None, method="chosen")
    progress = choice(lazy("进度"), UnitProgress.choices, method="of_progress")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.request.membership.kind == roles.DEPARTMENT:  # whose calls are addressed to universities only
            self.filters["progress"].extra["choices"] = SENDING

    def chosen(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows  # the view has begun with this call's units

    def of_progress(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(progress=value) if value else rows


def progress_cell(row: Any) -> SafeString:
    return state_badge(UnitProgress(row.progress), state_words(row))


class Progress(ListView):
    """报送进度: a call's units, what each has sent and who has not."""

    model = Organisation
    template = "applications/units.html"
    spec = ListSpec(
        "call-progress",
        lazy("报送进度"),
        columns=(
            Column("name", lazy("单位"), "display_name", lead=True, sort="name", url=lambda row: ""),
            Column("quota", lazy("名额"), css="num right", kind="integer"),
            Column("listed", lazy("已列入名单"), css="num right", kind="integer"),
            Column("received", lazy("已收项目"), css="num right", kind="integer"),
            Column("returned", lazy("退回待改"), css="num right", kind="integer"),
            Column("extended_until", lazy("延期至"), css="num", kind="datetime"),
            Column("school_deadline", lazy("校内截止时间"), css="num", kind="datetime"),
            Column("sent_at", lazy("报送时间"), css="num", kind="datetime"),
            Column("phone", lazy("联系电话"), "phone"),
            Column("progress", lazy("进度"), state_words, progress_cell),
        ),
        search=("name",),
        filterset=UnitFilter,
        default_sort="name",
        bulk=(BulkAction("remind", lazy("催办"), "bell"),),
        empty=lazy("没有可显示的单位。"),
    )

    @cached_property
    def call(self) -> Call | None:
        """The call asked for, else the one that ends last of those that are open, else the newest."""
        rows = Call.objects.visible_to(self.request.membership).select_related(
            "authority", "university", "regulation_version__regulation"
        )
        wanted = self.request.GET.get("call", "")
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            return rows.filter(pk=int(wanted)).first()
        return (
            rows.filter(state="open").order_by(F("closes_at").desc(nulls_last=True), "-pk").first()
            or rows.order_by("-pk").first()
        )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.units(self.call, membership) if self.call else Organisation.objects.none()

    def draw(self, request: HttpRequest):
        drawn = super().draw(request)
        if self.call is not None:
            drawn.keep.append(("call", str(self.call.pk)))
        return drawn

    def narrowed(self, request: HttpRequest):
        if self.call is None:
            return Organisation.objects.none(), None, ""
        return super().narrowed(request)

    def bulk_actions(self, request: HttpRequest) -> tuple:
        call = self.call
        may = call is not None and call.state == "open" and request.membership.may("applications.run_call", call)
        return self.spec.bulk if may else ()

    def actions(self, request: HttpRequest) -> list[Button]:
        return [Button(_("打开批次"), self.call.get_absolute_url(), "calendar")] if self.call else []

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(_("申报批次"), reverse("applications:calls")), (str(self.spec.title), "")]

    def more_context(self, request: HttpRequest) -> dict:
        return {"call": self.call, "has_list": has_list(self.call) if self.call else False}

    def bulk_remind(self, request: HttpRequest, rows: QuerySet) -> list[BulkResult]:
        results = []
        for row in rows:
            if row.progress in (*HAS_COME, "planned"):
                results.append(BulkResult(row, False, _("%(s)s，无需催办。") % {"s": state_words(row)}))
                continue
            why = reminders.remind_unit(self.call, row, request.membership)
            results.append(BulkResult(row, not why, why))
        return results


class Quotas(Progress):
    """名额分配: how many cases each unit may put forward, and from which factors that was set."""

    @cached_property
    def spec(self) -> ListSpec:
        return replace(
            Progress.spec,
            key="call-quotas",
            title=lazy("名额分配"),
            bulk=(),
            columns=(
                Column("name", lazy("单位"), "display_name", lead=True, sort="name", url=lambda row: ""),
                Column("factors", lazy("分配依据"), lambda row: factor_words(self.call, row.factors), css="wide"),
                Column("quota", lazy("名额"), css="num right", kind="integer"),
                Column("listed", lazy("已列入名单"), css="num right", kind="integer"),
                Column(
                    "left",
                    lazy("剩余名额"),
                    lambda row: None if row.quota is None else row.quota - row.listed,
                    css="num right",
                    kind="integer",
                ),
                Column("progress", lazy("进度"), state_words, progress_cell, shown=False),
            ),
        )

    def actions(self, request: HttpRequest) -> list[Button]:
        buttons = super().actions(request)
        call = self.call
        if (
            call is not None
            and call.state in ("planned", "open")
            and request.membership.may("applications.run_call", call)
        ):
            buttons.insert(0, Button(_("分配名额"), f"{call.get_absolute_url()}do/set_quotas/", "edit", primary=True))
        return buttons
