"""A person's calendar as an iCalendar feed: a secret address that a telephone or a mail programme subscribes to."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from core import clock
from core.language import in_source_language
from core.ledger import kinds
from core.models import LedgerEntry
from portal import queries
from portal.due import scope
from tenants.access import public
from tenants.models import CalendarFeed, Membership, User

MOST = 1000  # rows of a feed, the nearest first
BACK = dt.timedelta(days=30)  # what is longer overdue stays in the register


def renew(user: User) -> str:
    """Make a person's address anew; the one before ends. Returns the address, which is shown once: only its hash is
    kept."""
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(user=user, defaults={"token_sha256": _hash(token), "made_at": clock.now()})
    return f"{settings.SITE_URL}{reverse('portal:due_feed', args=[token])}"


def end(user: User) -> None:
    """End a person's address."""
    CalendarFeed.objects.filter(user=user).delete()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@public
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What its person sees as due, in every membership that is usable today. Students are not named."""
    row = CalendarFeed.objects.filter(token_sha256=_hash(token), user__is_active=True).select_related("user").first()
    if row is None:
        raise Http404
    with in_source_language():
        content = written(rows_of(row.user))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="lianpei.ics"'
    return response


def rows_of(user: User) -> list[LedgerEntry]:
    """What is open and near, of every usable membership, each row once."""
    memberships = Membership.objects.usable().filter(user=user).select_related("organisation", "user")
    seen: dict[int, LedgerEntry] = {}
    for membership in memberships:
        open_ = scope.seen(membership).filter(done_at=None, due_on__gte=clock.today() - BACK)
        seen |= {row.pk: row for row in open_.order_by("due_on", "pk")[:MOST]}
    return sorted(seen.values(), key=lambda row: (row.due_on, row.pk))[:MOST]


def written(rows: list[LedgerEntry]) -> bytes:
    """The rows as an iCalendar file: one whole-day event for each, whose name stays the same while it moves."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lianpei//Due//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("联培到期事项"))
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"value": "DURATION"})
    for row in rows:
        event = Event()
        event.add("uid", f"due-{row.pk}@lianpei")
        event.add("dtstamp", row.created_at.astimezone(dt.UTC))
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + dt.timedelta(days=1))
        event.add("summary", kinds.outside(row) + (_("（预计）") if row.estimated else ""))
        lines = [str(kinds.of(row.kind).label)]
        if row.clause:
            lines.append(_("依据：%(clause)s") % {"clause": row.clause})
        event.add("description", "\n".join(lines))
        event.add("transp", "TRANSPARENT")
        if row.case_id:
            event.add("url", f"{settings.SITE_URL}{queries.case_url(row.case_kind, row.case_id)}")
        calendar.add_component(event)
    return calendar.to_ical()
