"""The table of working days: the country's holidays, and what the reader's unit and those above it have entered."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.steps.engine import deadlines
from core import clock
from core.calendar import day_table
from core.forms.plain import plain_id
from tenants import workdays
from tenants.directory import below
from tenants.views.common import answers

FIRST, LAST = 2000, 2100


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def workdays_page(request: HttpRequest) -> HttpResponse:
    """A year's days, for everybody to read; the administrator of a university or a department enters them."""
    year = plain_id(request.GET.get("year", "")) or clock.today().year
    year = year if FIRST <= year <= LAST else clock.today().year
    own, typed, faults = request.membership.organisation, "", []
    edits = workdays.edits(request.membership)
    if request.method == "POST":
        if not edits:
            raise PermissionDenied(_("由学校或省级主管部门的单位管理员设置。"))
        typed = request.POST.get("days", "")
        faults = _post(request, own, year, typed)
        if not faults:
            return redirect(f"{request.path}?year={year}")
    table = day_table(dt.date(year, 1, 1), dt.date(year, 12, 31), own.pk)
    rows = [
        {"day": day, "off": off, "name": table.name(day), "weekend": day.weekday() > 4}
        for day, off in sorted(table.days.items())
    ]
    context = {
        "year": year,
        "rows": rows,
        "entered": year in table.years,
        "edits": edits,
        "history": workdays.history(own, year) if edits else [],
        "typed": typed,
        "faults": faults,
        "crumbs": [(_("到期台账"), reverse("portal:due")), (_("工作日表"), "")],
    }
    return render(request, "portal/due/workdays.html", context, status=422 if faults else 200)


def _post(request: HttpRequest, own, year: int, typed: str) -> list[str]:
    """Enter what was sent; returns what is wrong with it."""
    if request.POST.get("act") in ("complete", "incomplete"):
        workdays.complete(request.membership, own, year, request.POST["act"] == "complete")
    else:
        days, faults = workdays.read(typed)
        if faults:
            return faults
        workdays.enter(request.membership, own, days)
    moved = deadlines.recount(below(own.pk))
    messages.success(
        request, _("已保存。按新的工作日表重新计算了%(n)s项预计的办理时限。") % {"n": moved} if moved else _("已保存。")
    )
    return []
