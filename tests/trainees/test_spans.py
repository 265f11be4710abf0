"""Spans of days: what of one set another does not cover."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from trainees import spans

START = dt.date(2027, 1, 1)


def day(number: int) -> dt.date:
    return START + number * spans.DAY


@st.composite
def some(draw, open_ended: bool):
    made = []
    for _number in range(draw(st.integers(0, 5))):
        first = draw(st.integers(0, 40))
        length = draw(st.integers(0, 15))
        ends = open_ended and draw(st.booleans()) and draw(st.booleans())
        made.append((day(first), None if ends else day(first + length)))
    return made


def days(among, last: int = 80) -> set[dt.date]:
    return {day(number) for number in range(last) for a, b in among if a <= day(number) <= (b or dt.date.max)}


@given(some(open_ended=False), some(open_ended=True))
def test_what_is_uncovered_are_the_days_of_the_one_that_are_not_of_the_other(wanted, cover):
    gaps = spans.uncovered(wanted, cover)
    assert days(gaps) == days(wanted) - days(cover)
    assert all(first <= last for first, last in gaps)


def test_both_ends_count():
    stay = [(dt.date(2026, 9, 7), dt.date(2027, 3, 6))]
    assert spans.uncovered(stay, [(dt.date(2026, 9, 7), dt.date(2027, 3, 6))]) == []
    assert spans.uncovered(stay, [(dt.date(2026, 9, 7), dt.date(2027, 3, 5))]) == [(dt.date(2027, 3, 6),) * 2]
    assert spans.uncovered(stay, [(dt.date(2026, 9, 8), None)]) == [(dt.date(2026, 9, 7),) * 2]
    assert spans.uncovered(stay, [(dt.date(2026, 9, 1), dt.date(2026, 12, 31)), (dt.date(2027, 1, 1), None)]) == []
    assert spans.words([(dt.date(2026, 9, 7), dt.date(2027, 3, 6))]) == ["2026-09-07至2027-03-06"]
    assert spans.words([(dt.date(2026, 9, 7),) * 2]) == ["2026-09-07"]


def test_overlapping_is_sharing_a_day():
    first = (dt.date(2026, 9, 1), dt.date(2026, 9, 30))
    assert spans.overlapping([first, (dt.date(2026, 9, 30), dt.date(2026, 10, 5))])
    assert not spans.overlapping([(dt.date(2026, 10, 1), dt.date(2026, 10, 5)), first])
