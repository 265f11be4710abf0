"""Periods of a cadence over the days on which somebody is there. Plain arithmetic over dates, no database.

Days of absence do not count: a week that an interruption cuts in two goes on afterwards. Months follow the calendar, from the
first day there (or, with `calendar`, from the first of that month); a month without a day there is nobody's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.calendar import add_months

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Length:
    """How long a period is: so many days there, or months."""

    days: int = 0
    months: int = 0
    calendar: bool = False

    def after(self, start: dt.date) -> dt.date:
        """The first day after a period that starts on a day, where no day is left out."""
        return start + self.days * DAY if self.days else add_months(start, self.months)


@dataclass(frozen=True)
class Period:
    """First and last day of a period on which somebody is there; `number` counts from 1."""

    number: int
    first: dt.date
    last: dt.date


def present(spans: Sequence[Span], first: dt.date, last: dt.date | None = None) -> list[Span]:
    """The spans, in order and without what lies before `first` or after `last`; spans that touch or overlap are one."""
    held: list[Span] = []
    for start, end in sorted(spans):
        start, end = max(start, first), end if last is None else min(end, last)
        if start > end:
            continue
        if held and start <= held[-1][1] + DAY:
            held[-1] = (held[-1][0], max(held[-1][1], end))
        else:
            held.append((start, end))
    return held


def nth(spans: Sequence[Span], number: int, length: Length) -> Period | None:
    """The period with a number, from 1; None where nobody is there any more. `spans` as `present` gives them. A number that
    a month without a day there would have is the next month's with one: numbers have no holes."""
    if not spans:
        return None
    if length.days:
        first = _day(spans, (number - 1) * length.days)
        last = _day(spans, number * length.days - 1) or spans[-1][1]
        return Period(number, first, last) if first else None
    anchor = spans[0][0].replace(day=1) if length.calendar else spans[0][0]
    count = step = 0
    while (start := add_months(anchor, step * length.months)) <= spans[-1][1]:
        step += 1
        there = present(spans, start, add_months(anchor, step * length.months) - DAY)
        if there:
            count += 1
            if count == number:
                return Period(number, there[0][0], there[-1][1])
    return None


def rolled(spans: Sequence[Span], start: dt.date, length: Length) -> dt.date | None:
    """The last day by which the next entry is due after one on `start`; None where nobody is there from then on."""
    there = present(spans, start)
    if not there:
        return None
    if length.days:
        return _day(there, length.days - 1) or there[-1][1]
    last = min(add_months(start, length.months) - DAY, there[-1][1])
    return next(max(first, last) for first, end in there if end >= last)


def _day(spans: Sequence[Span], index: int) -> dt.date | None:
    """The day with an index among the days of the spans."""
    for first, last in spans:
        days = (last - first).days + 1
        if index < days:
            return first + index * DAY
        index -= days
    return None
