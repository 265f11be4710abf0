"""What the public would read of a list, before it is publicised."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework import access, inputs
from casework.lists import drafting
from casework.models import CaseList
from casework.pages import Asking
from core import clock, door, pages
from core.door import Refused
from core.findings import blocking
from core.forms.clean import clean
from portal import public
from tenants.access import denied

MANAGE = "casework.manage_list"


@require_POST
def notice_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice's public page as the form says it, with what still stands against posting it; nothing is kept."""
    case_list = access.seen_case(request, CaseList.case_kind, pk)
    if not request.membership.may(MANAGE, case_list):
        raise denied(_("公示由拟定名单的单位办理。"), MANAGE, case_list)
    if case_list.state != "prepared" or not case_list.declaration.notice:
        raise Http404
    declared = door.moves(CaseList)["publicise"]
    given = inputs.sent_input(request, case_list, declared, case_list, draft=False)
    answers, findings = clean(given.spec, given.answers, resolver=case_list.resolver(request.membership))
    stopped = blocking([*given.findings, *findings])
    notice = None
    if not stopped:
        stopped = blocking(drafting.findings(case_list, Asking(request.membership, clock.today(), answers)))
        try:
            notice = drafting.drawn_up(case_list, answers)
        except Refused as refusal:
            stopped += refusal.findings
    context = {
        "notice": notice,
        "preview": True,
        "findings": [pages.PageFinding(finding) for finding in stopped],
        "tab": "notices",
    }
    if notice is not None:
        context |= public.told(notice)
    return render(request, "portal/notice_preview.html", context, status=422 if stopped else 200)
