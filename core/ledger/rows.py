"""What is due: entered, moved, done, handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from core import clock, outbox
from core.ledger import kinds, people
from core.models import LedgerEntry

# What goes with the day of a row when it moves.
MOVED = ("due_on", "remind_on", "stages", "counted", "estimated")
# What `owe` brings to new terms, beside the day.
TERMS = ("organisation_id", "role", "membership_id", "title", "case_title", "clause", "handler", "payload")


def row(
    key: str,
    *,
    kind: str,
    title: str,
    due_on: dt.date,
    organisation_id: int | None,
    role: str = "",
    membership=None,
    case=None,
    remind_days: int = 7,
    clause: str = "",
    handler: str = "",
    payload: dict | None = None,
    counted: dict | None = None,
    estimated: bool = False,
    stages: Sequence[int] | None = None,
) -> LedgerEntry:
    """A row of something due, not entered yet (see `owe`, `core.door.create_many`).

    It is owed by `membership` (a Membership or its id) where that is given, else by `role` in the organisation. With a
    `handler` (a name registered with `core.ledger.handler`) the system makes it when `due_on` has passed, from the day
    after on, with the JSON `payload` at hand.

    It is reminded of `remind_days` before its day; a kind that is reminded of in stages (`core.ledger.kinds`) on the days
    that the organisation has chosen, or on `stages` where these have been asked for already (`stages_of`, for many rows).
    `counted` and `estimated`: see `LedgerEntry`.
    """
    stages = stages_of(organisation_id, kind) if stages is None else stages
    return LedgerEntry(
        key=key,
        kind=kind,
        title=title[:200],
        due_on=due_on,
        remind_on=due_on - dt.timedelta(days=max(stages, default=remind_days)),
        stages=list(stages),
        counted=counted or {},
        estimated=estimated,
        organisation_id=organisation_id,
        role=role,
        membership_id=getattr(membership, "pk", membership),
        clause=clause,
        handler=handler,
        payload=payload or {},
        case_kind=case.case_kind if case else "",
        case_id=case.pk if case else None,
        case_title=case.listed_title[:200] if case else "",
    )


def stages_of(organisation_id: int | None, kind: str) -> Sequence[int]:
    """The days ahead on which an organisation is reminded of a row of a kind today; none where it has no stages."""
    return people.directory.stages(organisation_id, kind, clock.today()) if kinds.of(kind).staged else ()


def owe(key: str, **terms) -> LedgerEntry:
    """Enter something due on the terms of `row`, or bring what stands under `key` already to these terms. Whoever owes it
    now, or owes it on another day, is reminded anew."""
    wanted = row(key, **terms)
    given = {field.attname: getattr(wanted, field.attname) for field in wanted._meta.concrete_fields}
    del given["id"]
    entry, created = LedgerEntry.objects.get_or_create(key=key, defaults=given)
    if created:
        return entry
    changed = []
    if entry.due_on != wanted.due_on:
        for name in (*MOVED, "reminded_at", "escalated_at"):
            setattr(entry, name, getattr(wanted, name))
        changed += [*MOVED, "reminded_at", "escalated_at"]
    if people.place_of(entry) != people.place_of(wanted):
        entry.reminded_at, entry.remind_on = None, wanted.remind_on
        changed += ["reminded_at", "remind_on"]
    for name in TERMS:
        if getattr(entry, name) != getattr(wanted, name):
            setattr(entry, name, getattr(wanted, name))
            changed.append(name)
    if changed:
        entry.save(update_fields=sorted(set(changed)))
    return entry


def restage(kind: str, organisation_ids: list[int], stages: list[int]) -> int:
    """Remind of the open rows of a staged kind on other days from now on; what has been reminded of is not repeated.
    Returns how many rows."""
    today, rows = clock.today(), []
    open_ = LedgerEntry.objects.filter(kind=kind, organisation_id__in=organisation_ids, done_at=None, due_on__gt=today)
    for entry in open_:
        days = sorted(entry.due_on - dt.timedelta(days=stage) for stage in stages)
        left = [day for day in days if day > today]
        begun = entry.reminded_at is not None or any(
            entry.due_on - dt.timedelta(days=stage) <= today for stage in entry.stages
        )
        if not begun:
            left = days
        entry.stages, entry.remind_on = list(stages), left[0] if left else days[-1]
        entry.reminded_at = None if left else entry.reminded_at or clock.now()
        rows.append(entry)
    return LedgerEntry.objects.bulk_update(rows, ["stages", "remind_on", "reminded_at"], batch_size=500)


def owing(membership) -> Q:
    """The rows that a member owes: in person, through a role, or for somebody whom they stand in for today."""
    return Q(membership_id__in=membership.acting_for) | Q(
        membership_id=None, organisation_id=membership.organisation_id, role__in=["", *membership.acting_roles]
    )


def owed_by(membership) -> QuerySet[LedgerEntry]:
    """What a member still owes."""
    return LedgerEntry.objects.filter(owing(membership), done_at=None)


def settle(key: str) -> None:
    """Mark what stands under `key` as done, and the messages that asked for it as read; nothing happens where it is done
    or was never due."""
    outbox.answered(key)
    LedgerEntry.objects.filter(key=key, done_at=None).update(done_at=clock.now())


def reopen(key: str) -> None:
    """Take back that what stands under `key` was done: it is due again, on its day, and reminded of again."""
    LedgerEntry.objects.filter(key=key).update(
        done_at=None, acted_at=None, reminded_at=None, escalated_at=None, failures=0, error="", retry_at=None
    )


def settle_case(case) -> None:
    """Mark everything due on a case as done and what asked for it as read, when the case has ended."""
    outbox.answered_by_end(case)
    LedgerEntry.about(case).filter(done_at=None).update(done_at=clock.now())


def hand_over(giver, receiver) -> int:
    """Let what a membership still owes be owed by another one, which is then reminded anew; returns how many rows."""
    rows = LedgerEntry.objects.filter(membership_id=giver.pk, done_at=None)
    outbox.taken_over(list(rows.values_list("key", flat=True)), giver)
    return rows.update(membership_id=receiver.pk, organisation_id=receiver.organisation_id, reminded_at=None)
