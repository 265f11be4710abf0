"""The table of working days: who enters it, for whom it counts, and what a change moves."""

from __future__ import annotations

import datetime as dt

import pytest

from core import calendar, clock
from core.calendar import day_table, working_days_after
from core.models import OwnDay, TransitionLog
from tests.scenarios.house import Person, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db

D = dt.date.fromisoformat


@pytest.fixture
def school():
    calendar.seed_year(2026)
    return factories.university()


@pytest.fixture
def admin(school):
    return Person(factories.member(school, "admin"))


def send(person: Person, days: str, year: int = 2027):
    return person.client.post(f"/due/workdays/?year={year}", {"act": "days", "days": days})


def test_a_unit_enters_days_for_itself_and_those_below(school, admin):
    """Friday 2027-02-05 off, Sunday 2027-02-07 worked: for the school and its college, for no other school."""
    college, other = factories.college(school), factories.university()
    assert send(admin, "2027-02-05 休 春节\n2027年2月7日　班　春节调休").status_code == 302
    for unit in (school, college):
        table = day_table(D("2027-02-01"), D("2027-02-28"), unit.pk)
        assert (table.works(D("2027-02-05")), table.works(D("2027-02-07"))) == (False, True)
        assert working_days_after(D("2027-02-04"), 1, organisation_id=unit.pk).day == D("2027-02-07")
    assert working_days_after(D("2027-02-04"), 1, organisation_id=other.pk).day == D("2027-02-05")
    page = text_of(admin.get("/due/workdays/", year="2027"))
    assert "春节调休" in page and admin.membership.name in page
    line = TransitionLog.objects.get(transition="working_days")
    assert "2027-02-05 休 春节" in line.reason and line.case_id == school.pk


def test_the_newest_entry_of_a_day_holds_and_nothing_is_lost(school, admin):
    """Entered, changed, taken back: the country's table shines through again, and all rows stay."""
    send(admin, "2026-10-10 休 校庆", 2026)
    assert not day_table(D("2026-10-10"), D("2026-10-10"), school.pk).works(D("2026-10-10"))
    send(admin, "2026-10-10 撤销", 2026)
    assert day_table(D("2026-10-10"), D("2026-10-10"), school.pk).works(D("2026-10-10"))
    assert OwnDay.objects.count() == 2


def test_the_nearest_unit_has_the_last_word(school, admin):
    send(Person(factories.member(school.parent, "admin")), "2027-03-08 休 省里放假")
    assert not day_table(D("2027-03-08"), D("2027-03-08"), school.pk).works(D("2027-03-08"))
    send(admin, "2027-03-08 班 本校上班")
    assert day_table(D("2027-03-08"), D("2027-03-08"), school.pk).works(D("2027-03-08"))


def test_a_year_is_estimated_until_somebody_says_that_it_is_whole(school, admin):
    send(admin, "2027-02-05 休 春节")
    assert working_days_after(D("2027-02-04"), 1, organisation_id=school.pk).estimated
    assert "显示为“预计”" in text_of(admin.get("/due/workdays/", year="2027"))
    admin.client.post("/due/workdays/?year=2027", {"act": "complete"})
    assert not working_days_after(D("2027-02-04"), 1, organisation_id=school.pk).estimated
    assert working_days_after(D("2027-02-04"), 1, organisation_id=factories.university().pk).estimated
    admin.client.post("/due/workdays/?year=2027", {"act": "incomplete"})
    assert working_days_after(D("2027-02-04"), 1, organisation_id=school.pk).estimated
    assert not working_days_after(D("2026-02-04"), 1, organisation_id=school.pk).estimated


def test_what_cannot_be_read_comes_back_line_by_line(school, admin):
    answer = send(admin, "2027-02-05 休 春节\n2027-02-30 休 没有这天\n随便写")
    page = text_of(answer)
    assert answer.status_code == 422 and "第2行" in page and "第3行" in page and "没有这天" in page
    assert not OwnDay.objects.exists(), "all or nothing"


def test_who_may_enter(school):
    """The administrators of a department and a university; everybody reads."""
    clerk = Person(factories.member(school, "graduate_office"))
    secretary = Person(factories.member(factories.college(school), "secretary"))
    for person in (clerk, secretary):
        assert person.get("/due/workdays/").status_code == 200
        assert send(person, "2027-02-05 休 春节").status_code == 403
    assert send(Person(factories.member(school.parent, "admin")), "2027-02-05 休 春节").status_code == 302
    with clock.travel("2027-02-01"):
        assert "由学校或省级主管部门" in text_of(clerk.get("/due/workdays/"))
