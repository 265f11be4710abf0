"""The home page, messages, search, help."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from casework import pages
from core import clock, door
from core.forms.plain import plain_id
from core.listing import matching
from core.models import InboxMessage
from core.text import normal
from portal import gallery as pieces
from portal import guides, queries, todos
from portal.queries import home as beside
from tenants import middleware
from tenants.access import person, public
from tenants.models import ScopedCase


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, counted, with dates, one click away from doing it."""
    membership = request.membership
    work = todos.todos(membership)
    partner = membership.organisation.kind == "partner" and membership.role not in ("expert", "auditor")
    if partner:
        todos.name_seals(work.rows)
    parent = membership.organisation.parent
    context = {
        "todos": work,
        "elsewhere": _elsewhere(request),
        "reminders": beside.reminders(membership),
        "calls": beside.running_calls(membership),
        "rounds": [] if partner else beside.running_rounds(membership),
        "notices": beside.notices(),
        "contact": parent,
        "today": clock.today(),
    }
    return render(request, "portal/home_partner.html" if partner else "portal/home.html", context)


def _elsewhere(request: HttpRequest) -> list[tuple]:
    """The reader's other memberships for which something waits, each with how much."""
    others = [membership for membership in request.memberships if membership != request.membership]
    waiting = [(membership, todos.counts(membership).total) for membership in others]
    return [(membership, total) for membership, total in waiting if total]


@require_safe
@person
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages to the reader, the latest first."""
    rows = InboxMessage.objects.filter(user_id=request.user.pk).order_by("-pk")
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        rows = rows.filter(read_at=None)
    if before := plain_id(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    messages = list(rows[:51])
    context = {
        "rows": messages[:50],
        "more": messages[49].pk if len(messages) > 50 else None,
        "only_unread": only_unread,
        "crumbs": [(_("消息"), "")],
    }
    return render(request, "portal/inbox.html", context)


@require_POST
@person
def read_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it points, in the membership it was written to."""
    message = get_object_or_404(InboxMessage, pk=pk, user_id=request.user.pk)
    if message.read_at is None:
        message.read_at = clock.now()
        message.save(update_fields=["read_at"])
    url = message.url
    if not url or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        url = reverse("portal:inbox")
    if message.membership_id and message.membership_id != getattr(request.membership, "pk", None):
        middleware.choose(request, message.membership_id)
    return redirect(url)


@require_POST
@person
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    InboxMessage.objects.filter(user_id=request.user.pk, read_at=None).update(read_at=clock.now())
    return redirect("portal:inbox")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Cases by number or title, of every kind, within what the membership sees. One query per kind."""
    text = normal(request.GET.get("q", "")).strip()
    hits = []
    if len(text) >= 2:
        for kind, model in door.kinds().items():
            if not issubclass(model, ScopedCase):
                continue
            seen = matching(model.objects.visible_to(request.membership), model.searched, text)
            rows = pages.kinds.of(model).in_lines(seen)
            hits += [
                {
                    "kind": queries.kind_label(kind),
                    "number": row.number,
                    "title": row.listed_title,
                    "url": row.get_absolute_url(),
                    "state": row.state,
                    "state_label": row.get_state_display(),
                }
                for row in rows.order_by("-pk")[:20]
            ]
    context = {"rows": hits, "search_text": text, "crumbs": [(_("查找事项"), "")]}
    return render(request, "portal/search.html", context)


@require_GET
@public
def help_page(request: HttpRequest, name: str = "") -> HttpResponse:
    """The user guides; the reader's own first."""
    known = guides.all_guides()
    if not name:
        name = guides.for_membership(getattr(request, "membership", None))
    if name not in known:
        raise Http404
    context = {
        "guides": known,
        "name": name,
        "guide": guides.read(name),
        "crumbs": [(_("使用说明"), "")],
    }
    return render(request, "portal/help.html", context)


@require_GET
@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for who builds pages; only in development, tests and the demo."""
    shown = settings.DEBUG or settings.TESTING or not settings.PRODUCTION
    if not shown:
        raise Http404
    which = request.GET.get("page", "")
    if which:
        template, context = pieces.page(which)
        if template is None:
            raise Http404
        return render(request, template, context)
    return render(request, "portal/gallery.html", pieces.context())
