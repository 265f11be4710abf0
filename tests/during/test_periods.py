"""Weeks, fortnights and months over holidays, the year's end and interruptions: arithmetic, compared with counting days."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from casework.records.periods import DAY, Length, nth, present, rolled

START = dt.date(2026, 9, 7)


@st.composite
def stays(draw) -> list[tuple[dt.date, dt.date]]:
    """One to four spans with days of absence between them, over the year's end."""
    spans, day = [], START + draw(st.integers(0, 60)) * DAY
    for _number in range(draw(st.integers(1, 4))):
        last = day + draw(st.integers(0, 120)) * DAY
        spans.append((day, last))
        day = last + draw(st.integers(2, 40)) * DAY
    return spans


def every(spans, length: Length) -> list:
    made, number = [], 1
    while (period := nth(spans, number, length)) is not None:
        made.append(period)
        number += 1
    return made


def there(spans) -> list[dt.date]:
    return [first + at * DAY for first, last in spans for at in range((last - first).days + 1)]


@given(stays(), st.sampled_from([7, 10, 14]))
def test_each_day_there_is_in_one_period_and_each_period_but_the_last_has_so_many(spans, days):
    """Counted one by one: the days of absence belong to no report, and no week is lost over New Year."""
    dates = there(spans)
    periods = every(spans, Length(days=days))
    parts = [dates[at : at + days] for at in range(0, len(dates), days)]
    assert [(period.first, period.last) for period in periods] == [(part[0], part[-1]) for part in parts]
    assert [period.number for period in periods] == list(range(1, len(parts) + 1))


@given(stays(), st.booleans(), st.integers(1, 3))
def test_each_day_there_is_in_one_month_and_empty_months_are_nobodys(spans, calendar, months):
    dates = there(spans)
    periods = every(spans, Length(months=months, calendar=calendar))
    covered = [day for period in periods for day in dates if period.first <= day <= period.last]
    assert covered == dates
    for period in periods:
        assert period.first in dates and period.last in dates
        if calendar and months == 1:
            assert (period.first.year, period.first.month) == (period.last.year, period.last.month)


@given(stays(), st.sampled_from([7, 14]), st.integers(0, 200))
def test_what_rolls_is_due_after_so_many_days_there(spans, days, later):
    dates = there(spans)
    start = dates[min(later, len(dates) - 1)]
    left = [day for day in dates if day >= start]
    assert rolled(spans, start, Length(days=days)) == left[min(days, len(left)) - 1]
    assert rolled(spans, dates[-1] + DAY, Length(days=days)) is None


@given(stays(), st.integers(0, 100), st.integers(0, 200))
def test_a_stay_begins_with_the_entry_and_ends_with_the_leaving(spans, late, long):
    first = spans[0][0] + late * DAY
    last = first + long * DAY
    cut = present(spans, first, last)
    assert there(cut) == [day for day in there(spans) if first <= day <= last]


def test_months_do_not_drift_from_the_last_of_a_month():
    spans = [(dt.date(2026, 8, 31), dt.date(2027, 3, 31))]
    assert [str(period.first) for period in every(spans, Length(months=1))] == [
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
    ]


def test_a_month_rolls_to_the_same_day():
    """XCU-17: last on 2026-03-01, six months: due by 2026-08-31."""
    spans = [(dt.date(2026, 1, 1), dt.date(2027, 12, 31))]
    assert rolled(spans, dt.date(2026, 3, 1), Length(months=6)) == dt.date(2026, 8, 31)
