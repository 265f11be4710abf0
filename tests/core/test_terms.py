"""Term arithmetic for every day there is: leap years, ends of months, years without a holiday table (RR-1, RR-2)."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    DAY,
    Table,
    add_months,
    anniversary,
    at_least_term,
    at_most_term,
    elapsed,
    reached,
    term_end,
    working_days_after,
    working_days_between,
)

days = st.dates(dt.date(1996, 1, 1), dt.date(2104, 12, 31))
years = st.integers(1, 30)
months = st.integers(1, 400)


def last_of(day: dt.date) -> int:
    return gregorian.monthrange(day.year, day.month)[1]


@given(days, years)
def test_a_term_ends_on_the_eve_of_its_anniversary(start, count):
    end, same_day = term_end(start, years=count), anniversary(start, count)
    exact = (start.month, start.day) != (2, 29) or gregorian.isleap(start.year + count)
    assert end == (same_day - DAY if exact else same_day)
    assert same_day.year == start.year + count and same_day.month == start.month
    assert same_day.day == min(start.day, last_of(same_day))


@given(days, months)
def test_months_end_where_the_month_lacks_the_day(start, count):
    later = add_months(start, count)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == count
    assert later.day == min(start.day, last_of(later))
    end = term_end(start, months=count)
    assert end == (later - DAY if start.day <= last_of(later) else later)
    assert end >= start


@given(days, years)
def test_the_bounds_are_included_and_the_day_beyond_is_not(start, count):
    """At least n years: the eve of the anniversary will do, the day before it does not; at most likewise (RR-1)."""
    end = term_end(start, years=count)
    assert at_least_term(start, end, years=count) and not at_least_term(start, end - DAY, years=count)
    assert at_most_term(start, end, years=count) and not at_most_term(start, end + DAY, years=count)


@given(days, years, st.integers(1, 30))
def test_a_longer_term_ends_later(start, count, more):
    assert term_end(start, years=count) < term_end(start, years=count + more)
    assert at_least_term(start, term_end(start, years=count + more), years=count)


@given(days, years)
def test_time_since_a_day_is_reached_on_the_anniversary_itself(start, count):
    assert reached(start, anniversary(start, count), years=count)
    assert not reached(start, anniversary(start, count) - DAY, years=count)


@given(days, months)
def test_a_term_is_as_long_as_it_was_made(start, count):
    assert elapsed(start, term_end(start, months=count)) == (count // 12, count % 12, 0)


@given(days, months, st.integers(1, 27))
def test_and_so_many_days_longer(start, count, more):
    """Days beyond the full months are counted, unless they make the next month full."""
    end = term_end(start, months=count) + DAY * more
    got = elapsed(start, end)
    full = got[0] * 12 + got[1]
    assert full in (count, count + 1)
    assert (got[2] == more) if full == count else end >= term_end(start, months=count + 1)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-03-01", 36, "2029-02-28"),
        ("2026-09-01", 36, "2029-08-31"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2025-09-01", 60, "2030-08-31"),
    ],
)
def test_the_days_of_the_texts(start, count, end):
    assert term_end(dt.date.fromisoformat(start), months=count) == dt.date.fromisoformat(end)


@given(st.dates(dt.date(2030, 1, 1), dt.date(2060, 1, 1)), st.integers(0, 90))
def test_years_without_a_table_count_weekends_and_say_so(start, count):
    deadline = working_days_after(start, count, Table())
    assert deadline.estimated
    assert working_days_between(start, deadline.day, Table()) == count
    assert count == 0 or Table().works(deadline.day)


@given(st.dates(dt.date(2030, 1, 1), dt.date(2060, 1, 1)), st.integers(1, 60), st.sets(st.integers(1, 80), max_size=20))
def test_days_off_push_the_deadline_and_never_pull_it(start, count, off):
    plain = working_days_after(start, count, Table()).day
    table = Table({start + DAY * number: True for number in off})
    pushed = working_days_after(start, count, table)
    assert pushed.day >= plain and table.works(pushed.day)
    assert working_days_between(start, pushed.day, table) == count
