"""专业学位类别覆盖情况: how many degree categories of the region have a base (NM-2b)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from bases import queries
from bases.queries.coverage import CategoryLine
from core.listing import Column, ListSpec
from core.listing.export import response
from tenants import roles

SPEC = ListSpec(
    "coverage",
    lazy("专业学位类别覆盖情况"),
    columns=(
        Column("code", lazy("类别代码"), kind="code"),
        Column("name", lazy("专业学位类别")),
        Column("universities", lazy("开展培养的学校数"), kind="integer"),
        Column("bases", lazy("省级基地数"), kind="integer"),
        Column("candidates", lazy("国家级候选数"), kind="integer"),
        Column("covered", lazy("是否覆盖"), lambda line: _("已覆盖") if line.covered else _("未覆盖")),
    ),
)
SHOWN = {
    "all": lazy("全部"),
    "offered": lazy("本地区开展培养的"),
    "covered": lazy("已覆盖"),
    "bare": lazy("未覆盖"),
}


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The report as a table, or (`?export=all`) as a spreadsheet. For the department and its readers."""
    membership = request.membership
    if membership.kind != roles.DEPARTMENT or membership.role in roles.PERSONAL_ROLES:
        raise PermissionDenied(_("本报表供省级主管部门使用。"))
    report = queries.coverage(membership)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "offered" if report.offered else "all"
    lines = [line for line in report.lines if _kept(line, shown)]
    if request.GET.get("export"):
        return response(SPEC, list(SPEC.columns), lines)
    context = {
        "report": report,
        "lines": lines,
        "shown": shown,
        "choices": list(SHOWN.items()),
        "list_url": reverse("bases:list"),
        "crumbs": [(_("统计报表"), ""), (str(SPEC.title), "")],
    }
    return render(request, "bases/coverage.html", context)


def _kept(line: CategoryLine, shown: str) -> bool:
    if shown == "offered":
        return line.universities > 0 or line.covered
    if shown == "covered":
        return line.covered
    if shown == "bare":
        return not line.covered and line.universities > 0
    return True
