"""How the outbox is doing, in words for the health page: "ok", or what is wrong."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Min, Q

from core import clock
from core.models import OutboxMessage
from core.outbox.lanes import LANES, WAITING

PATIENCE = {
    "tasks": dt.timedelta(minutes=5),
    "mails": dt.timedelta(minutes=5),
    "channels": dt.timedelta(minutes=15),
    "retries": dt.timedelta(minutes=15),
}
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
MANY = 3  # mails put off in a row by a server that answers: one or two may be greylisted


def mail() -> str:
    """Whether mails get through: judged by the last word of the mail server."""
    mails = OutboxMessage.objects.filter(kind="mail")
    last = mails.aggregate(
        sent=Max("sent_at"),
        refused=Max("tried_at", filter=Q(fault="refused", failed_at__isnull=False)),
        put_off=Max("tried_at", filter=Q(WAITING, fault="put_off")),
    )
    put_off = last.pop("put_off") or LONG_AGO
    settled = max(filter(None, last.values()), default=LONG_AGO)
    counts = mails.filter(WAITING, tried_at__gt=settled).aggregate(
        silent=Count("pk", filter=Q(fault__in=("unreachable", "no_answer"), tried_at__gt=put_off)),
        put_off=Count("pk", filter=Q(fault="put_off")),
    )
    if not counts["silent"] and counts["put_off"] < MANY:
        return "ok"
    waiting = mails.filter(WAITING).count()
    what = "does not answer" if counts["silent"] else "takes nothing for now"
    return f"the mail server {what}; {waiting} waiting"


def lanes() -> str:
    """Whether each lane moves."""
    now = clock.real_now()
    said = []
    for name, which in LANES.items():
        stuck = OutboxMessage.objects.filter(which, WAITING, available_at__lt=now - PATIENCE[name]).aggregate(
            number=Count("pk"), since=Min("available_at")
        )
        if stuck["number"]:
            said.append(f"{name}: {stuck['number']} waiting since {clock.local(stuck['since']):%Y-%m-%d %H:%M}")
    return "; ".join(said) or "ok"


# What nobody has seen to yet, and of it what is the portal's business; a mail that was refused is its sender's.
UNSEEN = Q(failed_at__isnull=False, dealt_with_at=None)
NEEDS_CARE = UNSEEN & (Q(kind="task") | Q(fault="killed"))


def set_aside() -> str:
    """Whether anything was set aside that nobody has seen to."""
    number = OutboxMessage.objects.filter(NEEDS_CARE).count()
    return f"{number} set aside" if number else "ok"


def undelivered(case, organisation_id: int | None) -> list[OutboxMessage]:
    """What an organisation sent about a case and could not be delivered, the newest first. One query."""
    rows = OutboxMessage.objects.filter(
        UNSEEN, case_kind=case.case_kind, case_id=case.pk, organisation_id=organisation_id
    )
    return list(rows.only("kind", "payload", "error").order_by("-failed_at")[:10])


def retry(message: OutboxMessage) -> None:
    """Have a closed message tried again, as if it were new."""
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=0, deaths=0, fault="", failed_at=None, available_at=clock.real_now()
    )
