"""RR-2 and working days, with the vectors of the requirements and of the stack page."""

from __future__ import annotations

import datetime as dt

import pytest

from core import calendar
from core.models import Holiday

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "years", "months", "end"),
    [
        ("2026-09-01", 3, 0, "2029-08-31"),
        ("2027-09-10", 3, 0, "2030-09-09"),
        ("2026-03-01", 3, 0, "2029-02-28"),
        ("2026-03-01", 5, 0, "2031-02-28"),
        ("2026-09-01", 0, 6, "2027-02-28"),
        ("2026-08-31", 0, 6, "2027-02-28"),
        ("2028-02-29", 1, 0, "2029-02-28"),
        ("2028-02-29", 4, 0, "2032-02-28"),
        ("2030-11-01", 2, 0, "2032-10-31"),
        ("2026-12-31", 0, 2, "2027-02-28"),
    ],
)
def test_term_end(start, years, months, end):
    assert calendar.term_end(D(start), years, months) == D(end)


def test_a_term_has_a_length():
    with pytest.raises(ValueError):
        calendar.term_end(D("2026-01-01"))


@pytest.mark.parametrize(
    ("since", "years", "day"),
    [
        ("2025-03-01", 2, "2027-03-01"),
        ("2030-09-15", 3, "2033-09-15"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2025-09-01", 3, "2028-09-01"),
    ],
)
def test_elapsed_time_is_reached_on_the_anniversary(since, years, day):
    day = D(day)
    assert calendar.anniversary(D(since), years) == day
    assert calendar.reached(D(since), day, years)
    assert not calendar.reached(D(since), day - calendar.DAY, years)


def test_term_bounds_include_both_ends():
    start = D("2026-03-01")
    assert not calendar.at_least_term(start, D("2029-02-27"), 3)
    assert calendar.at_least_term(start, D("2029-02-28"), 3)
    assert calendar.at_most_term(start, D("2031-02-28"), 5)
    assert not calendar.at_most_term(start, D("2031-03-01"), 5)


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        ("2026-03-01", "2028-02-29", (2, 0, 0)),
        ("2026-03-01", "2026-03-01", (0, 0, 1)),
        ("2026-09-01", "2027-02-27", (0, 5, 27)),
        ("2026-09-02", "2026-09-01", (0, 0, 0)),
    ],
)
def test_elapsed(start, end, parts):
    assert calendar.elapsed(D(start), D(end)) == parts


@pytest.mark.django_db
def test_working_days_of_2026():
    assert calendar.seed_year(2026) > 20
    assert calendar.seed_year(2026) == 0
    vectors = {
        "2026-09-28": "2026-10-10",
        "2026-04-30": "2026-05-11",
        "2026-02-12": "2026-02-26",
        "2026-11-20": "2026-11-27",
    }
    for start, end in vectors.items():
        assert calendar.working_days_after(D(start), 5) == (D(end), False)
        assert calendar.working_days_between(D(start), D(end)) == 5


@pytest.mark.django_db
def test_a_year_nobody_entered_is_estimated():
    calendar.seed_year(2026)
    assert calendar.working_days_after(D("2026-11-20"), 5) == calendar.Deadline(D("2026-11-27"), False)
    assert calendar.working_days_after(D("2026-12-30"), 5) == calendar.Deadline(D("2027-01-06"), True)
    with pytest.raises(ValueError):
        calendar.seed_year(2027)
    assert calendar.working_days_after(D("2026-11-20"), 0).day == D("2026-11-20")


@pytest.mark.django_db
def test_an_edited_table_is_obeyed():
    calendar.seed_year(2026)
    Holiday.objects.create(day=D("2026-11-23"), off=True, name="校庆")
    assert calendar.working_days_after(D("2026-11-20"), 5).day == D("2026-11-30")
    # Seeding again does not undo what somebody entered.
    Holiday.objects.filter(day=D("2026-10-10")).update(off=True)
    calendar.seed_year(2026)
    assert Holiday.objects.get(day=D("2026-10-10")).off
