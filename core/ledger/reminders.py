"""Whom to tell of what comes and, once, the unit's leader of what is late: each person's rows are gathered in their digest
of the day (`digests.py` tells it). In chunks: the rows of a chunk are read, their people found and their reminders written
in a fixed number of queries; the row is marked in the same transaction, so that it stands in a digest once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from core.ledger import kinds, people
from core.ledger.acts import note_failure
from core.ledger.people import Tenant
from core.models import Digest, LedgerEntry, Reminder

CHUNK = 1000
DAY = dt.timedelta(days=1)
READ = ("pk", "kind", "due_on", "organisation_id", "role", "membership_id", "clause", "stages")


def _to_holders(rows: list[Any]) -> list[list]:
    """Who is told of each row: its holders, but for those who want to hear nothing of its kind. A day that a regulation
    gives is told in any case."""
    places = [people.place_of(row) for row in rows]
    holders = people.directory.holders(set(places))
    muted = people.directory.muted({member.user_id for members in holders.values() for member in members})
    return [
        [member for member in holders.get(place, ()) if row.clause or (member.user_id, row.kind) not in muted]
        for row, place in zip(rows, places, strict=True)
    ]


def _to_leaders(rows: list[Any]) -> list[list]:
    leaders = people.directory.leaders({row.organisation_id for row in rows if row.organisation_id})
    return [leaders.get(row.organisation_id, []) for row in rows]


def _mark_reminded(rows: list[Any], on: dt.date) -> None:
    """The next day on which to remind of each row; none is left for most of them."""
    following: dict[dt.date | None, list[int]] = {}
    for row in rows:
        days = [day for day in (row.due_on - dt.timedelta(days=stage) for stage in row.stages) if day > on]
        following.setdefault(min(days, default=None), []).append(row.pk)
    for day, pks in following.items():
        marks = {"reminded_at": clock.now()} if day is None else {"remind_on": day}
        LedgerEntry.objects.filter(pk__in=pks).update(**marks)


def _mark_escalated(rows: list[Any], on: dt.date) -> None:
    LedgerEntry.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=clock.now())


@dataclass(frozen=True)
class Round:
    """One way of telling people of rows: which rows are `due`, who is told of each, and how they are marked."""

    due: Callable[[dt.date], Q]
    told: Callable[[list[Any]], list[list]]
    mark: Callable[[list[Any], dt.date], None]
    late: bool


REMIND = Round(lambda on: Q(remind_on__lte=on, reminded_at=None), _to_holders, _mark_reminded, late=False)
# What acts by itself is late for nobody: where it fails, the administrator sees it.
ESCALATE = Round(
    lambda on: Q(due_on__lt=on, escalated_at=None, handler="") & ~Q(kind__in=kinds.never_late()),
    _to_leaders,
    _mark_escalated,
    late=True,
)


def gather(telling: Round, tenant: Tenant, on: dt.date) -> tuple[dict[str, int], int]:
    """Put every row of a tenant whose turn has come by `on` into its people's digests. Returns how many rows of each kind
    they were, and how many failed."""
    counts: dict[str, int] = {}
    failed, after = 0, 0
    waiting = _of(tenant, _waiting(telling, on))
    while pks := list(waiting.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        try:
            kinds = _gather_rows(telling, waiting.filter(pk__gt=after, pk__lte=pks[-1]), on)
        except Exception:  # noqa: BLE001 - a bad row among them: each by itself, so that it stops no other
            kinds = []
            for pk in pks:
                try:
                    kinds += _gather_rows(telling, waiting.filter(pk=pk), on)
                except Exception as error:  # noqa: BLE001 - the row keeps it
                    note_failure(pk, error)
                    failed += 1
        for kind in kinds:
            counts[kind] = counts.get(kind, 0) + 1
        after = pks[-1]
    return counts, failed


def _waiting(telling: Round, on: dt.date) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(telling.due(on), Q(retry_at=None) | Q(retry_at__lte=clock.now()), done_at=None)
    return rows.order_by("pk")


def _of(tenant: Tenant, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    if tenant.organisations == ():
        return rows.filter(organisation_id=None)
    return rows if tenant.organisations is None else rows.filter(organisation_id__in=tenant.organisations)


def _gather_rows(telling: Round, waiting: QuerySet[LedgerEntry], on: dt.date) -> list[str]:
    """Write these rows' reminders and mark the rows, in one transaction; rows that another scheduler has in hand are left
    to it. Returns their kinds."""
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True).values_list(*READ, named=True))
        told = telling.told(rows)
        digests = _digests({member.pk: member.user_id for members in told for member in members}, on)
        Reminder.objects.bulk_create(
            Reminder(digest_id=digests[member.pk], entry_id=row.pk, late=telling.late)
            for row, members in zip(rows, told, strict=True)
            for member in members
        )
        telling.mark(rows, on)
    return [row.kind for row in rows]


def _digests(members: dict[int, int], on: dt.date) -> dict[int, int]:
    """Membership → its open digest of a day; where that has been told already, the one of the day after."""
    answers: dict[int, int] = {}
    day = on
    while left := {pk: user for pk, user in members.items() if pk not in answers}:
        rows = Digest.objects.filter(membership_id__in=left, on=day)
        known = set(rows.values_list("membership_id", flat=True))
        Digest.objects.bulk_create(
            [Digest(membership_id=pk, user_id=user, on=day) for pk, user in left.items() if pk not in known],
            ignore_conflicts=True,
        )
        answers |= dict(rows.filter(told_at=None).select_for_update().values_list("membership_id", "pk"))
        day += DAY
    return answers
