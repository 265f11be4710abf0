"""Planning a stay; what the forms of this room begin from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bases.drafting import columns_of
from bases.models import Recognition
from casework.pages.findings import finding_page
from casework.specs import field, form, options
from core import pages
from core.door import Forbidden, Refused
from core.findings import Finding, blocking
from core.forms.clean import clean
from core.forms.post import from_post, wants_rows
from core.forms.render import rendered
from core.forms.spec import parse_form
from tenants.access import denied
from trainees import services, specs
from trainees.models import Placement, Student


def may_manage(membership) -> bool:
    """Whether the membership enters students and plans stays for its organisation."""
    if membership.kind not in ("college", "university"):
        return False
    return membership.may(services.MANAGE, Placement(**columns_of(membership)))


def asked_of(request: HttpRequest) -> dict:
    """The columns of the reader's side. Raises PermissionDenied for whoever does not look after students."""
    if not may_manage(request.membership):
        raise denied(
            _("研究生和专业实践由学院研究生秘书或研究生处登记。"), services.MANAGE, request.membership.organisation
        )
    return columns_of(request.membership)


def form_page(
    request: HttpRequest, title: str, spec, answers: dict, findings: list, resolver, crumb: tuple
) -> HttpResponse:
    form_view = rendered(
        spec,
        answers,
        findings=[shown.finding for shown in findings],
        resolver=resolver,
        extra_rows={request.POST["add-row"]: 1} if request.POST.get("add-row") else None,
    )
    context = {
        "title": title,
        "submit": _("保存"),
        "label": title,
        "form": form_view,
        "findings": findings,
        "cancel_url": crumb[1],
        "crumbs": [crumb, (title, "")],
    }
    return render(request, "bases/start.html", context, status=422 if findings else 200)


# --- placements ----------------------------------------------------------------------------------------------------


def plan_spec(bases) -> dict:
    """Which base, which student, in which periods. Mentors and insurance are entered on the stay's own page."""
    text = _("尚未登记的研究生，请先在“研究生”中登记。")
    return form(
        "plan",
        _("安排专业实践"),
        field("base", "choice", _("基地"), options=options([(base.pk, base.listed_title) for base in bases])),
        field("number", "text", _("学号"), max_chars=30, help=text),
        specs.period_field(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """安排专业实践: a student at a base, from when until when."""
    asked_of(request)
    membership = request.membership
    asked = request.POST.get("f-base") or request.GET.get("base") or ""
    offered = ~Q(state="ended")  # one that has ended is named where it is asked for: the refusal says why
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        offered |= Q(pk=int(asked))
    rows = Recognition.objects.visible_to(membership).filter(offered).order_by("-pk")
    bases = list(rows.select_related("base", "university", "partner", "regulation_version__regulation")[:500])
    crumb = (_("专业实践"), reverse("trainees:placements"))
    if not bases:
        raise Http404
    spec = parse_form(plan_spec(bases))
    answers: dict[str, Any] = _given(request, bases)
    refused: list[pages.PageFinding] = []
    if request.method == "POST":
        raw = from_post(spec, request.POST)
        if wants_rows(request.POST):
            answers = raw
        else:
            answers, findings = clean(spec, raw)
            refused = [pages.PageFinding(finding) for finding in findings]
            if not blocking(findings):
                base = next(base for base in bases if str(base.pk) == str(answers["base"]))
                placement, refused = _planned(membership, base, answers)
                if placement is not None:
                    text = _("已安排专业实践。请继续安排导师、登记保险。")
                    if placement.state == "draft":
                        text = _("已开始申请。请先选择导师，再逐表填写并提交。")
                    messages.success(request, text)
                    return redirect(placement.get_absolute_url())
    return form_page(request, _("安排专业实践"), spec, answers, refused, None, crumb)


def _planned(membership, base: Recognition, answers: dict) -> tuple[Placement | None, list[pages.PageFinding]]:
    """The stay that was planned, or None with what stands against it, each with its clause in the base's regulation."""
    student = Student.objects.visible_to(membership).filter(number=answers["number"]).first()
    if student is None:
        text = _("没有登记学号为%(n)s的研究生。") % {"n": answers["number"]}
        return None, [pages.PageFinding(Finding("", "hard", text, {"number": answers["number"]}, field="number"))]
    periods = [row["period"] for row in answers["periods"]]
    days = [(dt.date.fromisoformat(period["from"]), dt.date.fromisoformat(period["to"])) for period in periods]
    try:
        begin = services.plan if base.profile.placement is None else services.apply
        return begin(membership, base, student, days), []
    except Refused as refusal:
        return None, [finding_page(base, finding) for finding in refusal.findings]
    except Forbidden as error:
        raise PermissionDenied(str(error)) from error


def _given(request: HttpRequest, bases: list[Recognition]) -> dict[str, Any]:
    """What the address names already: a base, a student."""
    known: dict[str, Any] = {}
    wanted = request.GET.get("base", "")
    if any(str(base.pk) == wanted for base in bases):
        known["base"] = wanted
    wanted = request.GET.get("student", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        student = Student.objects.visible_to(request.membership).filter(pk=int(wanted)).first()
        if student is not None:
            known["number"] = student.number
    return known
