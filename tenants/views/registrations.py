"""Units from outside that ask to be entered: what they say of themselves, and the office's answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.door import Refused
from tenants import divisions, rights, roles
from tenants.forms import ReasonForm
from tenants.models import Organisation, UnitRegistration
from tenants.services import registrations
from tenants.views.common import answers, asked


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """One registration at the reader's own university: taken or declined by its graduate office."""
    membership = request.membership
    rows = UnitRegistration.objects.select_related("university", "organisation", "invitation", "decided_by__user")
    row = get_object_or_404(rows.filter(university=membership.organisation_id), pk=pk)
    asked(request, rights.INTRODUCE_PARTNER, row.university, _(registrations.WHO))
    decline = ReasonForm(request.POST if request.POST.get("act") == "decline" else None)
    status = 200
    if request.method == "POST":
        if request.POST.get("act") == "decline":
            if decline.is_valid() and decline.attempt(
                lambda: registrations.decline(membership, row, decline.cleaned_data["reason"])
            ):
                messages.success(request, _("已告知%(name)s：不予登记。") % {"name": row.contact})
                return redirect("tenants:partners")
        else:
            try:
                taken = registrations.take(membership, row)
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("%(name)s已登记，已向联系人发出邀请。") % {"name": taken.name})
                return redirect("tenants:invitation", taken.invitation_id)
        status = 422
    unit = Organisation(kind=roles.PARTNER, **row.unit)
    known = Organisation.objects.filter(kind=roles.PARTNER, uscc=unit.uscc).first() if unit.uscc else None
    context = {
        "row": row,
        "unit": unit,
        "place": divisions.name_of(unit.division) if unit.division else "",
        "known": known,
        "decline": decline,
        "crumbs": [(_("合作单位"), "/organisation/partners/"), (row.name, "")],
    }
    return render(request, "tenants/registration.html", context, status=status)
