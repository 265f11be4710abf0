"""For a unit that the portal does not know yet: calls under which units apply themselves, and the form by which it asks the
university to be entered (CZMC-3.3a)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Call
from applications.queries.calls import calls_for_units
from core.door import Refused
from portal.public import code_entered
from tenants import roles
from tenants.access import public
from tenants.forms import RegistrationForm
from tenants.models import Organisation
from tenants.services import attempts, links, registrations
from tenants.services.publicly import TooMany


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """The open calls that take applications from units."""
    return render(request, "portal/public_join.html", {"calls": calls_for_units(), "tab": "join"})


def _call(pk: int) -> Call:
    call = next((call for call in calls_for_units() if call.pk == pk), None)
    if call is None:
        raise Http404
    return call


@require_http_methods(["GET", "HEAD", "POST"])
@public
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of one call: the unit's data and its contact. The code goes to the contact's mail address."""
    call = _call(pk)
    form, status = RegistrationForm(request.POST or None, kind=roles.PARTNER), 200
    if request.method == "POST":
        if request.POST.get("website"):  # a field that people do not see
            return redirect(request.path)
        status = 422
        if form.is_valid():
            network = attempts.network_of(request)
            try:
                link = registrations.begin(call.university, call.pk, call.title, form.cleaned_data, network)
            except TooMany as refusal:
                form.add_error(None, str(refusal))
                status = 429
            except Refused as refusal:
                for finding in refusal.findings:
                    form.add_error(finding.field if finding.field in form.fields else None, finding.message)
            else:
                return redirect(links.address_of(link).removeprefix(settings.SITE_URL))
    context = {"call": call, "form": form, "tab": "join"}
    return render(request, "portal/public_join_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the contact enters the code that came by mail, and afterwards finds the number."""
    link = links.find(registrations.PURPOSE, token)
    if link is None:
        raise Http404
    findings = code_entered(request, link, registrations.confirm)
    if findings is None:
        return redirect(request.path)
    call = Call.objects.select_related("university").get(pk=link.about_id)
    context = {
        "link": link,
        "call": call,
        "unit": Organisation(**link.payload["unit"]) if link.state == "open" else None,
        "findings": findings,
        "minutes": links.CODE_MINUTES,
        "tab": "join",
    }
    return render(request, "portal/public_join_confirm.html", context, status=422 if findings else 200)
