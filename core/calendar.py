"""Term arithmetic (RR-2) and working days.

A term of n years starting on day D ends on the day before D's n-th anniversary; elapsed time since D is reached on
the anniversary itself. Where a month lacks the day, its last day serves in both cases. Working days follow the
editable holiday table (`core.models.Holiday`); a year that nobody entered counts weekends only and is "estimated".
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from core.models import Holiday

DAY = dt.timedelta(days=1)


def _shift(day: dt.date, months: int) -> tuple[dt.date, bool]:
    """The same day `months` later (earlier if negative), and whether that month has the day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    month += 1
    last = gregorian.monthrange(year, month)[1]
    return dt.date(year, month, min(day.day, last)), day.day <= last


def add_months(day: dt.date, months: int) -> dt.date:
    """The n-th monthly anniversary of `day`; the month's last day where it lacks the day (RR-2)."""
    return _shift(day, months)[0]


def anniversary(day: dt.date, years: int = 0, months: int = 0) -> dt.date:
    """The day on which `years` and `months` have elapsed since `day` (RR-2)."""
    return add_months(day, 12 * years + months)


def term_end(start: dt.date, years: int = 0, months: int = 0) -> dt.date:
    """Last day of a term that starts on `start` (RR-2): 2026-09-01 + 3 years ends 2029-08-31.

    Where the last month lacks the day, its last day is the end: 2026-08-31 + 6 months ends 2027-02-28.
    Raises ValueError for a term of no length.
    """
    if 12 * years + months < 1:
        raise ValueError("a term has at least one month")
    day, exact = _shift(start, 12 * years + months)
    return day - DAY if exact else day


def reached(since: dt.date, on: dt.date, years: int = 0, months: int = 0) -> bool:
    """Whether `years` and `months` since `since` have elapsed on day `on` (the anniversary included)."""
    return on >= anniversary(since, years, months)


def at_least_term(start: dt.date, end: dt.date, years: int = 0, months: int = 0) -> bool:
    """Whether start…end is a term of at least that length: end ≥ start + n years − 1 day (RR-2)."""
    return end >= term_end(start, years, months)


def at_most_term(start: dt.date, end: dt.date, years: int = 0, months: int = 0) -> bool:
    """Whether start…end is a term of at most that length, the bound included."""
    return end <= term_end(start, years, months)


def elapsed(start: dt.date, end: dt.date) -> tuple[int, int, int]:
    """Full years, months and days of the term start…end, both days included, for showing to people."""
    if end < start:
        return 0, 0, 0
    months = 0
    while end >= term_end(start, months=months + 1):
        months += 1
    rest = start if not months else term_end(start, months=months) + DAY
    return months // 12, months % 12, (end - rest).days + 1


class Deadline(NamedTuple):
    """A day found by counting working days; `estimated` when a year on the way is not in the holiday table."""

    day: dt.date
    estimated: bool


Table = Mapping[dt.date, bool]


def holiday_table(first: dt.date, last: dt.date) -> dict[dt.date, bool]:
    """Days from `first` to `last` (years widened to whole ones): True = off, False = worked."""
    rows = Holiday.objects.filter(day__range=(dt.date(first.year, 1, 1), dt.date(last.year, 12, 31)))
    return dict(rows.values_list("day", "off"))


def is_working_day(day: dt.date, holidays: Table) -> bool:
    """Whether `day` is worked: what the table says, else Monday to Friday."""
    return not holidays[day] if day in holidays else day.weekday() < 5


def working_days_after(start: dt.date, number: int, holidays: Table | None = None) -> Deadline:
    """The `number`-th working day after `start`; the start day is not counted.

    `holidays`: day → off; read from the table when not given. Raises ValueError for a negative number.
    """
    if number < 0:
        raise ValueError("working days are counted forward")
    if holidays is None:
        # Long enough: two rest days a week and the longest public holidays, rounded up.
        holidays = holiday_table(start, start + dt.timedelta(days=number * 2 + 30))
    entered = {day.year for day in holidays}
    day, left, estimated = start, number, start.year not in entered
    while left:
        day += DAY
        estimated = estimated or day.year not in entered
        left -= is_working_day(day, holidays)
    return Deadline(day, estimated)


def working_days_between(start: dt.date, end: dt.date, holidays: Table | None = None) -> int:
    """Working days after `start` up to and including `end`."""
    if holidays is None:
        holidays = holiday_table(start, max(start, end))
    days: Iterable[dt.date] = (start + DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def seed_year(year: int) -> int:
    """Fill the holiday table for a year whose make-up days are known. Returns the number of new rows.

    Rows that exist stay as they are. Raises ValueError for a year without make-up days: its plan is not out yet,
    and a table without them would silently be wrong.
    """
    import holidays  # noqa: PLC0415 - loads the calendars of all countries

    known = holidays.country_holidays("CN", years=[year], language="zh_CN")
    worked = sorted(day for day in known.weekend_workdays if day.year == year)
    if not worked:
        raise ValueError(f"no make-up days are known for {year}")
    source = f"holidays {holidays.__version__}"
    # Weekend days that stay free need no row; a holiday on a weekend does none either, yet it is worth reading.
    rows = [Holiday(day=day, off=True, name=name[:60], source=source) for day, name in sorted(known.items())]
    rows += [Holiday(day=day, off=False, name="调休上班", source=source) for day in worked]
    before = Holiday.objects.filter(day__year=year).count()
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    return Holiday.objects.filter(day__year=year).count() - before
