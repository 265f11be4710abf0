"""The ledger of everything due: one row per unique key.

Whoever owes something calls `owe`; whoever did it calls `settle`. The daily job reminds of every row whose day has
come and that nobody has been reminded of, so a missed run is caught up and a second run adds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import transaction

from core import clock, outbox
from core.models import LedgerEntry

# Set by tenants: (organisation id, role) → the memberships to remind. The core knows no memberships.
recipients: Callable[[int | None, str], Iterable] = lambda organisation_id, role: ()  # noqa: E731


def owe(
    key: str,
    *,
    kind: str,
    title: str,
    due_on: dt.date,
    organisation_id: int | None,
    role: str = "",
    case=None,
    remind_days: int = 7,
    clause: str = "",
) -> LedgerEntry:
    """Enter something due, or move the day of the row that stands under `key` already."""
    entry, created = LedgerEntry.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": title[:200],
            "due_on": due_on,
            "remind_on": due_on - dt.timedelta(days=remind_days),
            "organisation_id": organisation_id,
            "role": role,
            "clause": clause,
            "case_kind": case.case_kind if case else "",
            "case_id": case.pk if case else None,
            "case_title": case.listed_title[:200] if case else "",
        },
    )
    if not created and entry.due_on != due_on:
        entry.due_on, entry.remind_on = due_on, due_on - dt.timedelta(days=remind_days)
        entry.reminded_at = None
        entry.save(update_fields=["due_on", "remind_on", "reminded_at"])
    return entry


def settle(key: str) -> None:
    """Mark what stands under `key` as done; nothing happens where it is done or was never due."""
    LedgerEntry.objects.filter(key=key, done_at=None).update(done_at=clock.now())


def reopen(key: str) -> None:
    """Take back that what stands under `key` was done: it is due again, on its day, and reminded of again."""
    LedgerEntry.objects.filter(key=key).update(done_at=None, reminded_at=None)


def settle_case(case) -> None:
    """Mark everything due on a case as done, when the case has ended."""
    LedgerEntry.objects.filter(case_kind=case.case_kind, case_id=case.pk, done_at=None).update(done_at=clock.now())


def run_due(on: dt.date) -> dict:
    """Remind of everything whose reminder is due on or before `on`. One bad row stops no other.

    Returns how many were reminded of and how many failed.
    """
    said = {"date": on.isoformat(), "reminded": 0, "failed": 0}
    waiting = LedgerEntry.objects.filter(remind_on__lte=on, reminded_at=None, done_at=None).order_by("id")
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                entry = LedgerEntry.objects.select_for_update().filter(pk=pk, reminded_at=None, done_at=None).first()
                if entry is None:
                    continue
                url = f"/cases/{entry.case_kind}/{entry.case_id}/" if entry.case_id else "/"
                outbox.notify(
                    recipients(entry.organisation_id, entry.role),
                    f"【到期提醒】{entry.title}",
                    f"{entry.case_title} 办理时限：{entry.due_on.isoformat()}",
                    url,
                    key=f"ledger:{entry.key}:{entry.due_on.isoformat()}",
                )
                entry.reminded_at = clock.now()
                entry.save(update_fields=["reminded_at"])
                said["reminded"] += 1
        except Exception:  # noqa: BLE001 - one tenant's bad row must not stop the others; the count says so
            said["failed"] += 1
    return said
