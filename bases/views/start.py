"""Beginning an agreement: on its own, or for a base."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bases import drafting
from bases.models import Agreement, Recognition
from core import pages
from core.door import Forbidden, Refused
from core.forms.render import rendered
from tenants.access import denied, see_or_404
from tenants.models import Organisation

DRAFTERS = "协议由学院研究生秘书或研究生处起草。"


def opened(agreement: Agreement) -> HttpResponse:
    """Where the drafter goes on: the dates and scan of a paper agreement, or the text."""
    if agreement.type == "recorded":
        return redirect(reverse("case_do", args=["agreement", agreement.pk, "record_paper"]))
    return redirect(agreement.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: HttpRequest) -> HttpResponse:
    """起草协议 without an application: a new one, or one signed on paper before (NM-7.3b)."""
    if not drafting.may_draft(request.membership):
        raise denied(_(DRAFTERS), "bases.draft_agreement", request.membership.organisation)
    first = {}
    if request.GET.get("type") in drafting.STARTS:
        first["type"] = request.GET["type"]
    wanted = request.GET.get("partner", "")
    known = Organisation.objects.filter(kind="partner", active=True)  # partner units belong to nobody
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 and known.filter(pk=int(wanted)).exists():
        first["partner"] = int(wanted)
    form = drafting.NewAgreement(request.membership, first)
    if request.method == "POST" and form.versions:
        try:
            made = form.take(request.POST)
        except Forbidden as error:
            raise PermissionDenied(str(error)) from error
        if made is not None:
            if form.application is not None:
                messages.success(
                    request, _("协议草稿已建立，并已关联申报项目“%(a)s”。") % {"a": form.application.title}
                )
            else:
                messages.success(request, _("协议草稿已建立。"))
            return opened(made)
    context = {
        "title": _("起草协议"),
        "help": _("申报项目和基地的协议，请从该项目或基地的页面起草。"),
        "submit": _("建立草稿"),
        "label": _("建立草稿"),
        "form": rendered(form.spec, form.answers, findings=form.findings, resolver=form.resolver)
        if form.versions
        else None,
        "nothing": _("本单位没有适用的、规定协议内容的办法。"),
        "findings": [pages.PageFinding(finding) for finding in form.findings if not finding.field],
        "cancel_url": reverse("bases:agreements"),
        "crumbs": [(_("协议台账"), reverse("bases:agreements")), (_("起草协议"), "")],
    }
    return render(request, "bases/start.html", context, status=422 if form.findings else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement that follows for a base: revision, renewal, supplement."""
    recognition = see_or_404(
        Recognition.objects.select_related(
            "base", "university", "college", "partner", "regulation_version__regulation"
        ),
        request,
        pk=pk,
    )
    if recognition.profile.agreement is None or not request.membership.may("bases.draft_agreement", recognition):
        raise denied(_(DRAFTERS), "bases.draft_agreement", recognition)
    findings: list[pages.PageFinding] = []
    if request.method == "POST":
        try:
            made = drafting.follow(request.membership, recognition, request.POST.get("type", ""))
        except Refused as refusal:
            findings = [pages.PageFinding(finding) for finding in refusal.findings]
        except Forbidden as error:
            raise PermissionDenied(str(error)) from error
        else:
            messages.success(request, _("协议草稿已建立。"))
            return opened(made)
    labels = dict(Agreement.TYPES)
    context = {
        "recognition": recognition,
        "earlier": drafting.earlier(recognition),
        "types": [(code, labels[code]) for code in drafting.follow_types(recognition)],
        "findings": findings,
        "crumbs": [
            (_("基地台账"), reverse("bases:list")),
            (recognition.listed_title, recognition.get_absolute_url()),
            (_("起草协议"), ""),
        ],
    }
    return render(request, "bases/follow.html", context, status=422 if findings else 200)
