"""申请专业实践: a student begins the application for their own stay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bases.drafting import columns_of
from casework.pages.findings import finding_page
from casework.specs import field, form, options
from core import pages
from core.door import Forbidden, Refused
from core.findings import blocking
from core.forms.clean import clean
from core.forms.post import from_post, wants_rows
from core.forms.render import rendered
from core.forms.spec import parse_form
from tenants.access import denied
from trainees import queries, services, specs
from trainees.models import Placement, Student


def own(membership) -> Student | None:
    """The student whose membership it is; None where the account is not linked with one yet."""
    return Student.objects.filter(seat__user=membership.user_id).select_related("college").order_by("pk").first()


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Which base, and from when until when; the draft opens with its forms."""
    if request.membership.role != "student":
        raise denied(_("专业实践由研究生本人在此申请。"), services.APPLY, Placement(**columns_of(request.membership)))
    student = own(request.membership)
    bases = queries.bases_for(student) if student is not None else []
    choices = options([(base.pk, base.listed_title) for base in bases])
    fields = [field("base", "choice", _("基地"), options=choices), specs.period_field()] if bases else []
    why = _("学校目前没有可申请的基地，请联系学院研究生秘书。")
    if student is None:
        why = _("您的账号尚未关联研究生登记，请联系学院研究生秘书。")
    note = {"key": "none", "type": "note", "label": why, "local": True}
    spec = parse_form(form("apply", _("申请专业实践"), *(fields or [note])))
    answers: dict[str, Any] = {}
    shown: list[pages.PageFinding] = []
    if request.method == "POST" and bases:
        raw = from_post(spec, request.POST)
        if wants_rows(request.POST):
            answers = raw
        else:
            answers, findings = clean(spec, raw)
            shown = [pages.PageFinding(finding) for finding in findings]
            if not blocking(findings):
                base = next(base for base in bases if str(base.pk) == str(answers["base"]))
                periods = [row["period"] for row in answers["periods"]]
                days = [(dt.date.fromisoformat(row["from"]), dt.date.fromisoformat(row["to"])) for row in periods]
                try:
                    placement = services.apply(request.membership, base, student, days)
                except Refused as refusal:
                    shown = [finding_page(base, finding) for finding in refusal.findings]
                except Forbidden as error:
                    raise PermissionDenied(str(error)) from error
                else:
                    messages.success(request, _("已开始申请。请先选择导师，再逐表填写并提交。"))
                    return redirect(placement.get_absolute_url())
    back = reverse("trainees:placements")
    context = {
        "title": _("申请专业实践"),
        "submit": _("开始申请"),
        "label": _("申请专业实践"),
        "form": rendered(
            spec,
            answers,
            findings=[each.finding for each in shown],
            extra_rows={request.POST["add-row"]: 1} if request.POST.get("add-row") else None,
        ),
        "findings": shown,
        "cancel_url": back,
        "crumbs": [(_("我的实践"), back), (_("申请专业实践"), "")],
    }
    return render(request, "bases/start.html", context, status=422 if shown else 200)
