"""布局与进出: how the bases are spread, which came and went; the office that a regulation gives, and its log."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from bases import queries
from bases.models import Office, Recognition
from bases.office import services
from bases.office.pages import OfficePage
from bases.views.lists import UnitFilterSet, name, partner
from casework import records
from core.door import Forbidden
from core.forms.plain import plain_id
from core.listing import Column, ListSpec, ListView, choice, state_column
from regulations import wording
from tenants import roles
from tenants.access import see_or_404

READERS = (roles.DEPARTMENT, roles.UNIVERSITY, roles.COLLEGE)


@require_safe
def layout(request: HttpRequest) -> HttpResponse:
    """The spread of the bases by unit and state, and the way to the office, to what came and went, to exceptions."""
    membership = request.membership
    if membership.kind not in READERS or membership.role in roles.PERSONAL_ROLES:
        raise PermissionDenied(_("布局与进出供主管部门、学校和学院查阅。"))
    context = {
        "lines": queries.layout(membership),
        "offices": services.offices(membership),
        "openable": [
            (version.pk, wording.words(version.profile.office.title)) for version in services.openable(membership)
        ],
        "crumbs": [(_("布局与进出"), "")],
    }
    return render(request, "bases/layout.html", context)


@require_POST
def office_open(request: HttpRequest) -> HttpResponse:
    """Open the office that a version of a regulation gives the reader's organisation."""
    asked = plain_id(request.POST.get("version", ""))
    version = next((known for known in services.openable(request.membership) if known.pk == asked), None)
    try:
        office = services.open_office(request.membership, version)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, _("已启用：%(office)s。") % {"office": office.title})
    return redirect(office.get_absolute_url())


@require_safe
def office_log(request: HttpRequest, pk: int) -> HttpResponse:
    """What an office keeps, narrowed to a type of record, to a code of it (the party of a liaison, say) and to a year."""
    office = see_or_404(Office.objects.select_related("regulation_version__regulation"), request, pk=pk)
    declared = records.kept_by(office)
    kind, code, year = (request.GET.get(key, "") for key in ("type", "code", "year"))
    rows = records.shown(office)
    own = declared.get(kind)
    if own is not None:
        rows = rows.filter(type=kind)
    if own is not None and code:
        rows = rows.filter(code=code)
    if year.isdigit() and len(year) == 4:
        rows = rows.filter(on__year=int(year))
    page = OfficePage(office, request.membership)
    context = {
        "office": office,
        "types": [(key, wording.words(declared_kind.title)) for key, declared_kind in declared.items()],
        "codes": _codes(own),
        "kind": kind if own is not None else "",
        "code": code,
        "year": year,
        "rows": page.record_rows(rows[:200]),
        "crumbs": [
            (_("布局与进出"), reverse("bases:layout")),
            (office.title, office.get_absolute_url()),
            (_("记录"), ""),
        ],
    }
    return render(request, "bases/office_log.html", context)


def _codes(own: Any) -> list[tuple[str, str]]:
    """The choices of the field that fills a type's column `code`."""
    column = own.columns.get("code") if own is not None else None
    return [
        (option.code, str(option.label))
        for field in (own.fields if own else ())
        if field.key == column
        for option in field.options
    ]


class MovementFilter(UnitFilterSet):
    way = choice(lazy("进出"), [("in", lazy("准入")), ("out", lazy("退出"))], method="of_way")
    year = django_filters.NumberFilter(label=lazy("年度"), method="of_year")

    class Meta:
        model = Recognition
        fields = ["level"]

    def of_way(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.exclude(**{{"in": "active_on", "out": "ended_on"}[value]: None})

    def of_year(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        came, went = Q(active_on__year=int(value)), Q(ended_on__year=int(value))
        way = self.data.get("way", "")
        return rows.filter({"in": came, "out": went}.get(way, came | went))


def ground(row: Recognition) -> str:
    """On what it was admitted: the day of the decision and the document."""
    return f"{row.decided_on} {row.document_number}".strip()


def left_because(row: Recognition) -> str:
    """Why it is a base no more, and by which clause."""
    article = wording.article(row.profile, row.end_clause) if row.end_clause else ""
    words = row.end_label if row.ended_on else ""
    return f"{words}（{article}）" if words and article else words


class Movements(ListView):
    """准入与退出: every base that came into force or ended, with days and reasons."""

    model = Recognition
    spec = ListSpec(
        "movements",
        lazy("准入与退出名单"),
        columns=(
            Column("number", lazy("基地编号"), "base.number", sort="base__number", css="code", kind="code"),
            Column("title", lazy("基地名称"), "base.name", lead=True, css="wide", sort="base__name"),
            Column("college", lazy("责任学院"), lambda row: name(row.college), sort="college__name"),
            Column("university", lazy("学校"), lambda row: name(row.university), sort="university__name", shown=False),
            Column("partner", lazy("合作单位（性质）"), partner, sort="partner__name"),
            Column("ground", lazy("批准日期及文号"), ground, sort="decided_on"),
            Column("active_on", lazy("准入日期"), sort="active_on", css="num", kind="date"),
            Column("ended_on", lazy("退出日期"), sort="ended_on", css="num", kind="date"),
            Column("why", lazy("退出原因及依据"), left_because, css="wide"),
            state_column(sort="state"),
        ),
        search=("number", "base__number", "base__name", "partner__name"),
        search_hint=lazy("搜索编号、名称、单位"),
        filterset=MovementFilter,
        default_sort="-active_on",
        select_related=("base", "university", "college", "partner"),
    )

    def queryset_for(self, membership: Any) -> QuerySet:
        return queries.movements(membership)
