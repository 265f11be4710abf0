"""The list of meetings, with what each decided."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as lazy

from casework import queries
from casework.models import Decision
from core.listing import Column, ListSpec, ListView


def minutes(row: Decision) -> SafeString:
    if row.minutes is None:
        return mark_safe("")
    return format_html('<a href="/documents/{}/">{}</a>', row.minutes.uid, row.minutes.name)


class Decisions(ListView):
    """结果登记: the meetings of one's organisation, with what each decided."""

    model = Decision
    spec = ListSpec(
        "decisions",
        lazy("会议审定结果"),
        columns=(
            Column("body", lazy("会议名称"), lead=True, sort="body"),
            Column("session", lazy("届次"), sort="session"),
            Column("decided_on", lazy("会议日期"), sort="decided_on", css="num", kind="date"),
            Column("cases", lazy("项目数"), css="num right", kind="integer"),
            Column("passed", lazy("通过"), css="num right", kind="integer"),
            Column("declined", lazy("未通过"), css="num right", kind="integer"),
            Column("resolution", lazy("决议"), css="wide"),
            Column("minutes", lazy("会议纪要"), "minutes.name", minutes),
            Column("entered_by", lazy("登记人")),
            Column("entered_at", lazy("登记时间"), sort="entered_at", css="num", kind="datetime"),
        ),
        search=("body", "session", "resolution"),
        default_sort="-decided_on",
        select_related=("minutes",),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.decisions(membership)
