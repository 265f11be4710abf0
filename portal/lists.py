"""The reader's own lists: everything that waits, what they have done, what they began, what was copied to them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from casework.models import Copy, Step
from core.language import shown
from core.listing import Column, GatheredListView, ListSpec, ListView, days_column, due_column
from core.models import TransitionLog
from core.templatetags.ui import state_badge
from portal import queries, todos


def _case_url(row) -> str:
    return queries.case_url(row.case_kind, row.case_id)


def _to_do_it(row: todos.Todo) -> SafeString:
    words = '<a class="btn btn-plain btn-sm" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    return format_html(words, row.url, row.action, row.case_title)


class Todos(GatheredListView):
    """Everything that waits for the reader: what the home page begins with."""

    spec = ListSpec(
        "todos",
        _("待办"),
        columns=(
            Column("kind", _("事项名称"), "what", sort="what"),
            Column("number", _("编号"), css="code", sort="number"),
            Column(
                "case", _("所属基地"), "case_title", lead=True, url=lambda row: row.url, css="wide", sort="case_title"
            ),
            Column("step", _("环节"), sort="step"),
            Column("sender", _("来件单位/人"), lambda row: f"{row.from_unit} {row.from_person}".strip()),
            Column("since", _("到达时间"), css="num", sort="since", kind="datetime"),
            days_column("days", _("停留天数"), "since"),
            due_column("due", _("办理时限"), sort="due", estimated="estimated"),
            Column("action", _("操作"), cell=_to_do_it, exported=False),
        ),
        search=("case_title", "number"),
        default_sort="due",
        empty=_("没有待办事项。"),
        count_up_to=todos.MOST,
    )

    def rows_for(self, membership) -> list[todos.Todo]:
        return todos.todos(membership, todos.MOST + 1).rows  # one more: "2000+"


def _lines_of(case) -> QuerySet:
    """The log lines of the case of an outer row, the latest first."""
    return TransitionLog.objects.filter(case_kind=case("case_kind"), case_id=case("case_id")).order_by("-id")


def _state(row) -> str:
    return queries.state_label(row.case_kind, row.state_now)


def _state_badge(row) -> SafeString:
    return state_badge(queries.state_of(row.case_kind, row.state_now), _state(row) or "—")


class Started(ListView):
    """The cases whose first line in the log is the reader's, with where each is now."""

    model = TransitionLog
    spec = ListSpec(
        "started",
        _("我发起的"),
        columns=(
            Column("kind", _("事项名称"), lambda row: queries.kind_label(row.case_kind)),
            Column("number", _("编号"), "case_number", css="code", sort="case_number"),
            Column("case", _("名称"), "title_now", lead=True, url=_case_url, css="wide"),
            Column("at", _("发起时间"), "at", css="num", kind="datetime", sort="at"),
            Column("step", _("当前环节"), lambda row: shown(row.step_now)),
            due_column("due", _("办理时限"), value="due_now", estimated="estimated_now"),
            Column("state", _("状态"), _state, cell=_state_badge),
            Column("moved", _("最近办理"), "moved_at", css="num", kind="datetime"),
        ),
        search=("case_title", "case_number"),
        empty=_("还没有发起过事项。"),
    )

    def queryset_for(self, membership) -> QuerySet:
        lines = _lines_of(OuterRef)
        steps = Step.objects.filter(
            case_kind=OuterRef("case_kind"), case_id=OuterRef("case_id"), state="open"
        ).order_by(F("due_on").asc(nulls_last=True), "position", "pk")
        return (
            TransitionLog.objects.filter(user_id=membership.user_id, membership_id=membership.pk, case_id__isnull=False)
            .exclude(case_kind="organisation")
            .exclude(Exists(lines.filter(id__lt=OuterRef("id"))))
            .annotate(
                title_now=Subquery(lines.values("case_title")[:1]),
                state_now=Subquery(lines.values("to_state")[:1]),
                moved_at=Subquery(lines.values("at")[:1]),
                step_now=Subquery(steps.values("title")[:1]),
                due_now=Subquery(steps.values("due_on")[:1]),
                estimated_now=Subquery(steps.values("due_estimated")[:1]),
            )
        )


class Copied(ListView):
    """The cases that colleagues copied to the reader, the latest first."""

    model = Copy
    spec = ListSpec(
        "copied",
        _("抄送我的"),
        columns=(
            Column("at", _("抄送时间"), "at", css="num", kind="datetime", sort="at"),
            Column("kind", _("事项名称"), lambda row: queries.kind_label(row.case_kind)),
            Column("number", _("编号"), "case_number", css="code", sort="case_number"),
            Column("case", _("名称"), "case_title", lead=True, url=_case_url, css="wide"),
            Column("sender", _("抄送人"), "sender_name"),
            Column("note", _("附言"), "note", css="wide"),
            Column("state", _("状态"), _state, cell=_state_badge),
        ),
        search=("case_title", "case_number", "sender_name"),
        empty=_("没有抄送给您的事项。"),
    )

    def queryset_for(self, membership) -> QuerySet:
        lines = _lines_of(OuterRef)
        return Copy.objects.filter(membership_id=membership.pk).annotate(
            state_now=Subquery(lines.values("to_state")[:1])
        )


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
            Column("step", _("环节"), lambda row: shown(row.step_title)),
            Column("what", _("操作"), lambda row: shown(row.label)),
            Column("reason", _("意见"), "reason", css="wide"),
        ),
        search=("case_title", "case_number", "label"),
        empty=_("还没有办理过的事项。"),
    )

    def queryset_for(self, membership) -> QuerySet:
        return TransitionLog.objects.filter(
            user_id=membership.user_id, membership_id=membership.pk, case_id__isnull=False
        ).exclude(case_kind="organisation")
