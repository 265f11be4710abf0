"""存量补录: the list of what was entered afterwards, and its beginning."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from bases.existing import beginning
from bases.models import Backfill
from core.door import Forbidden
from core.forms.plain import plain_id
from core.language import bracketed
from core.listing import Button, Column, ListSpec, ListView, choice, state_column
from regulations import wording
from tenants.access import denied


class BackfillFilter(django_filters.FilterSet):
    state = choice(lazy("状态"), Backfill.State.choices)

    class Meta:
        model = Backfill
        fields = ["state"]


class Backfills(ListView):
    """存量补录."""

    model = Backfill
    spec = ListSpec(
        "backfills",
        lazy("存量补录"),
        columns=(
            Column("number", lazy("编号"), sort="number", css="code", kind="code"),
            Column("title", lazy("名称"), lead=True, css="wide", sort="title"),
            Column("way", lazy("方式"), lambda row: _("表格") if row.by_sheet else _("逐个填写"), sort="by_sheet"),
            Column("rows", lazy("基地数"), "number_of_rows", sort="number_of_rows", css="num right", kind="integer"),
            Column("faults", lazy("错误"), "number_of_faults", css="num right", kind="integer"),
            Column("entered_on", lazy("录入日期"), sort="entered_on", css="num", kind="date"),
            state_column(sort="state"),
        ),
        search=("number", "title"),
        search_hint=lazy("搜索编号、名称"),
        filterset=BackfillFilter,
        default_sort="-number",
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return Backfill.objects.visible_to(membership)

    def actions(self, request: HttpRequest) -> list[Button]:
        if not beginning.may_begin(request.membership):
            return []
        return [Button(_("新的补录"), reverse("bases:backfill_new"), "plus", primary=True)]

    def crumbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(_("基地台账"), reverse("bases:list")), (_("存量补录"), "")]


@require_http_methods(["GET", "HEAD", "POST"])
def backfill_new(request: HttpRequest) -> HttpResponse:
    """The choice between one base by a form and many by a spreadsheet, for each regulation of the reader's own."""
    membership = request.membership
    if not beginning.may_begin(membership):
        raise denied(_(beginning.WHO), "bases.begin_backfill", membership.organisation)
    versions = beginning.versions_for(membership.organisation)
    if request.method == "POST":
        asked = plain_id(request.POST.get("version", ""))
        version = next((known for known in versions if known.pk == asked), None)
        if version is None:
            messages.error(request, _("请选择本单位适用的办法。"))
            return redirect(reverse("bases:backfill_new"))
        by_sheet = request.POST.get("way") == "sheet"
        try:
            begun = beginning.begin(membership, version, by_sheet=by_sheet)
        except Forbidden as error:
            raise denied(str(error), "bases.begin_backfill", membership.organisation) from error
        if by_sheet:
            return redirect(begun.get_absolute_url())
        return redirect(reverse("case_form", args=[begun.case_kind, begun.pk, Backfill.FORM]))
    context = {
        "versions": [
            (
                version.pk,
                bracketed(wording.words(version.profile.head.title), f"{version.regulation.code} {version.number}"),
            )
            for version in versions
        ],
        "crumbs": [
            (_("基地台账"), reverse("bases:list")),
            (_("存量补录"), reverse("bases:backfills")),
            (_("新的补录"), ""),
        ],
    }
    return render(request, "bases/existing/new.html", context)
