"""Records of many cases that are due again and again: a row of `RecordClock` for each case and type says when its next period
opens, and one run opens all that have begun, in chunks, with a fixed number of statements for each.

A kind of case with records of its own (`subjects.register(page=…)`) says here how it is read for many and on which days
somebody is there. What is owed for a period is a row of the ledger, as everywhere (`cadence`). A period that passes without an
entry stays open: a gap, and the to-do of whoever owes it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.models import RecordClock
from casework.records.periods import Length, Period, Span, nth, rolled
from casework.records.subjects import kept_by, owner_of
from core import clock as time
from core import ledger
from core.language import in_source_language
from core.models import LedgerEntry
from regulations.settings import setting

KIND, YEARLY = "record_due", "record_year"
CHUNK = 1000
DAY = dt.timedelta(days=1)

# Kind of case -> what gives, for primary keys, the cases that are under way with the days on which somebody is there.
Presence = Callable[[Iterable[int]], dict[int, tuple[Any, Sequence[Span]]]]
_presence: dict[str, Presence] = {}


def of(case_kind: str, presence: Presence) -> None:
    """Let a kind of case owe records by clocks."""
    _presence[case_kind] = presence


class Lengths:
    """The length of each type's periods, every setting read once a run."""

    def __init__(self, on: dt.date):
        self.on, self.values = on, {}

    def of(self, case, cadence) -> Length | None:
        """None where neither text nor setting gives one."""
        for name, days in (("days", 1), ("weeks", 7), ("months", 0)):
            value = getattr(cadence, name)
            if value is None:
                continue
            count = self._number(case, value.setting) if hasattr(value, "setting") else value
            if not count:
                return None
            return Length(days=days * count) if days else Length(months=count, calendar=cadence.calendar)
        return None

    def _number(self, case, key: str) -> int | None:
        owner = case.university or case.authority
        at = (case.regulation_version_id, key, owner.pk if owner else None)
        if at not in self.values:
            self.values[at] = setting(case.profile, key, owner, self.on).value
        return self.values[at]


def begin(case, on: dt.date, spans: Sequence[Span]) -> None:
    """Owe the case's own records from a day on, for the first periods at once; `spans`: the days on which somebody is
    there, for a case that may not have been saved yet. A second beginning changes nothing."""
    for key, declared in kept_by(case).items():
        if declared.cadence is not None and declared.authors:
            RecordClock.objects.get_or_create(
                case_kind=case.case_kind, case_id=case.pk, type=key, defaults={"opens_on": on}
            )
    open_due(time.today(), case, spans)


def finish(case, on: dt.date) -> None:
    """Nothing more is owed: nobody is there after a day. What was missed until then stays readable (`missed`)."""
    RecordClock.objects.filter(case_kind=case.case_kind, case_id=case.pk).delete()
    _unfinished(case, on).delete()


def pause(case, on: dt.date) -> None:
    """Nobody is there from a day on until `again`: what is owed for a period that was not over is not owed any more; periods
    of fixed length go on where they stopped, those that roll begin anew."""
    rows = _unfinished(case, on - DAY).filter(kind=KIND)
    stopped: dict[str, int] = {}
    for row in rows:
        key, number = row.payload["type"], row.payload["number"]
        stopped[key] = min(number, stopped.get(key, number))
    rows.delete()
    for clock in RecordClock.objects.filter(case_kind=case.case_kind, case_id=case.pk):
        clock.number, clock.opens_on = stopped.get(clock.type, clock.number), None
        clock.save(update_fields=["number", "opens_on"])


def again(case, spans: Sequence[Span]) -> None:
    """The days on which somebody is there have changed: periods that had not opened yet follow them. What is owed already
    stays as it is."""
    rows = RecordClock.objects.filter(case_kind=case.case_kind, case_id=case.pk, opens_on=None)
    owed = {row.payload["type"] for row in LedgerEntry.about(case).filter(kind=KIND, done_at=None)}
    rolling = [row.pk for row in rows if row.rolling and row.type in owed]
    rows.exclude(pk__in=rolling).update(opens_on=spans[-1][0] if spans else None)
    open_due(time.today(), case, spans)


def _unfinished(case, on: dt.date):
    """What is owed for periods that last longer than a day and have no entry."""
    return unanswered(LedgerEntry.about(case).filter(kind__in=(KIND, YEARLY), due_on__gt=on, done_at=None))


def unanswered(rows):
    """Rows without the entry that they ask for; what ended with its case is among them, though it is owed no more."""
    return rows.exclude(payload__has_key="entry")


@ledger.planner
def open_all(on: dt.date) -> None:
    """Open every period that has begun by a day."""
    open_due(on)


def open_due(on: dt.date, case=None, spans: Sequence[Span] = ()) -> int:
    """Open the periods that have begun by a day, of one case or of all. Returns how many rows were entered."""
    made, lengths = 0, Lengths(on)
    due = RecordClock.objects.filter(opens_on__lte=on, case_kind__in=_presence)
    if case is not None:
        due = due.filter(case_kind=case.case_kind, case_id=case.pk)
    while True:
        with in_source_language(), transaction.atomic():
            rows = list(due.select_for_update(skip_locked=True).order_by("pk")[:CHUNK])
            made += _open(rows, on, lengths, {case.case_kind: {case.pk: (case, spans)}} if case is not None else None)
        if len(rows) < CHUNK:
            return made


def _open(rows: list[RecordClock], on: dt.date, lengths: Lengths, cases: dict[str, dict] | None = None) -> int:
    """Owe what these clocks say, and put each forward to its next period. `cases`: what `_presence` would read."""
    if cases is None:
        numbers = defaultdict(set)
        for row in rows:
            numbers[row.case_kind].add(row.case_id)
        cases = {kind: _presence[kind](pks) for kind, pks in numbers.items()}
    owed: list[LedgerEntry] = []
    moved: dict[tuple, list[int]] = defaultdict(list)
    for row in rows:
        case, spans = cases[row.case_kind].get(row.case_id, (None, ()))
        declared = case.profile.records.get(row.type) if case is not None else None
        length = lengths.of(case, declared.cadence) if declared is not None and declared.cadence else None
        if length is None:
            moved[row.number, None, row.rolling].append(row.pk)
        elif declared.cadence.rolling:
            owed += _first_rolling(case, row, declared, spans, length)
            moved[row.number, None, True].append(row.pk)
        else:
            number = row.number
            while (period := nth(spans, number, length)) is not None and period.first <= on:
                owed += rows_of(case, row.type, declared, period)
                number += 1
            moved[number, period.first if period else None, False].append(row.pk)
    LedgerEntry.objects.bulk_create(owed, batch_size=500, ignore_conflicts=True)
    for (number, opens_on, rolling), pks in moved.items():
        RecordClock.objects.filter(pk__in=pks).update(number=number, opens_on=opens_on, rolling=rolling)
    return len(owed)


def _first_rolling(case, row: RecordClock, declared, spans: Sequence[Span], length: Length) -> list[LedgerEntry]:
    start = max(row.opens_on, spans[0][0]) if spans else None
    last = rolled(spans, start, length) if start else None
    return rows_of(case, row.type, declared, Period(row.number, start, last)) if last else []


def rows_of(case, key: str, declared, period: Period) -> list[LedgerEntry]:
    """What is owed for a period: one row of the first author, or of each; and what is owed for its year."""
    cadence, base = declared.cadence, f"{key}:{case.case_kind}:{case.pk}"
    made = [ledger.row(at, **terms, stages=()) for at, terms in terms_of(case, key, declared, base, period)]
    if (yearly := cadence.yearly) is not None:
        for year in range(period.first.year, period.last.year + 1):
            asked = {
                "kind": YEARLY,
                "title": _("%(t)s：%(y)s年至少%(n)s次") % {"t": declared.title, "y": year, "n": yearly.times},
                "due_on": dt.date(year, 12, 31),
                "remind_days": yearly.remind,
                "clause": yearly.clause or cadence.clause or declared.clause or "",
                "payload": {"type": key, "year": year},
            }
            rows = _of_authors(case, declared, f"{YEARLY}:{base}:{year}", asked)
            made += [ledger.row(at, **terms, stages=()) for at, terms in rows]
    return made


def terms_of(case, key: str, declared, base: str, period: Period) -> list[tuple[str, dict[str, Any]]]:
    """What is owed for a period, of the first author or of each: (key, terms of `ledger.row`). `base`: of whose records."""
    cadence, days = declared.cadence, {"from": period.first.isoformat(), "until": period.last.isoformat()}
    terms = {
        "kind": KIND,
        "title": title_of(declared, period.first, period.last),
        "due_on": period.last,
        "remind_days": min(7, (period.last - period.first).days) if cadence.remind is None else cadence.remind,
        "clause": cadence.clause or declared.clause or "",
        "payload": {"type": key, **days, "number": period.number},
    }
    return _of_authors(case, declared, f"{KIND}:{base}:{period.number}", terms)


def title_of(declared, first: dt.date, last: dt.date) -> str:
    """What an entry for a period is called where it is owed."""
    return _("%(t)s（%(a)s至%(b)s）") % {"t": declared.title, "a": first, "b": last}


def _of_authors(case, declared, key: str, terms: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    authors = declared.authors if declared.cadence.everyone else declared.authors[:1]
    return [
        (f"{key}:{at}" if at else key, {**terms, **owner_of(case, author), "case": case})
        for at, author in enumerate(authors)
    ]


def entered(case, key: str, declared, entry) -> None:
    """An entry settles what is owed for its day, and for the year when there are enough; where periods roll, the next one
    begins on its day."""
    base = f"{key}:{case.case_kind}:{case.pk}:"
    rows = LedgerEntry.objects.filter(key__startswith=f"{KIND}:{base}")
    rolling = declared.cadence.rolling
    open_rows = list(rows.filter(done_at=None)) if rolling else list(unanswered(rows))
    for row in open_rows:
        if rolling or row.payload["from"] <= entry.on.isoformat() <= row.payload["until"]:
            answered(row, entry)
    if rolling and open_rows:
        _roll(case, key, declared, entry)
    if declared.cadence.yearly is not None:
        _enough(case, key, declared, entry)


def answered(row: LedgerEntry, entry) -> None:
    """The row has its entry."""
    ledger.settle(row.key)
    LedgerEntry.objects.filter(pk=row.pk).update(payload={**row.payload, "entry": entry.pk})


def _roll(case, key: str, declared, entry) -> None:
    row = RecordClock.objects.filter(case_kind=case.case_kind, case_id=case.pk, type=key).first()
    length = Lengths(time.today()).of(case, declared.cadence)
    spans = _presence[case.case_kind]([case.pk]).get(case.pk, (None, ()))[1]
    if row is None or length is None or (last := rolled(spans, entry.on, length)) is None:
        return
    row.number += 1
    row.save(update_fields=["number"])
    owed = rows_of(case, key, declared, Period(row.number, entry.on, last))
    LedgerEntry.objects.bulk_create(owed, ignore_conflicts=True)


def _enough(case, key: str, declared, entry) -> None:
    yearly, records = declared.cadence.yearly, type(entry).objects
    held = records.filter(
        type=key, subject_kind=entry.subject_kind, subject_id=entry.subject_id, on__year=entry.on.year, replaced_by=None
    )
    if yearly.code is not None:
        held = held.filter(code=yearly.code)
    if held.count() >= yearly.times:
        base = f"{YEARLY}:{key}:{case.case_kind}:{case.pk}:{entry.on.year}"
        for row in LedgerEntry.objects.filter(key__startswith=base, done_at=None):
            answered(row, entry)


def missed(case, on: dt.date) -> list[LedgerEntry]:
    """The gaps: periods that were over by a day and have no entry, also after the case's end."""
    rows = LedgerEntry.about(case).filter(kind__in=(KIND, YEARLY), due_on__lt=on)
    return list(unanswered(rows).order_by("due_on", "pk"))
