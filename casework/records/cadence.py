"""Records that are due again and again: each period one entry is owed, and a period without one stays a gap.

A type's periods count from the day on which its case began to owe them, and follow each other without a break. What
is owed for a period is a row of the ledger, due on its last day, that an entry dated inside the period settles. A row
of its own ends each period and opens the next, however late the job runs; the rows of periods missed stay open.

Of a `rolling` cadence the next period begins on the day of the last entry: one row stays open until there is one. `everyone`:
each of the authors has a row of their own.
"""

from __future__ import annotations

import datetime as dt

from casework.records.clocks import KIND, Lengths, terms_of, title_of
from casework.records.periods import Period
from casework.records.subjects import kept_by, subject_of
from core import door, ledger, subjects
from core.models import LedgerEntry

NEXT = "record_next"
DAY = dt.timedelta(days=1)


def begin(case, on: dt.date) -> None:
    """Owe, from a day on, every record that the case's profile wants at intervals. What is owed already stays."""
    for key, declared in kept_by(case).items():
        subject = subject_of(case, declared)
        if declared.cadence is not None and declared.authors and subject is not None:
            _open(case, key, declared, subject, 1, on)


def step(case, declared, start: dt.date) -> dt.date | None:
    """The first day after the period that starts on `start`, or None where neither text nor setting gives a length."""
    length = Lengths(start).of(case, declared.cadence)
    return length.after(start) if length is not None else None


def _open(case, key: str, declared, subject, number: int, start: dt.date) -> None:
    """Owe the entry of a period, and have the next one opened when it is over."""
    following = step(case, declared, start)
    if following is None:
        return
    base, last = f"{key}:{subjects.kind_of(subject)}:{subject.pk}", following - DAY
    for at, terms in terms_of(case, key, declared, base, Period(number, start, last)):
        ledger.owe(at, **terms)
    if declared.cadence.rolling:
        return
    timer, payload = f"{NEXT}:{base}", {"type": key, "number": number, "from": start.isoformat()}
    ledger.owe(
        timer,
        kind=NEXT,
        title=title_of(declared, start, last),
        due_on=last,
        organisation_id=None,
        case=case,
        handler="record.next",
        payload=payload,
    )
    LedgerEntry.objects.filter(key=timer).update(payload=payload)
    ledger.reopen(timer)


@ledger.handler("record.next")
def open_next(entry: LedgerEntry, on: dt.date) -> None:
    """Open the period after the one that is over, and all those that have begun since."""
    case = door.get_case(entry.case_kind, entry.case_id)
    declared = case.profile.records.get(entry.payload["type"])
    subject = subject_of(case, declared) if declared is not None else None
    if subject is None or declared.cadence is None:
        return
    number, start = entry.payload["number"], dt.date.fromisoformat(entry.payload["from"])
    following = step(case, declared, start)
    while following is not None and following <= on:
        number, start = number + 1, following
        _open(case, entry.payload["type"], declared, subject, number, start)
        following = step(case, declared, start)


def entered(case, key: str, declared, subject, on: dt.date) -> None:
    """An entry dated inside a period settles what is owed for it; where periods roll, any entry does, and the next one
    begins on its day."""
    rolling, number = declared.cadence.rolling, 0
    rows = LedgerEntry.objects.filter(
        key__startswith=f"{KIND}:{key}:{subjects.kind_of(subject)}:{subject.pk}:", done_at=None
    )
    for row in rows:
        if rolling or row.payload["from"] <= on.isoformat() <= row.payload["until"]:
            ledger.settle(row.key)
            number = row.payload.get("number", 0)
    if rolling and number:
        _open(case, key, declared, subject, number + 1, on)


def gaps(case) -> list[LedgerEntry]:
    """What is owed on a case, the longest due first: rows past their day are gaps."""
    return list(LedgerEntry.about(case).filter(kind=KIND, done_at=None).order_by("due_on", "pk"))
