"""登记寄件: by which courier the originals of a stamped paper are on their way. Changes no state; stands in the log."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework import access
from casework.models import Parcel
from casework.models.routed import RoutedCase
from casework.pages.sealing import parcel_rows
from casework.papers import parcels
from core import clock, text
from core.findings import Finding


@require_http_methods(["GET", "HEAD", "POST"])
def parcel(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Enter the courier's number of what the reader's unit sent, or put it right."""
    case = access.seen_case(request, kind, pk)
    if not isinstance(case, RoutedCase):
        raise Http404
    if access.is_reviewer(request, case) or not request.membership.may("casework.send_parcel", case):
        raise PermissionDenied(_("寄件由寄出单位的经办人登记。"))
    to = parcels.recipient(case, request.membership.organisation)
    if to is None:
        raise PermissionDenied(_("本事项的原件由本单位保存，不需要寄出。"))
    asked = request.POST if request.method == "POST" else request.GET
    step = case.step_declaration(asked.get("step", "")) if asked.get("step") in _keys(case) else None
    step_key = step.key if step is not None else ""
    findings: list[Finding] = []
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in ("courier", "courier_number", "sent_on")}
        findings, sent_on = _wrong(typed)
        if not findings and sent_on is not None:
            parcels.register(case, step_key, request.membership, typed["courier"], typed["courier_number"], sent_on)
            messages.success(request, _("已登记寄件，%(unit)s可以看到单号。") % {"unit": to.unit.display_name})
            back = request.POST.get("next", "")
            local = back and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
            return redirect(back if local else f"{case.get_absolute_url()}#papers")
    else:
        own = {"round": case.round, "step_key": step_key, "unit_id": request.membership.organisation_id}
        row = Parcel.about(case).filter(**own).first()
        typed = {
            "courier": row.courier if row else "",
            "courier_number": row.number if row else "",
            "sent_on": (row.sent_on if row else clock.today()).isoformat(),
        }
    context = {
        "case": case,
        "to": to,
        "typed": typed,
        "step_key": step_key,
        "next": asked.get("next", ""),
        "couriers": parcels.COURIERS,
        "findings": findings,
        "parcels": parcel_rows(parcels.sent(case)),
        "crumbs": [(case.title, case.get_absolute_url()), (_("登记寄件"), "")],
    }
    return render(request, "casework/parcel.html", context, status=422 if findings else 200)


def _keys(case) -> set[str]:
    return {step.key for step in case.declared_route()}


def _wrong(typed: dict[str, str]) -> tuple[list[Finding], dt.date | None]:
    """What is wrong with the form, and the day on it."""
    findings = parcels.findings(typed["courier"], typed["courier_number"])
    if not findings and not typed["courier_number"]:
        findings.append(Finding("", "hard", _("请填写快递公司和快递单号。"), {}, field="courier_number"))
    sent_on = text.day(typed["sent_on"])
    if sent_on is None or sent_on > clock.today():
        message = _("寄出日期“%(day)s”不是今天或以前的日期。") % {"day": typed["sent_on"][:20]}
        findings.append(Finding("", "hard", message, {"sent_on": typed["sent_on"][:20]}, field="sent_on"))
    return findings, sent_on
