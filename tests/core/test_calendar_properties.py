"""Terms, working days, windows and bars for any day at all: what must hold whatever the numbers are."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from applications.models import Call
from applications.models.call import CallUnit
from core import calendar, clock
from core.calendar import DAY, Table
from regulations.predicates import PREDICATES

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))
MONTHS = st.integers(1, 240)
NUMBERS = st.integers(0, 120)
QUICK = settings(max_examples=150, deadline=None)


@st.composite
def tables(draw, around: dt.date) -> Table:
    """Some days around one that are not what their weekday says, and some years that are entered."""
    offsets = draw(st.dictionaries(st.integers(-40, 200), st.booleans(), max_size=30))
    years = draw(st.sets(st.integers(around.year - 1, around.year + 1)))
    return Table({around + n * DAY: off for n, off in offsets.items()}, frozenset(years))


# --- terms ----------------------------------------------------------------------------------------------------------


@QUICK
@given(DAYS, MONTHS)
@example(dt.date(2028, 2, 29), 12)
@example(dt.date(2027, 1, 31), 1)
@example(dt.date(2026, 8, 31), 6)
def test_an_anniversary_is_as_an_independent_library_has_it(day, months):
    assert calendar.anniversary(day, months=months) == day + relativedelta(months=months)


@QUICK
@given(DAYS, MONTHS)
@example(dt.date(2024, 2, 29), 48)
@example(dt.date(2024, 2, 29), 36)
@example(dt.date(2026, 3, 1), 24)
def test_a_term_ends_on_the_eve_or_on_the_last_day_of_a_short_month(start, months):
    """RR-2: the eve of the anniversary; where the month lacks the day, its last day."""
    end, anniversary = calendar.term_end(start, months=months), calendar.anniversary(start, months=months)
    lacks = start.day > gregorian.monthrange(anniversary.year, anniversary.month)[1]
    assert end == (anniversary if lacks else anniversary - DAY)
    assert calendar.at_least_term(start, end, months=months) and calendar.at_most_term(start, end, months=months)
    assert not calendar.at_least_term(start, end - DAY, months=months)
    assert not calendar.at_most_term(start, end + DAY, months=months)


@QUICK
@given(DAYS, st.integers(1, 12), st.integers(1, 12))
def test_a_longer_term_never_ends_earlier(start, months, more):
    assert calendar.term_end(start, months=months) < calendar.term_end(start, months=months + more)
    assert calendar.term_end(start, years=1) == calendar.term_end(start, months=12)


@QUICK
@given(DAYS, st.integers(0, 4000))
def test_what_has_elapsed_adds_up_to_the_term(start, length):
    end = start + length * DAY
    years, months, days = calendar.elapsed(start, end)
    assert 0 <= months < 12 and 0 <= days <= 31
    whole = years * 12 + months
    following = start if not whole else calendar.term_end(start, months=whole) + DAY
    assert following + (days - 1) * DAY == end
    assert end < calendar.term_end(start, months=whole + 1)


@QUICK
@given(DAYS, st.integers(1, 10))
@example(dt.date(2028, 2, 29), 3)
def test_a_bar_holds_up_to_the_eve_and_is_over_on_the_anniversary(start, years):
    """A ban of n years from a day on: reached on the day itself, not on the one before; together with a term of as many
    years there is no gap and no day twice."""
    over = calendar.anniversary(start, years=years)
    assert calendar.reached(start, over, years=years) and not calendar.reached(start, over - DAY, years=years)
    assert calendar.term_end(start, years=years) in (over - DAY, over)


# --- working days ---------------------------------------------------------------------------------------------------


@QUICK
@given(st.data(), DAYS, NUMBERS)
def test_counting_there_and_back(data, start, number):
    """So many working days after a day there are exactly so many between, the last of them is worked, and a day earlier
    there is one less."""
    table = data.draw(tables(start))
    last = calendar.working_days_after(start, number, table).day
    assert calendar.working_days_between(start, last, table) == number
    if number:
        assert table.works(last) and calendar.working_days_between(start, last - DAY, table) == number - 1
    else:
        assert last == start


@QUICK
@given(st.data(), DAYS, NUMBERS, NUMBERS)
def test_counting_on_is_counting_once(data, start, first, second):
    table = data.draw(tables(start))
    middle = calendar.working_days_after(start, first, table).day
    assert (
        calendar.working_days_after(middle, second, table).day
        == calendar.working_days_after(start, first + second, table).day
    )


@QUICK
@given(st.data(), DAYS, st.integers(1, 60))
def test_one_more_day_off_never_brings_the_last_day_nearer(data, start, number):
    table = data.draw(tables(start))
    last = calendar.working_days_after(start, number, table).day
    day = start + data.draw(st.integers(1, max((last - start).days, 1))) * DAY
    later = calendar.working_days_after(start, number, Table({**table.days, day: True}, table.years)).day
    earlier = calendar.working_days_after(start, number, Table({**table.days, day: False}, table.years)).day
    assert earlier <= last <= later


@QUICK
@given(DAYS, NUMBERS)
def test_a_year_without_a_table_counts_weekends_and_says_so(start, number):
    last, estimated = calendar.working_days_after(start, number, Table())
    assert estimated
    weeks, rest = divmod(number, 5)
    assume(start.weekday() < 5)
    over = start.weekday() + rest > 4
    assert last == start + (weeks * 7 + rest + (2 if over else 0)) * DAY


@QUICK
@given(DAYS, st.integers(1, 120))
def test_estimated_is_whatever_touches_a_year_that_nobody_entered(start, number):
    """All years on the way entered: sure. One of them not: estimated, also where it is only the last."""
    last = calendar.working_days_after(start, number, Table()).day
    years = frozenset(range(start.year, last.year + 1))
    assert not calendar.working_days_after(start, number, Table({}, years)).estimated
    for year in years:
        assert calendar.working_days_after(start, number, Table({}, years - {year})).estimated


# --- windows --------------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2030, 12, 31)).map(clock.aware)
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=400))


@QUICK
@given(MOMENTS, SPANS, SPANS)
def test_a_call_is_open_from_its_first_moment_to_its_last(opens, length, extension):
    """Both ends inside; an extension moves the end of its unit alone; a standing call has none."""
    call = Call(opens_at=opens, closes_at=opens + length)
    call.__dict__["state"] = "open"
    closes, blink = opens + length, dt.timedelta(microseconds=1)
    assert [call.is_open_for(None, at) for at in (opens, closes, opens - blink, closes + blink)] == [
        True,
        True,
        False,
        False,
    ]
    assert call.closes_for(CallUnit(extended_until=closes + extension)) == closes + extension
    assert call.closes_for(CallUnit()) == closes
    standing = Call(opens_at=opens, closes_at=None)
    standing.__dict__["state"] = "open"
    assert standing.is_open_for(None, closes + extension) and not standing.is_open_for(None, opens - blink)


@QUICK
@given(DAYS, DAYS, DAYS)
def test_a_day_is_inside_a_window_or_not(value, first, last):
    """Both bounds inside, nothing inside a window that ends before it begins, nothing without a bound."""
    misses = _misses(value, first, last)
    assert bool(misses) != (first <= value <= last)
    for gap in ((None, first, last), (value, None, last), (value, first, None)):
        assert _misses(*gap)


def _misses(value, first, last) -> list:
    facts = {"value": value, "first": first, "last": last}
    ctx = SimpleNamespace(value=facts.get)
    return list(PREDICATES["inside_window"].test({"fact": "value", "from": "first", "until": "last"}, ctx))
