"""链接办理人 of a partner unit: entered by one person, verified by another."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from core.door import Refused
from core.forms.plain import plain_id
from tenants import rights, roles
from tenants.forms import ContactForm
from tenants.models import Membership, Organisation, UnitContact
from tenants.services import contacts as service
from tenants.views.common import answers, seen_organisation, status_of

ACTS = {
    "verify": (service.verify, gettext_noop("已核实，今后可以向此人发送办理链接。")),
    "end": (service.end, gettext_noop("已停用，未使用的链接同时失效。")),
}


def contacts_of(reader: Membership, unit: Organisation) -> list[UnitContact] | None:
    """The people of a partner unit that the reader keeps or may verify; None where that is not their business."""
    keeps = reader.may(rights.ENTER_CONTACT, unit)
    office = (reader.kind, reader.role) in roles.CONFIRMERS
    if unit.kind != roles.PARTNER or not (keeps or office):
        return None
    rows = UnitContact.objects.filter(organisation=unit, ended_at=None)
    home = service.home_of(reader)
    rows = rows.filter(Q(kept_by=home) if home is not None else Q(kept_by__parent=reader.organisation))
    along = ("kept_by__parent", "entered_by__user", "entered_by__organisation", "verified_by__user")
    return list(rows.select_related(*along, "verified_by__organisation", "organisation").order_by("pk")[:50])


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, with the form to enter somebody for who keeps it, and the buttons to verify and to end."""
    unit, reader = seen_organisation(request, pk), request.membership
    rows = contacts_of(reader, unit)
    if rows is None:
        raise Http404
    keeps = reader.may(rights.ENTER_CONTACT, unit)
    wanted = request.POST.get("act", "") if request.method == "POST" else ""
    if wanted in ACTS:
        return _act(request, unit, rows, wanted)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        if form.attempt(lambda: service.enter(reader, unit, **fields)):
            messages.success(request, _("%(name)s已登记，待另一人核实邮箱。") % {"name": fields["name"]})
            return redirect(request.path)
    able = service.verifiers_of([row for row in rows if row.verified_at is None])
    for row in rows:
        row.others = able.get(row.pk, [])
        row.mine = any(other.pk == reader.pk for other in row.others)
    context = {
        "unit": unit,
        "rows": rows,
        "keeps": keeps,
        "form": form,
        "crumbs": [
            (_("单位与人员"), "/organisation/"),
            (unit.name, f"/organisation/{unit.pk}/"),
            (_("链接办理人"), ""),
        ],
    }
    return render(request, "tenants/contacts.html", context, status=status_of(form))


def _act(request: HttpRequest, unit: Organisation, rows: list[UnitContact], wanted: str) -> HttpResponse:
    number = plain_id(request.POST.get("contact", ""))
    if all(row.pk != number for row in rows):
        raise Http404
    contact = get_object_or_404(UnitContact.objects.select_related("kept_by", "organisation"), pk=number)
    act, said = ACTS[wanted]
    try:
        act(request.membership, contact)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _(said))
    return redirect(request.path)
