"""Term arithmetic (RR-2) and working days.

A term of n years starting on day D ends on the day before D's n-th anniversary; elapsed time since D is reached on
the anniversary itself. Where a month lacks the day, its last day serves in both cases. Working days follow the
table of the country's holidays (`core.models.Holiday`) and what an organisation has entered over it (`OwnDay`); a year
that nobody entered counts weekends only and is "estimated".
"""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.models import Holiday, OwnDay, OwnYear

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


@dataclass(frozen=True)
class Table:
    """Days that are not what their weekday says (True = off, False = worked), what they are called, and the years of
    which somebody has entered all of them."""

    days: Mapping[dt.date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    names: Mapping[dt.date, str] = field(default_factory=dict)

    def works(self, day: dt.date) -> bool:
        """Whether `day` is worked: what the table says, else Monday to Friday."""
        return not self.days[day] if day in self.days else day.weekday() < 5

    def name(self, day: dt.date) -> str:
        return self.names.get(day, "")


# Organisation → itself and those above it, whose days count for it, the nearest first. The room that knows
# organisations answers.
above: Callable[[int], Collection[int]] = lambda organisation_id: (organisation_id,)  # noqa: E731


def answer_above(function: Callable[[int], Collection[int]]) -> None:
    """Let a room say which organisations stand above one."""
    global above
    above = function


def day_table(first: dt.date, last: dt.date, organisation_id: int | None = None) -> Table:
    """The table for the days from `first` to `last` (years widened to whole ones): the country's holidays, and over them
    what the organisation and those above it have entered, the nearest of them last. Up to four queries."""
    span = (dt.date(first.year, 1, 1), dt.date(last.year, 12, 31))
    days: dict[dt.date, bool] = {}
    names: dict[dt.date, str] = {}
    for day, off, name in Holiday.objects.filter(day__range=span).values_list("day", "off", "name"):
        days[day], names[day] = off, name
    years = {day.year for day in days}
    if organisation_id is None:
        return Table(days, frozenset(years), names)
    chain = list(above(organisation_id))
    nearest_last = {pk: number for number, pk in enumerate(reversed(chain))}
    rows = OwnDay.objects.filter(organisation_id__in=chain, day__range=span).order_by("pk")
    newest = {(row.organisation_id, row.day): row for row in rows}
    for row in sorted(newest.values(), key=lambda row: nearest_last[row.organisation_id]):
        if row.off is not None:
            days[row.day], names[row.day] = row.off, row.name
    entered = OwnYear.objects.filter(organisation_id__in=chain, year__range=(first.year, last.year)).order_by("pk")
    said = {(row.organisation_id, row.year): row.complete for row in entered}
    years |= {year for (_organisation, year), complete in said.items() if complete}
    return Table(days, frozenset(years), names)


def working_days_after(
    start: dt.date, number: int, table: Table | None = None, organisation_id: int | None = None
) -> Deadline:
    """The `number`-th working day after `start`; the start day is not counted.

    `table`: read for the organisation where it is not given. Raises ValueError for a negative number.
    """
    if number < 0:
        raise ValueError("working days are counted forward")
    if table is None:
        # Long enough: two rest days a week and the longest public holidays, rounded up.
        table = day_table(start, start + dt.timedelta(days=number * 2 + 30), organisation_id)
    day, left, estimated = start, number, start.year not in table.years
    while left:
        day += DAY
        estimated = estimated or day.year not in table.years
        left -= table.works(day)
    return Deadline(day, estimated)


def working_days_between(
    start: dt.date, end: dt.date, table: Table | None = None, organisation_id: int | None = None
) -> int:
    """Working days after `start` up to and including `end`."""
    if table is None:
        table = day_table(start, max(start, end), organisation_id)
    days: Iterable[dt.date] = (start + DAY * n for n in range(1, (end - start).days + 1))
    return sum(table.works(day) for day in days)


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
