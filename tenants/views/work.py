"""The administrator sees to what the portal could not do by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants import work
from tenants.views.common import answers


@require_POST
@answers
def see_to(request: HttpRequest) -> HttpResponse:
    """Try one line of the box again, or take it off."""
    act = request.POST.get("act", "")
    work.see_to(request.membership, request.membership.organisation, request.POST.get("row", ""), act)
    messages.success(request, _("已安排再试。") if act == "retry" else _("已标记为不再处理。"))
    return redirect("/organisation/#work")
