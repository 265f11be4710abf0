"""Beginning an incident or a withdrawal on a base, and their lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from bases.models import Incident, Recognition, Withdrawal
from bases.models.events import BaseEvent
from bases.views.lists import UnitFilterSet, name
from casework.pages.findings import finding_pages
from core import door
from core.door import Forbidden, Refused, Stale
from core.listing import Column, ListSpec, ListView, choice, state_column
from tenants.access import denied, see_or_404

# The move on the base that begins a case, and what its page says.
BEGINS: dict[str, tuple[type[BaseEvent], Any, Any]] = {
    "enter_incident": (
        Incident,
        lazy("登记重大事项"),
        lazy("登记后填写事项经过和影响，再报告主管部门；报告之前主管部门看不到本登记。"),
    ),
    "request_withdrawal": (
        Withdrawal,
        lazy("提出自主撤销"),
        lazy("申请书由双方签章后报送备案；备案之前基地状态不变。"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The page on which an incident or a withdrawal is begun; its draft opens with the form."""
    model, label, help = BEGINS[code]
    rows = Recognition.objects.select_related("base", "regulation_version__regulation")
    recognition = see_or_404(rows, request, pk=pk)
    permission = door.moves(Recognition)[code].permission
    if not request.membership.may(permission, recognition):
        raise denied(door.why_not(recognition, door.moves(Recognition)[code]), permission, recognition)
    findings = []
    if request.method == "POST":
        try:
            door.perform(recognition, code, request.membership)
        except Refused as refusal:
            findings = finding_pages(recognition, refusal.findings, request.membership)
        except Forbidden as error:
            raise denied(str(error), permission, recognition) from error
        except Stale as error:
            messages.error(request, str(error))
            return redirect(recognition.get_absolute_url())
        else:
            begun = model.objects.visible_to(request.membership).filter(recognition=recognition).order_by("-pk").first()
            if begun is None:
                raise Http404
            return redirect(reverse("case_form", args=[begun.case_kind, begun.pk, begun.declaration.form]))
    context = {
        "recognition": recognition,
        "title": label,
        "help": help,
        "findings": findings,
        "crumbs": [
            (_("基地台账"), reverse("bases:list")),
            (recognition.listed_title, recognition.get_absolute_url()),
            (label, ""),
        ],
    }
    return render(request, "bases/begin.html", context, status=422 if findings else 200)


# --- lists ---------------------------------------------------------------------------------------------------------


class IncidentFilter(UnitFilterSet):
    state = choice(lazy("状态"), Incident.State.choices)

    class Meta:
        model = Incident
        fields = ["state"]


class WithdrawalFilter(UnitFilterSet):
    state = choice(lazy("状态"), Withdrawal.State.choices)

    class Meta:
        model = Withdrawal
        fields = ["state"]


def verdict(row: Incident) -> str:
    """研判结论."""
    if row.can_continue is None:
        return ""
    return _("可以继续") if row.can_continue else _("无法继续")


WHOSE = (
    Column("number", lazy("编号"), "number", sort="number", css="code", kind="code"),
    Column("title", lazy("基地名称"), "recognition.base.name", lead=True, css="wide", sort="recognition__base__name"),
    Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name"),
    Column("partner", lazy("合作单位"), lambda row: name(row.recognition.partner), sort="recognition__partner__name"),
)
ALONG = ("university", "recognition__base", "recognition__partner", "regulation_version__regulation")
SEARCH = ("number", "title", "recognition__base__name", "recognition__partner__name", "university__name")


class Incidents(ListView):
    """重大事项: those that the reader's unit entered, or that were reported to it."""

    model = Incident
    spec = ListSpec(
        "incidents",
        lazy("重大事项"),
        columns=(
            *WHOSE,
            Column("type", lazy("事项类型"), "type_label"),
            Column("happened_on", lazy("发生日期"), sort="happened_on", css="num", kind="date"),
            Column("reported_on", lazy("报告日期"), sort="reported_on", css="num", kind="date"),
            Column("verdict", lazy("研判结论"), verdict),
            state_column(sort="state"),
        ),
        search=SEARCH,
        search_hint=lazy("搜索编号、基地、单位"),
        filterset=IncidentFilter,
        default_sort="-number",
        select_related=ALONG,
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return Incident.objects.visible_to(membership)


class Withdrawals(ListView):
    """自主撤销."""

    model = Withdrawal
    spec = ListSpec(
        "withdrawals",
        lazy("自主撤销"),
        columns=(
            *WHOSE,
            Column("sent_on", lazy("报送日期"), sort="sent_on", css="num", kind="date"),
            Column("filed_on", lazy("备案日期"), sort="filed_on", css="num", kind="date"),
            state_column(sort="state"),
        ),
        search=SEARCH,
        search_hint=lazy("搜索编号、基地、单位"),
        filterset=WithdrawalFilter,
        default_sort="-number",
        select_related=ALONG,
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return Withdrawal.objects.visible_to(membership)
