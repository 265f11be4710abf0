"""到期台账: everything due that the reader sees, with the four colours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core import clock, ledger, state_styles
from core.language import shown
from core.ledger import kinds
from core.listing import Button, Column, ListSpec, ListView, choice
from core.models import LedgerEntry, Reminder
from core.state_styles import GREY
from core.templatetags.ui import badge, estimated_mark
from portal import queries
from portal.due import scope
from tenants import roles
from tenants.models import Membership, Organisation

LIGHTS = [
    ("over", lazy("逾期")),
    ("red", lazy("7日内到期")),
    ("orange", lazy("30日内到期")),
    ("yellow", lazy("60日内到期")),
    ("blue", lazy("90日内到期")),
    ("later", lazy("90日以后")),
]


def kind_label(row: LedgerEntry) -> str:
    return str(kinds.of(row.kind).label)


def kind_choices() -> list[tuple[str, Any]]:
    return [(known.code, known.label) for known in kinds.listed()]


def url_of(row: LedgerEntry) -> str:
    return queries.case_url(row.case_kind, row.case_id) if row.case_id else ""


def days_left(row: LedgerEntry) -> int | None:
    return None if row.done_at else (row.due_on - clock.today()).days


def light(row: LedgerEntry) -> SafeString:
    """The warning with its colour, icon and words; a done row is grey."""
    if row.done_at:
        return badge(GREY, _("已办结"), "check")
    tone, icon, words = state_styles.of_due(row.due_on)
    return badge(tone, words, icon)


def due_words(row: LedgerEntry) -> str:
    return row.due_on.isoformat() + (_("（预计）") if row.estimated else "")


def due_cell(row: LedgerEntry) -> SafeString:
    guess = estimated_mark(row.estimated)
    return format_html('<span><span class="num">{}</span> {}</span>', row.due_on.isoformat(), guess)


def holder(row: LedgerEntry) -> str:
    """Unit and role that owe it; the person only to their own unit."""
    parts = [row.unit_name or "", row.person_name or str(roles.ROLE_LABELS.get(row.role, ""))]
    return " ".join(filter(None, parts))


class DueFilter(django_filters.FilterSet):
    light = choice(lazy("预警"), LIGHTS, method="of_light")
    kind = choice(lazy("类别"), kind_choices)
    mine = choice(lazy("承办"), [("mine", lazy("由我办理")), ("unit", lazy("本单位"))], method="of_holder")
    state = choice(lazy("办理情况"), [("open", lazy("未办结")), ("done", lazy("已办结"))], method="of_state")
    day = django_filters.CharFilter(label=lazy("到期日"), method="of_day")

    class Meta:
        model = LedgerEntry
        fields = ["kind"]

    def of_light(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(scope.window(value), done_at=None)

    def of_holder(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        membership = self.request.membership
        if value == "mine":
            return rows.filter(ledger.owing(membership))
        return rows.filter(organisation_id=membership.organisation_id)

    def of_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(done_at__isnull=value == "open")

    def of_day(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        try:
            return rows.filter(due_on=dt.date.fromisoformat(value))
        except ValueError:
            return rows.none()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(done_at=None)


class Due(ListView):
    """到期台账."""

    model = LedgerEntry
    spec = ListSpec(
        "due",
        lazy("到期台账"),
        columns=(
            Column("due", lazy("到期日"), due_words, due_cell, sort="due_on", css="num"),
            Column("light", lazy("预警"), days_left, light, kind="integer"),
            Column("title", lazy("事项"), lambda row: shown(row.title), lead=True, url=url_of, css="wide"),
            Column("kind", lazy("类别"), kind_label, sort="kind"),
            Column("case", lazy("所属基地"), "case_title", css="wide"),
            Column("holder", lazy("承办"), holder),
            Column("clause", lazy("依据"), "clause", sort="clause", css="code"),
            Column("told", lazy("最近提醒"), "told_on", css="num", kind="date"),
            Column("since", lazy("列入日期"), "created_at", css="num", kind="datetime", sort="created_at", shown=False),
            Column("done", lazy("办结时间"), "done_at", css="num", kind="datetime", sort="done_at", shown=False),
        ),
        search=("title", "case_title", "clause"),
        filterset=DueFilter,
        default_sort="due",
        empty=lazy("没有符合条件的到期事项。"),
        count_up_to=2_000,  # who sees a row is asked row by row
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        unit = Organisation.objects.filter(pk=OuterRef("organisation_id"))
        colleague = Membership.objects.filter(
            pk=OuterRef("membership_id"), organisation_id=membership.organisation_id
        ).exclude(role="expert")
        told = Reminder.objects.filter(Q(digest__told_at__isnull=False), entry=OuterRef("pk")).order_by()
        return scope.seen(membership).annotate(
            unit_name=Subquery(unit.values("name")[:1]),
            person_name=Subquery(colleague.values("user__name")[:1]),
            told_on=Subquery(told.values("entry").annotate(last=Max("digest__on")).values("last")),
        )

    def actions(self, request: HttpRequest) -> list[Button]:
        return [
            Button(_("到期日历"), reverse("portal:due_month"), "calendar"),
            Button(_("工作日表"), reverse("portal:workdays"), "clock"),
            Button(_("提醒设置"), reverse("portal:due_settings"), "bell"),
        ]
