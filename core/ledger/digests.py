"""A person's digest of a day, told: in the portal, by one mail, and by whatever else is configured (`channels`).

Each digest is told in a transaction that marks it, so that a worker that dies tells it once. Few rows are messages of
their own, each read once its matter is done; many are one message that leads to the register."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from core import clock
from core.language import in_source_language
from core.ledger import people
from core.models import Digest, InboxMessage, LedgerEntry, OutboxMessage, Reminder

log = logging.getLogger("lianpei.ledger")
CHUNK = 200
SINGLY = 5  # rows of a digest that are messages of their own
SHOWN = 50  # rows of a digest that its mail names
REGISTER = "/due/"
SETTINGS = "/due/settings/"


@dataclass
class Told:
    """A digest with what it says: the rows that are due first, how many there are, how many of them late."""

    digest: Digest
    member: object
    total: int = 0
    late: int = 0
    rows: list[Reminder] = field(default_factory=list)


# Further ways out, each a function of what is told in a chunk that returns rows for the outbox.
CHANNELS: list[Callable[[list[Told], dt.date], list[OutboxMessage]]] = []


def channel(function: Callable[[list[Told], dt.date], list[OutboxMessage]]) -> Callable:
    """Register a further way out of a digest."""
    if function not in CHANNELS:
        CHANNELS.append(function)
    return function


def tell(on: dt.date) -> tuple[int, int]:
    """Tell every digest that is open by a day. Returns how many were told and how many failed."""
    told = failed = after = 0
    open_ = Digest.objects.filter(told_at=None, on__lte=on).order_by("pk")
    while pks := list(open_.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        try:
            told += _tell(pks, on)
        except Exception:  # noqa: BLE001 - a bad one among them: each by itself, so that it stops no other
            for pk in pks:
                try:
                    told += _tell([pk], on)
                except Exception as error:  # noqa: BLE001 - tried again at the next run
                    log.error("digest %s: %s: %s", pk, type(error).__name__, error, exc_info=error)
                    failed += 1
        after = pks[-1]
    return told, failed


def _tell(pks: list[int], on: dt.date) -> int:
    """Write what these digests say and mark them, in one transaction. Returns how many there were to tell."""
    with in_source_language(), transaction.atomic():
        digests = list(Digest.objects.filter(pk__in=pks, told_at=None).select_for_update(skip_locked=True))
        told = _read(digests)
        InboxMessage.objects.bulk_create([message for each in told for message in _messages(each)], batch_size=1000)
        mails = [_mail(each) for each in told if each.member.user.email]
        further = [row for out in CHANNELS for row in out(told, on)]
        OutboxMessage.objects.bulk_create([*mails, *further], batch_size=1000, ignore_conflicts=True)
        Digest.objects.filter(pk__in=[digest.pk for digest in digests]).update(told_at=clock.now())
    return len(told)


def _read(digests: list[Digest]) -> list[Told]:
    """What each digest says, of what is still to be done; one with nothing left says nothing. Three queries."""
    open_ = Reminder.objects.filter(digest__in=[digest.pk for digest in digests], entry__done_at=None)
    counts = {
        pk: (total, late)
        for pk, total, late in open_.order_by()
        .values("digest_id")
        .annotate(total=Count("pk"), lates=Count("pk", filter=Q(late=True)))
        .values_list("digest_id", "total", "lates")
    }
    place = Window(RowNumber(), partition_by=[F("digest_id")], order_by=[F("entry__due_on"), F("pk")])
    first = defaultdict(list)
    for row in open_.select_related("entry").annotate(place=place).filter(place__lte=SHOWN).order_by("place"):
        first[row.digest_id].append(row)
    members = people.directory.people([digest.membership_id for digest in digests if digest.pk in counts])
    return [
        Told(digest, members[digest.membership_id], *counts[digest.pk], first[digest.pk])
        for digest in digests
        if digest.pk in counts and digest.membership_id in members
    ]


def headline(row: Reminder) -> str:
    """What a message about one row is called."""
    return (_("【逾期】%(title)s") if row.late else _("【到期提醒】%(title)s")) % {"title": row.entry.title}


def address(entry: LedgerEntry) -> str:
    """The page of what a row is about."""
    return f"/cases/{entry.case_kind}/{entry.case_id}/" if entry.case_id else REGISTER


def _detail(row: Reminder) -> str:
    entry = row.entry
    words = (_("%(case)s 办理时限%(day)s已过，本单位尚未办理。") if row.late else _("%(case)s 办理时限：%(day)s")) % {
        "case": entry.case_title,
        "day": entry.due_on.isoformat(),
    }
    words = words.strip()
    return words + _("（预计，节假日安排未公布）") if entry.estimated else words


def subject(told: Told) -> str:
    """What a digest is called: its one row, or how many there are."""
    if told.total == 1:
        return headline(told.rows[0])
    if told.late:
        return _("【到期提醒】%(n)s项，其中逾期%(late)s项") % {"n": told.total, "late": told.late}
    return _("【到期提醒】%(n)s项") % {"n": told.total}


def _messages(told: Told) -> list[InboxMessage]:
    own = {"user_id": told.digest.user_id, "membership_id": told.digest.membership_id}
    if told.total > SINGLY:
        lines = "\n".join(f"{row.entry.due_on.isoformat()} {row.entry.title}" for row in told.rows[:SINGLY])
        more = _("……共%(n)s项，见到期台账。") % {"n": told.total}
        return [InboxMessage(title=subject(told), body=f"{lines}\n{more}", url=REGISTER, **own)]
    return [
        InboxMessage(
            title=headline(row)[:200],
            body=_detail(row),
            url=address(row.entry),
            case_kind=row.entry.case_kind,
            case_id=row.entry.case_id,
            asks=row.entry.key,
            **own,
        )
        for row in told.rows
    ]


def _mail(told: Told) -> OutboxMessage:
    site = settings.SITE_URL
    parts = [
        "\n".join(
            filter(
                None,
                (
                    headline(row) if told.total > 1 else "",
                    _detail(row),
                    _("依据：%(clause)s") % {"clause": row.entry.clause} if row.entry.clause else "",
                    f"{site}{address(row.entry)}",
                ),
            )
        )
        for row in told.rows
    ]
    if told.total > len(told.rows):
        parts.append(_("……共%(n)s项，其余见到期台账。") % {"n": told.total})
    parts.append(
        _("到期台账：%(register)s\n提醒设置：%(settings)s")
        % {"register": f"{site}{REGISTER}", "settings": f"{site}{SETTINGS}"}
    )
    first = told.rows[0].entry if told.total == 1 else None
    return OutboxMessage(
        kind="mail",
        key=f"digest:{told.digest.membership_id}:{told.digest.on.isoformat()}",
        payload={"to": told.member.user.email, "subject": subject(told), "body": "\n\n".join(parts) + "\n"},
        case_kind=first.case_kind if first else "",
        case_id=first.case_id if first else None,
        organisation_id=told.member.organisation_id,
    )
