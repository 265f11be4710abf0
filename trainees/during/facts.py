"""Facts of what is written during stays, of many stays or bases at once (see regulations.facts)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.models import Confirmation, Record
from casework.records import clocks
from core.calendar import add_months
from core.models import LedgerEntry
from regulations import wording
from regulations.facts import fact
from trainees.models import Placement

PLACEMENT, RECOGNITION = "placement", "recognition"
HALF_A_YEAR = 6  # months: what evaluations call 半年以上


@fact("placement.entered_on", "date", _("进入基地日期"), PLACEMENT)
def entered_on(placements, on):
    """The day on which the student entered the base."""
    return {row.pk: row.entered_on for row in placements if row.entered_on is not None}


@fact("placement.last_day", "date", _("实践最后一天"), PLACEMENT)
def last_day(placements, on):
    """The day on which the student left, while they are there the planned one."""
    return {row.pk: row.left_on or row.ends_on for row in placements}


def _columns(profile):
    titles = {key: wording.words(kind.title) for key, kind in profile.records.items()}
    return {
        "type": ("code", _("记录种类"), titles),
        "on": ("date", _("发生日期"), {}),
        "code": ("text", _("代码"), {}),
        "number": ("text", _("编号"), {}),
        "person": ("text", _("人员"), {}),
        "confirmed": ("boolean", _("已确认"), {}),
    }


@fact("placement.records", "table", _("实践期间的记录"), PLACEMENT, columns=_columns)
def written(placements, on):
    """What was written on the stay until the day; confirmed: by everybody whom its type asks."""
    pks = [row.pk for row in placements]
    open_ = Confirmation.objects.filter(record=OuterRef("pk"), confirmed_at=None)
    rows = Record.objects.filter(
        subject_kind=Placement.case_kind, subject_id__in=pks, replaced_by=None, on__lte=on
    ).annotate(waits=Exists(open_))
    kept: dict[int, list[dict]] = {pk: [] for pk in pks}
    for row in rows.order_by("on", "pk"):
        entry = {"type": row.type, "on": row.on, "code": row.code, "number": row.number, "person": row.person}
        kept[row.subject_id].append(entry | {"confirmed": not row.waits})
    return kept


def _gaps(placements, on: dt.date):
    """Rows of the ledger whose day is over without an entry."""
    rows = LedgerEntry.objects.filter(kind=clocks.KIND, case_kind=Placement.case_kind, due_on__lt=on)
    return clocks.unanswered(rows.filter(case_id__in=placements))


@fact("placement.gaps", "integer", _("缺交记录次数"), PLACEMENT)
def gaps(placements, on):
    """Periods without the entry that they owe, up to the day before; what several owe for the same period counts once."""
    counted: dict[int, set] = {row.pk: set() for row in placements if row.entered_on is not None}
    left = {row.pk: row.left_on for row in placements}
    for pk, due, payload in _gaps(list(counted), on).values_list("case_id", "due_on", "payload"):
        if left[pk] is None or due < left[pk]:
            counted[pk].add((payload["type"], due))
    return {pk: len(periods) for pk, periods in counted.items()}


def _stays(recognitions, on: dt.date):
    """Stays of these bases on some day of the year so far."""
    year = dt.date(on.year, 1, 1)
    rows = Placement.objects.filter(recognition__in=[row.pk for row in recognitions], entered_on__lte=on)
    return rows.filter(Q(left_on=None) | Q(left_on__gte=year))


@fact("recognition.record_gaps", "integer", _("本年度研究生缺交记录次数"), RECOGNITION)
def record_gaps(recognitions, on):
    """Periods of this year without the entry that its students and mentors owe; None where no student was there."""
    stays = list(_stays(recognitions, on).values_list("pk", "recognition", "left_on"))
    base, left = ({row[0]: row[at] for row in stays} for at in (1, 2))
    counted: dict[int, set] = {recognition: set() for recognition in base.values()}
    rows = _gaps(list(base), on).filter(due_on__gte=dt.date(on.year, 1, 1))
    for pk, due, payload in rows.values_list("case_id", "due_on", "payload"):
        if left[pk] is None or due < left[pk]:
            counted[base[pk]].add((pk, payload["type"], due))
    return {pk: len(periods) for pk, periods in counted.items()}


@fact("recognition.long_practices", "integer", _("本年度实践半年以上的研究生人数"), RECOGNITION, unit="person")
def long_practices(recognitions, on):
    """Students of this year whose stay is half a year or longer: a stay from 2026-09-01 to 2027-02-28 is one, to
    2027-02-27 is none. None where no student was there."""
    students: dict[int, set[int]] = defaultdict(set)
    rows = _stays(recognitions, on).values_list("recognition", "student", "entered_on", "ends_on", "left_on")
    for recognition, student, entered, ends, left in rows:
        long = (left or ends) >= add_months(entered, HALF_A_YEAR) - dt.timedelta(days=1)
        students[recognition] |= {student} if long else set()
    return {recognition: len(who) for recognition, who in students.items()}


def _entries(recognitions, on: dt.date):
    """Entries of this year on stays at these bases."""
    base = dict(
        Placement.objects.filter(recognition__in=[row.pk for row in recognitions]).values_list("pk", "recognition")
    )
    rows = Record.objects.filter(subject_kind=Placement.case_kind, subject_id__in=base, replaced_by=None)
    return base, rows.filter(on__year=on.year, on__lte=on)


def _entry_columns(profile):
    columns = _columns(profile)
    return {key: columns[key] for key in ("type", "code", "confirmed")} | {"times": ("integer", _("次数"), {})}


@fact("recognition.stay_records", "table", _("本年度研究生实践记录"), RECOGNITION, columns=_entry_columns)
def stay_records(recognitions, on):
    """How many entries of each type and code were made on stays at the base this year, and how many are confirmed."""
    base, entries = _entries(recognitions, on)
    open_ = Confirmation.objects.filter(record=OuterRef("pk"), confirmed_at=None)
    counts: dict[tuple, int] = defaultdict(int)
    rows = entries.annotate(waits=Exists(open_)).order_by().values("subject_id", "type", "code", "waits")
    for row in rows.annotate(times=Count("pk")):
        counts[base[row["subject_id"]], row["type"], row["code"], not row["waits"]] += row["times"]
    kept: dict[int, list[dict]] = {row.pk: [] for row in recognitions}
    for (recognition, kind, code, confirmed), times in counts.items():
        kept[recognition].append({"type": kind, "code": code, "confirmed": confirmed, "times": times})
    return kept
