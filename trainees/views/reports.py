"""待审阅: what waits for the reader's confirmation, one by one or all at once; and the same behind the link of a mail."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.door import DoorError, Refused
from core.forms.plain import plain_id
from tenants import roles
from tenants.access import public
from tenants.models import ActionLink
from tenants.services import links
from trainees.during import letters, reading

SESSION = "report_links"  # links that were opened in this browser


def _numbers(request: HttpRequest) -> list[int]:
    return [number for text in request.POST.getlist("record") if (number := plain_id(text))]


@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """The entries by student; a POST confirms those that are ticked."""
    if request.method == "POST":
        if request.membership.role in roles.READING_ROLES:
            raise PermissionDenied
        _confirm(request, request.membership)
        return redirect(request.path)
    rows = list(reading.waiting_for(request.membership)[: reading.SHOWN + 1])
    context = {"stays": reading.stays(request.membership, rows[: reading.SHOWN]), "more": len(rows) > reading.SHOWN}
    return render(request, "trainees/during/reports.html", context)


def _confirm(request: HttpRequest, membership, link: ActionLink | None = None) -> None:
    numbers = _numbers(request)
    if not numbers:
        messages.warning(request, _("请先勾选要确认的记录。"))
        return
    facts = {"number": link.number} if link is not None else None
    try:
        done = reading.confirm(membership, numbers, request.POST.get("comment", ""), facts)
    except DoorError as refusal:  # somebody was quicker, or the seat has changed: the page says what waits now
        text = refusal.findings[0].message if isinstance(refusal, Refused) else str(refusal)
        messages.error(request, text)
        return
    messages.success(request, _("已确认%(n)s份。") % {"n": done})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_link(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of a mail: opened with one press, confirmed with the next."""
    link = links.find(letters.PURPOSE, token)
    if link is None:
        raise Http404
    member = letters.holder(link)
    if member is None:
        return _page(request, {"link": link, "dead": True}, 410)
    opened = request.session.get(SESSION, [])
    if request.method == "POST":
        if link.pk not in opened:
            request.session[SESSION] = [*opened, link.pk]
        if request.POST.get("act") == "confirm" and link.pk in opened:
            _confirm(request, member, link)
        return redirect(request.path)
    rows = list(reading.waiting_for(member)[: reading.SHOWN])
    context = {"link": link, "number": len(rows), "opened": link.pk in opened}
    if context["opened"]:
        context["stays"] = reading.stays(member, rows)
    return _page(request, context)


def _page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    answer = render(request, "trainees/during/link.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
