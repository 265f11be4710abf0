"""One mail, at most one a day, with one link for whoever has something to confirm and does not log in.

The link belongs to the person's own account and goes to its address alone. A GET of its page shows no name and no text (a
preview of a chat opens links too); the reader opens it with one press and confirms with the next. A newer mail's link makes
the older one useless.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from casework.models import Confirmation
from core import clock, ledger, outbox
from core.language import in_source_language
from tenants.models import ActionLink, Membership
from tenants.services import links
from trainees.during import persons, reading
from trainees.models import Placement

PURPOSE = "reports"
DAYS = 14  # how long a link stays good
CHUNK = 500

links.purpose(PURPOSE, "/r/{}/")


@ledger.planner
def ask_by_mail(on: dt.date) -> None:
    """Mail a link to everybody of whom something was asked before today and who has not been mailed of it."""
    until = clock.aware(on)
    fresh = Confirmation.objects.filter(
        confirmed_at=None, mailed_at=None, asked_at__lt=until, record__subject_kind=Placement.case_kind
    )
    while pks := list(fresh.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with in_source_language(), transaction.atomic():
            rows = list(
                fresh.filter(pk__in=pks).select_for_update(skip_locked=True, of=("self",)).select_related("record")
            )
            if not rows:
                return
            for member in _asked(rows):
                _mail(member, on)
            Confirmation.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=clock.now())


def _asked(rows: list[Confirmation]) -> list[Membership]:
    """The persons among those asked, who are there today and have an address."""
    stays = defaultdict(set)
    for row in rows:
        if row.who in persons.SEATS:
            stays[row.who].add(row.record.subject_id)
    pks: set[int] = set()
    for word, numbers in stays.items():
        pks |= set(Placement.objects.filter(pk__in=numbers).values_list(persons.SEATS[word], flat=True))
    members = Membership.objects.usable().filter(~Q(user__email=""), pk__in=pks)
    return list(members.select_related("user", "organisation").order_by("pk"))


def _mail(member: Membership, on: dt.date) -> None:
    for old in ActionLink.objects.filter(purpose=PURPOSE, about_id=member.pk, used_at=None, closed_at=None):
        links.close(old, why="renewed")
    link = links.make(
        PURPOSE,
        member.pk,
        until=clock.aware(on + dt.timedelta(days=DAYS + 1)),
        name=member.name,
        address=member.user.email,
    )
    links.sent(link)
    outbox.queue_composed(
        "trainees.during.letters.mail",
        {"pk": link.pk, "nonce": link.nonce},
        to=link.address,
        url="/placements/reports/",
        key=f"report-link:{link.pk}",
    )


@outbox.composer
def mail(pk: int, nonce: str) -> tuple[str, str] | None:
    """The mail, written when it is sent: how many wait, and the address. None where nothing waits any more, or the link is
    no longer good."""
    link = ActionLink.objects.filter(pk=pk, nonce=nonce).first()
    member = holder(link)
    if member is None:
        return None
    number = reading.waiting_for(member).count()
    if not number:
        return None
    context = {"link": link, "number": number, "address": links.address_of(link), "unit": member.organisation}
    with in_source_language():
        subject = render_to_string("emails/report_link_subject.txt", context)
        return " ".join(subject.split()), render_to_string("emails/report_link.txt", context)


def holder(link: ActionLink | None) -> Membership | None:
    """Whose a link is, while it is open and they are there; None for every other."""
    if link is None or link.state != "open":
        return None
    return Membership.objects.usable().select_related("user", "organisation").filter(pk=link.about_id).first()
