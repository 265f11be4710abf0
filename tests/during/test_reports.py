"""Reports of a student in the profile's cadence: owed by one person, written in minutes, confirmed by this student's mentor."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Confirmation, Record
from casework.records import clocks
from config.stories import placements
from core import clock, door
from core.models import InboxMessage, OutboxMessage, TransitionLog
from tests.during.house import Stay, run, stay
from tests.scenarios.house import Person, done, fresh, main_of, refused
from tests.tenants import factories
from trainees import during
from trainees.during import letters
from trainees.models import Period, Student

pytestmark = pytest.mark.django_db
TERM = ("2026-09-07", "2027-03-06")
TEXT = {"done": "跟班听课六节，整理教学案例"}


@pytest.fixture
def lcu() -> Stay:
    made = stay("lcu", TERM)
    with clock.travel("2026-09-07T10:00"):
        yield made


def told(person: Person, words: str) -> bool:
    return InboxMessage.objects.filter(user=person.membership.user, title__contains=words).exists()


@pytest.mark.clause("LCU-13a")
def test_a_week_without_a_report_is_reminded_of_on_the_day_after_and_stays_a_gap(lcu):
    """Week 2026-09-07…13: nothing on the 13th, a reminder to the student alone on the 14th; the stay goes on."""
    assert lcu.owed("weekly_report", by=lcu.student) == ["2026-09-13"] == lcu.owed("weekly_report")
    run("2026-09-13")
    assert not told(lcu.student, "周报")
    run("2026-09-14")
    assert told(lcu.student, "周报")
    assert not told(lcu.base_mentor, "周报") and not told(lcu.school.secretary, "周报")
    with clock.travel("2026-09-14T10:00"):
        assert "缺交1次" in main_of(lcu.student.page(lcu.placement))
        assert "周报" in main_of(lcu.student.get("/todos/"))
        assert fresh(lcu.placement).state == "active"
        done(lcu.enter(lcu.student, "weekly_report", "2026-09-13", **TEXT))  # written a day late, about that week
        page = main_of(lcu.student.page(lcu.placement))
        assert "缺交" not in page and "跟班听课六节" in page
        assert lcu.owed("weekly_report") == ["2026-09-20"]


@pytest.mark.clause("LCU-13a")
def test_a_week_with_a_report_is_not_reminded_of(lcu):
    done(lcu.enter(lcu.student, "weekly_report", "2026-09-07", **TEXT))
    for day in ("2026-09-13", "2026-09-14"):
        run(day)
    assert not told(lcu.student, "周报")
    assert lcu.owed("weekly_report") == ["2026-09-20"]


@pytest.mark.clause("LCU-13b")
def test_two_weeks_without_contact_to_the_university_mentor_are_reminded_of(lcu):
    """From 2026-09-07: nothing on the 20th, a reminder on the 21st."""
    assert lcu.owed("biweekly_report") == ["2026-09-20"]
    run("2026-09-20")
    assert not told(lcu.student, "双周汇报")
    run("2026-09-21")
    assert told(lcu.student, "双周汇报")
    with clock.travel("2026-09-21T10:00"):
        done(lcu.enter(lcu.student, "biweekly_report", "2026-09-20", progress="开题初稿"))
        assert lcu.owed("biweekly_report") == ["2026-10-04"]


def test_nobody_else_writes_the_students_report_but_the_secretary_without_an_account(lcu):
    for person in (lcu.base_mentor, lcu.mentor, lcu.school.contact, lcu.school.secretary):
        refused(lcu.enter(person, "weekly_report", "2026-09-07", **TEXT), "不由您的角色填写")
    stranger = Person(factories.member(lcu.school.college, "student"))
    assert lcu.enter(stranger, "weekly_report", "2026-09-07", **TEXT).status_code == 404
    Student.objects.update(seat=None)
    done(lcu.enter(lcu.school.secretary, "weekly_report", "2026-09-07", **TEXT))


# --- confirmations --------------------------------------------------------------------------------------------------


def test_a_mentor_confirms_his_own_students_report_with_one_tap_and_no_others(lcu):
    done(lcu.enter(lcu.student, "weekly_report", "2026-09-07", **TEXT))
    report = Record.objects.get(type="weekly_report")
    for person in (lcu.mentor, lcu.student, lcu.school.secretary, lcu.school.contact):
        person.client.post("/placements/reports/", {"record": report.pk})
        assert Confirmation.objects.get(record=report).confirmed_at is None
        with pytest.raises(door.DoorError):
            door.perform(lcu.placement, "confirm_records", person.membership, {"records": [report.pk]})
    other = Person(factories.member(lcu.school.partner, "base_mentor"))
    other.client.post("/placements/reports/", {"record": report.pk})
    assert Confirmation.objects.get(record=report).confirmed_at is None
    assert TEXT["done"] in main_of(lcu.base_mentor.get("/placements/reports/"))
    assert "实践记录待确认" in main_of(lcu.base_mentor.get("/todos/"))
    assert "实践记录待确认" not in main_of(lcu.mentor.get("/todos/"))
    assert TEXT["done"] not in main_of(other.get("/placements/reports/"))
    assert "待柯远确认" in main_of(lcu.student.page(lcu.placement))
    done(lcu.base_mentor.client.post("/placements/reports/", {"record": report.pk, "comment": "很好"}))
    said = Confirmation.objects.get(record=report)
    assert (said.by, said.way, said.comment, said.on) == ("柯远", "page", "很好", dt.date(2026, 9, 7))
    page = main_of(lcu.student.page(lcu.placement))
    assert "柯远已确认" in page and "很好" in page
    assert "没有等您确认的记录" in main_of(lcu.base_mentor.get("/placements/reports/"))


def test_the_secretary_enters_what_a_mentor_said_with_the_name_shown(lcu):
    done(lcu.enter(lcu.student, "weekly_report", "2026-09-07", **TEXT))
    said = Confirmation.objects.get()
    address = f"{lcu.placement.get_absolute_url()}do/enter_confirmation/"

    def enters(person: Person, on: str):
        sent = {"seen": fresh(lcu.placement).version, "step": said.pk, "f-on": on, "f-comment": "电话答复"}
        return person.client.post(address, sent)

    with clock.travel("2026-09-08T09:00"):
        assert "柯远" in main_of(lcu.school.secretary.client.get(f"{address}?step={said.pk}"))
        refused(enters(lcu.school.secretary, "2026-09-06"), "确认日期应在2026-09-07至2026-09-08之内")
        refused(enters(lcu.school.secretary, "2026-09-09"), "确认日期应在2026-09-07至2026-09-08之内")
        assert enters(lcu.student, "2026-09-08").status_code == 403
        done(enters(lcu.school.secretary, "2026-09-08"))
        page = main_of(lcu.student.page(lcu.placement))
        assert "柯远于2026-09-08答复确认，由白露晞代录" in page
    line = TransitionLog.about(lcu.placement).get(transition="enter_confirmation")
    assert line.facts["said_by"] == "柯远"


def test_a_mentor_confirms_from_the_link_in_a_mail_without_logging_in(lcu):
    """One mail a day; a GET shows no name and changes nothing; the link is this mentor's alone and dies with a newer one."""
    done(lcu.enter(lcu.student, "weekly_report", "2026-09-07", **TEXT))
    run("2026-09-07")
    assert not OutboxMessage.objects.filter(key__startswith="report-link:").exists()
    run("2026-09-08")
    run("2026-09-08")
    queued = OutboxMessage.objects.get(key__startswith="report-link:")
    with clock.travel("2026-09-08T10:00"):
        subject, body = letters.mail(**queued.payload["arguments"])
        assert "陆离" not in subject + body and "1份" in subject
        path = re.search(r"https?://[^/]+(/r/\S+)", body).group(1)
        browser = Client()
        page = browser.get(path).content.decode()
        assert "陆离" not in page and TEXT["done"] not in page and "打开阅读" in page
        report = Record.objects.get(type="weekly_report")
        browser.post(path, {"act": "confirm", "record": report.pk})  # not opened here yet: opens, confirms nothing
        assert Confirmation.objects.get().confirmed_at is None
        assert TEXT["done"] in browser.get(path).content.decode()
        browser.post(path, {"act": "confirm", "record": report.pk})
        said = Confirmation.objects.get()
        assert (said.by, said.way) == ("柯远", "link")
        assert "可以关闭本页" in browser.get(path).content.decode()
        line = TransitionLog.about(lcu.placement).get(transition="confirm_records")
        assert line.facts["link"]["number"].startswith("LJ-")
        done(lcu.enter(lcu.student, "weekly_report", "2026-09-08", **TEXT))
    run("2026-09-09")
    with clock.travel("2026-09-09T10:00"):
        assert Client().get(path).status_code == 410
    assert Client().get("/r/0/").status_code == 404


# --- the course of a stay -------------------------------------------------------------------------------------------


def test_reports_count_from_the_entry_to_the_end_over_holidays_and_the_year(lcu):
    for day in ("2026-09-28", "2026-10-08", "2027-01-04"):
        run(day)
    days = lcu.owed("weekly_report")
    assert days[0] == "2026-09-13" and "2026-10-04" in days and "2027-01-03" in days
    assert {dt.date.fromisoformat(day).weekday() for day in days} == {6}
    with clock.travel("2027-01-06T09:00"):
        placements.left(lcu.school.secretary.hand, lcu.placement, "2027-01-06")
        assert lcu.owed("weekly_report") == []
        page = main_of(lcu.student.page(lcu.placement))
        assert "缺交" in page and "2027-01-03" in page and "2027-01-10" not in page
    run("2027-02-01")
    assert lcu.owed("weekly_report") == []


def test_weeks_pause_while_the_stay_is_interrupted():
    made = stay("lcu", ("2026-09-07", "2026-09-10"), ("2026-10-12", "2027-03-06"))
    for day in ("2026-09-12", "2026-10-16"):
        run(day)
    assert made.owed("weekly_report") == ["2026-10-14", "2026-10-21"]  # four days there, three more after the pause


def test_a_longer_stay_goes_on_owing():
    made = stay("lcu", ("2026-09-07", "2026-09-20"))
    run("2026-09-30")
    assert made.owed("weekly_report") == ["2026-09-13", "2026-09-20"]
    with clock.travel("2026-09-30T10:00"):
        Period.objects.create(placement=made.placement, starts_on="2026-09-28", ends_on="2026-10-31")
        during.changed(fresh(made.placement))
        assert made.owed("weekly_report") == ["2026-09-13", "2026-09-20", "2026-10-04"]


# --- many at once ---------------------------------------------------------------------------------------------------


def forty(made: Stay, number: int) -> None:
    for at in range(number):
        seat = factories.member(made.school.college, "student", factories.user(f"研究生{at}"))
        student = placements.student(made.school.secretary.hand, f"9{at:04}", f"研究生{at}", seat=seat)
        placement = placements.planned(made.school.secretary.hand, made.school.recognition, student, TERM)
        made.school.guided(placement)
        placements.insured(made.school.secretary.hand, placement, *TERM)
        placements.entered(made.school.secretary.hand, placement, TERM[0])
        data = {"type": "weekly_report", "answers": {"on": TERM[0], **TEXT}}
        door.perform(fresh(placement), "enter_record", seat, data)


def asked(person: Person, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert person.get(path).status_code == 200
    return len(queries)


def test_a_mentors_page_of_forty_students_costs_ten_queries_and_confirms_all_at_once(lcu):
    done(lcu.enter(lcu.student, "weekly_report", "2026-09-07", **TEXT))
    asked(lcu.base_mentor, "/placements/reports/")
    few = asked(lcu.base_mentor, "/placements/reports/")
    forty(lcu, 39)
    many = asked(lcu.base_mentor, "/placements/reports/")
    assert many == few <= 10, (few, many)
    numbers = list(Record.objects.filter(type="weekly_report").values_list("pk", flat=True))
    assert len(numbers) == 40
    done(lcu.base_mentor.client.post("/placements/reports/", {"record": numbers}))
    assert not Confirmation.objects.filter(confirmed_at=None).exists()
    assert lcu.owed("weekly_report") == []
    with clock.travel("2026-09-14T06:00"), CaptureQueriesContext(connection) as queries:
        assert clocks.open_due(clock.today()) == 40  # the second week of forty students
    assert len(queries) <= 16, len(queries)


def test_an_interruption_stops_the_weeks_and_they_go_on_where_they_stopped(lcu):
    """Interrupted on Wednesday of the second week, back four weeks later: that week has two days behind it, five to come."""
    run("2026-09-14")
    clerk = lcu.school.secretary.hand
    with clock.travel("2026-09-16T10:00"):
        done(lcu.enter(lcu.student, "weekly_report", "2026-09-13", **TEXT))
        clerk.do(lcu.placement, "interrupt", {"interrupted_on": "2026-09-16", "reason": "病假"})
        assert lcu.owed("weekly_report") == []
    run("2026-09-30")
    assert lcu.owed("weekly_report") == [] and not told(lcu.student, "周报（2026-09-14")
    with clock.travel("2026-10-14T10:00"):
        clerk.do(lcu.placement, "resume", {"period": {"from": "2026-10-14", "to": "2027-03-06"}})
        assert lcu.owed("weekly_report") == ["2026-10-18"]
        assert "缺交" not in main_of(lcu.student.page(lcu.placement))
    run("2026-10-19")
    assert lcu.owed("weekly_report") == ["2026-10-18", "2026-10-25"]
