"""适用情况: which version governs whom from when, and going on to another one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.door import Forbidden, Refused
from regulations import adoptions, rights, services
from regulations.forms import AdoptForm
from regulations.models import RegulationVersion
from tenants import roles
from tenants.access import denied, require
from tenants.models import Organisation

STATES = {"now": ("green", lazy("现行")), "ahead": ("blue", lazy("将适用")), "past": ("grey", lazy("已结束"))}
SHOWN = 200  # organisations below one's own whose rows are listed


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("办法与设置"), reverse("regulations:index")), *more]


@require_GET
def adoptions_page(request: HttpRequest) -> HttpResponse:
    """The timelines of the reader's organisation, of those above it, and, for a department, of its universities."""
    membership = request.membership
    home = membership.organisation
    if not rights.reads_adoptions(membership):
        raise denied(_("适用情况供主管部门、学校和学院查看。"), rights.ADOPT, home)
    below = Organisation.objects.filter(parent=home, kind=roles.UNIVERSITY, active=True).order_by("name")
    units = [*services.chain(home), *(below[:SHOWN] if home.kind == roles.DEPARTMENT else [])]
    spans = adoptions.timeline(units)
    tone = {code: (colour, str(label)) for code, (colour, label) in STATES.items()}
    context = {
        "rows": [{"span": span, "state": tone[span.state]} for span in spans],
        "may": request.user.has_perm(rights.ADOPT, home),
        "home": home,
        "crumbs": _crumbs((_("适用情况"), "")),
    }
    return render(request, "regulations/adoptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest) -> HttpResponse:
    """登记适用办法: enter that a published version governs one's own organisation from a day on."""
    home = request.membership.organisation
    require(request, rights.ADOPT, home, _("适用办法由本单位管理员登记。"))
    versions = adoptions.choices(home)
    labels = [
        (version.pk, _("%(name)s，%(day)s起施行") % {"name": adoptions.named(version), "day": version.effective_from})
        for version in versions
    ]
    wanted = request.GET.get("version", "")
    initial = {"version": wanted} if wanted in {str(pk) for pk, _label in labels} else {}
    form = AdoptForm(labels, request.POST or None, initial=initial)
    findings: list = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = RegulationVersion.objects.select_related("regulation").get(pk=data["version"])
        try:
            adoptions.switch(request.membership, home, version, data["from_on"], data["reason"])
        except Refused as refusal:
            findings = refusal.findings
        except Forbidden as error:
            raise PermissionDenied(str(error)) from error
        else:
            messages.success(
                request,
                _("已登记：自%(day)s起适用%(version)s。")
                % {"day": data["from_on"], "version": adoptions.named(version)},
            )
            return redirect("regulations:adoptions")
    context = {
        "form": form if versions else None,
        "findings": findings,
        "home": home,
        "standing": [span for span in adoptions.timeline([home]) if span.state != "past"],
        "crumbs": _crumbs((_("适用情况"), reverse("regulations:adoptions")), (_("登记适用办法"), "")),
    }
    return render(request, "regulations/adopt.html", context, status=422 if request.method == "POST" else 200)
