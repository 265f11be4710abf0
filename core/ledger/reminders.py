"""Reminders of what comes and, once, the unit's leader told of what is late. In chunks: the rows of a chunk are read,
their people found and their messages written in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock, outbox
from core.language import in_source_language
from core.ledger import people
from core.ledger.acts import note_failure
from core.models import LedgerEntry

CHUNK = 1000


@dataclass(frozen=True)
class Round:
    """One way of telling people of rows: which rows are `due`, how they are `told`, and the field that marks them."""

    mark: str
    due: Callable[[dt.date], Q]
    notices: Callable[[list[LedgerEntry]], list[outbox.Notice]]


def _address(entry: LedgerEntry) -> str:
    return f"/cases/{entry.case_kind}/{entry.case_id}/" if entry.case_id else "/"


def _notice(entry: LedgerEntry, memberships: list, title: str, body: str, key: str) -> outbox.Notice:
    return outbox.Notice(
        memberships=memberships,
        title=title,
        body=body,
        url=_address(entry),
        key=key,
        case_kind=entry.case_kind,
        case_id=entry.case_id,
        organisation_id=entry.organisation_id,
        asks=entry.key,
    )


def _reminders(rows: list[LedgerEntry]) -> list[outbox.Notice]:
    holders = people.directory.holders({people.place_of(row) for row in rows})
    return [
        _notice(
            row,
            holders.get(people.place_of(row), []),
            _("【到期提醒】%(title)s") % {"title": row.title},
            _("%(case)s 办理时限：%(day)s") % {"case": row.case_title, "day": row.due_on.isoformat()},
            f"ledger:{row.key}:{row.due_on.isoformat()}",
        )
        for row in rows
    ]


def _escalations(rows: list[LedgerEntry]) -> list[outbox.Notice]:
    leaders = people.directory.leaders({row.organisation_id for row in rows if row.organisation_id})
    return [
        _notice(
            row,
            leaders.get(row.organisation_id, []),
            _("【逾期】%(title)s") % {"title": row.title},
            _("%(case)s 办理时限%(day)s已过，本单位尚未办理。")
            % {"case": row.case_title, "day": row.due_on.isoformat()},
            f"overdue:{row.key}:{row.due_on.isoformat()}",
        )
        for row in rows
    ]


REMIND = Round("reminded_at", lambda on: Q(remind_on__lte=on, reminded_at=None), _reminders)
# What acts by itself is late for nobody: where it fails, the administrator sees it.
ESCALATE = Round("escalated_at", lambda on: Q(due_on__lt=on, escalated_at=None, handler=""), _escalations)


def tell(telling: Round, on: dt.date) -> tuple[dict[str, int], int]:
    """Tell people of every row whose turn has come by `on`. Returns how many rows of each kind were told of, and how
    many failed."""
    counts: dict[str, int] = {}
    failed, after = 0, 0
    while pks := list(_waiting(telling, on).filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        try:
            kinds = _tell_rows(telling, on, pks)
        except Exception:  # noqa: BLE001 - a bad row among them: each by itself, so that it stops no other
            kinds = []
            for pk in pks:
                try:
                    kinds += _tell_rows(telling, on, [pk])
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


def _tell_rows(telling: Round, on: dt.date, pks: list[int]) -> list[str]:
    """Write what is to be said of these rows and mark them, in one transaction; rows that another scheduler has in hand
    are left to it. Returns their kinds."""
    with in_source_language(), transaction.atomic():
        rows = list(_waiting(telling, on).filter(pk__in=pks).select_for_update(skip_locked=True))
        outbox.notify_all(telling.notices(rows))
        LedgerEntry.objects.filter(pk__in=[row.pk for row in rows]).update(**{telling.mark: clock.now()})
    return [row.kind for row in rows]
