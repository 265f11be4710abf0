"""The reader's own lists: everything that waits, and what they have done."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.models import Step
from core.listing import Column, ListSpec, ListView, days_column, due_column
from core.models import TransitionLog
from portal import queries


def _case_url(row) -> str:
    return queries.case_url(row.case_kind, row.case_id)


class Todos(ListView):
    """Every open step that the reader may act on."""

    model = Step
    spec = ListSpec(
        "todos",
        _("待办"),
        columns=(
            Column("kind", _("事项名称"), lambda row: queries.kind_label(row.case_kind)),
            Column("number", _("编号"), "case_number", css="code", sort="case_number"),
            Column(
                "case", _("所属基地"), "case_title", lead=True, url=_case_url, css="wide", sort="case_title"
            ),
            Column("step", _("环节"), "title", sort="title"),
            Column("since", _("到达时间"), "opened_at", css="num", sort="opened_at", kind="datetime"),
            days_column("days", _("停留天数"), "opened_at"),
            due_column("due", _("办理时限"), value="due_on", sort="due_on"),
        ),
        search=("case_title", "case_number"),
        default_sort="due",
        empty=_("没有待办事项。"),
    )

    def queryset_for(self, membership) -> QuerySet:
        return queries.open_steps(membership)


class Done(ListView):
    """What the reader did in this membership, the latest first."""

    model = TransitionLog
    spec = ListSpec(
        "done",
        _("已办"),
        columns=(
            Column("at", _("办理时间"), "at", css="num", kind="datetime"),
            Column("kind", _("事项名称"), lambda row: queries.kind_label(row.case_kind)),
            Column("number", _("编号"), "case_number", css="code"),
            Column("case", _("所属基地"), "case_title", lead=True, url=_case_url, css="wide"),
            Column("step", _("环节"), "step_title"),
            Column("what", _("操作"), "label"),
            Column("reason", _("意见"), "reason", css="wide"),
        ),
        search=("case_title", "case_number", "label"),
        empty=_("还没有办理过的事项。"),
    )

    def queryset_for(self, membership) -> QuerySet:
        return TransitionLog.objects.filter(
            user_id=membership.user_id, membership_id=membership.pk, case_id__isnull=False
        ).exclude(case_kind="organisation")
