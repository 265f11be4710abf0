"""A stay from plan to end: what a base's own life means for it, and who may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bases.models import Base, Recognition
from casework import effects
from config.stories import placements
from core import clock, door
from core.ledger import owed_by
from core.models import LedgerEntry
from regulations.facts import CATALOGUE
from tests.placing import place, placed
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of
from tests.tenants import factories
from tests.trainees.world import School, school
from trainees.models import Placement, Student

pytestmark = pytest.mark.django_db
YEAR = ("2027-03-01", "2027-12-20")


@pytest.fixture
def nm():
    with clock.travel("2027-02-20T09:00"):
        yield school("nm", level="provincial", term=("2026-03-01", "2031-02-28"), base="作物试验站基地")


def wish(scene: School, *periods: tuple[str, str], **more: str) -> dict:
    """The form of 安排专业实践 as a browser sends it."""
    rows = {
        f"f-periods-{number}-period-{end}": day
        for number, period in enumerate(periods)
        for end, day in zip(("from", "to"), period, strict=True)
    }
    return {"f-base": scene.recognition.pk, "f-number": scene.student.number, **rows, **more}


def plans(scene: School, *periods: tuple[str, str], **more: str):
    return scene.secretary.client.post("/placements/new/", wish(scene, *periods, **more))


def there(scene: School) -> Placement:
    """The student is at the base since the first day."""
    scene.prepared("2027-02-20")
    placement = scene.planned(YEAR)
    scene.guided(placement)
    with clock.travel("2027-03-01T09:00"):
        placements.entered(scene.secretary.hand, placement, "2027-03-01")
    return fresh(placement)


# --- planning -------------------------------------------------------------------------------------------------------


def test_a_stay_is_planned_in_periods_and_reminded_of_at_its_end(nm):
    answer = plans(nm, ("2027-09-01", "2027-12-20"), ("2027-03-01", "2027-06-30"))
    done(answer)
    placement = Placement.objects.get()
    assert answer["Location"] == placement.get_absolute_url()
    assert (str(placement.starts_on), str(placement.ends_on)) == YEAR
    assert [str(one.starts_on) for one in placement.periods.all()] == ["2027-03-01", "2027-09-01"]
    assert (placement.university, placement.college, placement.partner) == (nm.university, nm.college, nm.partner)
    assert placement.authority is None  # the department has no part in a student's stay
    row = LedgerEntry.objects.get(kind="placement_ends")
    assert (str(row.due_on), row.organisation_id) == ("2027-12-20", nm.college.pk)
    assert row in owed_by(nm.secretary.membership)
    assert f"进入基地：{placement.title}" in main_of(nm.secretary.get("/todos/"))


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([("2027-03-01", "2027-06-30"), ("2027-06-30", "2027-12-20")], "各段实践时间有重叠"),
        ([("2027-06-30", "2027-03-01")], "起止"),
        ([], "实践时间"),
    ],
)
def test_periods_that_cannot_be_are_refused(nm, periods, words):
    refused(plans(nm, *periods), words)
    assert not Placement.objects.exists()


def test_nobody_is_at_two_places_on_one_day(nm):
    done(plans(nm, ("2027-03-01", "2027-06-30"), ("2027-09-01", "2027-12-20")))
    refused(plans(nm, ("2027-06-30", "2027-07-10")), "时间不能重叠")
    done(plans(nm, ("2027-07-01", "2027-08-31")))  # between the two periods
    assert Placement.objects.count() == 2


def test_a_student_who_is_not_entered_is_named(nm):
    refused(plans(nm, YEAR, **{"f-number": "99"}), "没有登记学号为99的研究生")


def test_a_row_more_is_no_plan(nm):
    answer = plans(nm, YEAR, **{"add-row": "periods"})
    assert answer.status_code == 200 and "f-periods-1-period-from" in text_of(answer)
    assert not Placement.objects.exists()


# --- what the base's own life means ---------------------------------------------------------------------------------


def test_a_base_that_is_suspended_takes_nobody_and_keeps_who_is_there(nm):
    """Reading C-4: the bar lasts the next calendar year; whoever is there this year goes on, with a warning."""
    placement = there(nm)
    with clock.travel("2027-05-20T09:00"):
        bar = {"until_on": dt.date(2028, 12, 31), "clause": "NM-19a"}
        effects.put(nm.recognition, "suspension", "下年度暂停", dt.date(2028, 1, 1), **bar)
        refused(plans(nm, ("2028-03-01", "2028-06-30")), "2028-12-31", clause="NM-19a")
        done(plans(nm, ("2029-01-01", "2029-06-30")))
        page = main_of(nm.secretary.page(placement))
        assert "已在基地的研究生不受影响" in page and "下年度暂停" in page
        assert fresh(placement).state == "active"
        placements.left(nm.secretary.hand, placement, "2027-05-20")


def test_rectification_warns_and_blocks_nobody(nm):
    """Reading N-2: the text is silent about those who come meanwhile."""
    placement = there(nm)
    effects.put(nm.recognition, "rectification", "限期整改", dt.date(2027, 2, 20), clause="NM-19a")
    with clock.travel("2027-04-01T09:00"):
        assert "限期整改" in main_of(nm.secretary.page(placement))
        done(plans(nm, ("2028-03-01", "2028-06-30")))
        planned = Placement.objects.get(state="planned")
        assert "限期整改" in main_of(nm.secretary.page(planned))


def test_a_base_that_ended_takes_nobody_and_its_students_go_on(nm):
    placement = there(nm)
    place(nm.recognition, "ended", ended_on=dt.date(2027, 4, 1), end_code="", end_clause="NM-19c")
    with clock.travel("2027-04-01T09:00"):
        refused(plans(nm, ("2028-03-01", "2028-06-30")), "基地已于2027-04-01终止", clause="NM-19c")
        assert fresh(placement).state == "active" and nm.secretary.page(placement).status_code == 200
    with clock.travel("2027-12-20T17:00"):
        placements.left(nm.secretary.hand, placement, "2027-12-20")
    assert fresh(placement).state == "ended"


def test_a_plan_made_before_the_bar_is_held_back_on_its_day(nm):
    nm.prepared("2027-02-20")
    placement = nm.planned(("2028-03-01", "2028-06-30"))
    nm.guided(placement)
    effects.put(nm.recognition, "suspension", "下年度暂停", dt.date(2028, 1, 1), until_on=dt.date(2028, 12, 31))
    with clock.travel("2028-03-01T09:00"):
        refused(nm.secretary.do(placement, "start", {"entered_on": "2028-03-01"}), "下年度暂停")
    assert fresh(placement).state == "planned"


def test_a_limit_counts_who_is_there_in_the_same_days(nm):
    row = effects.put(nm.recognition, "intake_limit", "限一名", dt.date(2027, 2, 20), clause="NM-19a")
    type(row).objects.filter(pk=row.pk).update(amount=1)
    done(plans(nm, ("2027-03-01", "2027-06-30")))
    second = placements.student(nm.secretary.hand, "20260002", "米雪")
    refused(plans(nm, ("2027-06-30", "2027-07-31"), **{"f-number": second.number}), "最多接收1名", clause="NM-19a")
    done(plans(nm, ("2027-07-01", "2027-07-31"), **{"f-number": second.number}))


# --- entry and end --------------------------------------------------------------------------------------------------


def test_the_days_of_entry_and_end_are_days_of_the_stay(nm):
    nm.prepared("2027-02-20")
    placement = nm.planned(YEAR)
    nm.guided(placement)
    with clock.travel("2027-03-02T09:00"):
        refused(nm.secretary.do(placement, "start", {"entered_on": "2027-02-28"}), "2027-03-01至2027-12-20之内")
        refused(nm.secretary.do(placement, "start", {"entered_on": "2027-03-03"}), "不能晚于今天")
        done(nm.secretary.do(placement, "start", {"entered_on": "2027-03-01"}))
        assert "进入基地：" not in main_of(nm.secretary.get("/todos/"))
        refused(nm.secretary.do(placement, "end", {"left_on": "2027-02-28"}), "离开基地日期")
        refused(nm.secretary.do(placement, "end", {"left_on": "2027-03-03"}), "离开基地日期")
        done(nm.secretary.do(placement, "end", {"left_on": "2027-03-02", "reason": "提前结束"}))
    ended = fresh(placement)
    assert (ended.state, str(ended.entered_on), str(ended.left_on)) == ("ended", "2027-03-01", "2027-03-02")
    assert not LedgerEntry.about(placement).filter(done_at=None).exists()


def test_a_plan_is_given_up_and_made_anew(nm):
    placement = nm.planned(YEAR)
    done(nm.secretary.do(placement, "cancel", {"reason": "改派"}))
    assert (fresh(placement).state, fresh(placement).end_reason) == ("cancelled", "改派")
    done(plans(nm, YEAR))


def test_mentors_change_while_the_student_is_there(nm):
    placement = there(nm)
    successor = Person(factories.member(nm.college, "mentor", factories.user("单于飞"))).membership
    place(nm.recognition, "ended", ended_on=dt.date(2027, 4, 1))
    placements.guided(nm.secretary.hand, placement, successor, nm.base_mentor)
    assert fresh(placement).university_mentor == successor


def test_a_mentor_of_elsewhere_cannot_be_named(nm):
    placement = nm.planned(YEAR)
    foreign = factories.member(factories.college(nm.university), "mentor")
    answer = nm.secretary.do(placement, "assign_mentors", {"university_mentor": str(foreign.pk)})
    refused(answer, "没有")


# --- who sees it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def seen(nm):
    """A stay under way, and everybody who might want to know of it."""
    account = factories.user("陆离")
    own = Person(factories.member(nm.college, "student", account))
    Student.objects.filter(pk=nm.student.pk).update(seat=own.membership)
    placement = there(nm)
    other_university = factories.university(nm.department)
    people = {
        "student": own,
        "mentor": Person(nm.mentor),
        "base mentor": Person(nm.base_mentor),
        "secretary": nm.secretary,
        "office": nm.office,
        "contact": nm.contact,
        "other student": Person(factories.member(nm.college, "student")),
        "other mentor": Person(factories.member(nm.college, "mentor")),
        "other base mentor": Person(factories.member(nm.partner, "base_mentor")),
        "other college": Person(factories.member(factories.college(nm.university), "secretary")),
        "other university": Person(factories.member(other_university, "graduate_office")),
        "other partner": Person(factories.member(factories.partner(), "contact")),
        "department": Person(factories.member(nm.department, "officer")),
    }
    with clock.travel("2027-03-01T10:00"):
        yield placement, people


SEES = {"student", "mentor", "base mentor", "secretary", "office", "contact"}


def test_the_student_both_mentors_and_their_offices_see_a_stay_and_nobody_else(seen):
    placement, people = seen
    for who, person in people.items():
        assert (person.page(placement).status_code == 200) is (who in SEES), who
        listed = "陆离" in main_of(person.get("/placements/"))
        assert listed is (who in SEES), who


def test_only_who_looks_after_the_student_acts(seen):
    placement, people = seen
    for who, person in people.items():
        answer = person.do(placement, "end", {"left_on": "2027-03-01"})
        wanted = 302 if who in ("secretary", "office") else 403 if who in SEES else 404
        assert answer.status_code == wanted, (who, answer.status_code)
        if wanted == 302:
            return


def test_the_bases_page_names_its_students_to_those_who_see_them(seen, nm):
    placement, people = seen
    for who in ("secretary", "office", "contact"):
        assert "陆离" in main_of(people[who].page(nm.recognition)), who
    page = main_of(people["department"].page(nm.recognition))
    assert "陆离" not in page and placement.number not in page
    for who in ("secretary", "department"):  # how many there are is no secret
        page = main_of(people[who].get("/bases/", sort="number"))
        assert '<td data-label="在岗研究生" class="num right">1</td>' in page, who


def test_the_college_of_the_base_sees_other_colleges_students_there(nm):
    """Two colleges at one base: each looks after its own, the responsible one sees all."""
    college = factories.college(nm.university, "护理学院")
    secretary = Person(factories.member(college, "secretary"))
    student = placements.student(secretary.hand, "20260009", "米雪")
    office = nm.office.hand
    placement = placements.planned(office, nm.recognition, student, YEAR)
    assert placement.college == college
    assert secretary.page(placement).status_code == 200
    assert nm.secretary.page(placement).status_code == 200
    assert nm.secretary.do(placement, "cancel", {"reason": "x"}).status_code == 403


def test_a_student_of_another_university_is_not_placed(nm):
    foreign = Student.objects.create(university=factories.university(), number="1", name="外校")
    with pytest.raises(door.Forbidden):
        placements.planned(nm.secretary.hand, nm.recognition, foreign, YEAR)


# --- students -------------------------------------------------------------------------------------------------------


def test_students_are_entered_once_by_number(nm):
    answers = {"f-number": "20260003", "f-name": "司徒晚", "f-category": "0951"}
    done(nm.secretary.client.post("/students/new/", answers))
    student = Student.objects.get(number="20260003")
    assert (student.college, student.category_code) == (nm.college, "0951") and student.category_name
    refused(nm.secretary.client.post("/students/new/", answers), "学号20260003已登记")
    refused(nm.secretary.client.post("/students/new/", {"f-name": "x"}), "学号")
    page = main_of(nm.secretary.get("/students/"))
    assert "司徒晚" in page and f"/students/{student.pk}/" in page
    other = Person(factories.member(factories.college(nm.university), "secretary"))
    assert "司徒晚" not in main_of(other.get("/students/"))
    assert "司徒晚" in main_of(nm.office.get("/students/"))


def test_the_office_enters_a_student_of_a_college_with_their_account(nm):
    seat = factories.member(nm.college, "student", factories.user("司徒晚"))
    answers = {"f-number": "3", "f-name": "司徒晚", "f-college": nm.college.pk, "f-seat": seat.pk}
    done(nm.office.client.post("/students/new/", answers))
    assert Student.objects.get(number="3").seat == seat
    with pytest.raises(door.Refused, match="已关联其他研究生"):  # an account is one student's
        placements.student(nm.secretary.hand, "4", "另一人", seat=seat)
    factories.member(nm.college, "student")  # somebody whom the form offers
    foreign = factories.member(factories.college(), "student")
    refused(nm.office.client.post("/students/new/", {**answers, "f-number": "4", "f-seat": foreign.pk}), "本人账号")


# --- lists ----------------------------------------------------------------------------------------------------------


def test_the_list_narrows_to_a_base_and_to_a_student(nm):
    done(plans(nm, YEAR))
    base = Base.objects.create(
        number="JD-2", name="另一基地", university=nm.university, college=nm.college, partner=factories.partner()
    )
    copied = {field.attname: getattr(nm.recognition, field.attname) for field in Recognition._meta.concrete_fields}
    given = {key: value for key, value in copied.items() if key not in ("id", "state", "version", "log_lines")}
    given |= {"number": "RD-2", "title": "另一基地", "base_id": base.pk, "partner_id": base.partner_id}
    other = placed(Recognition, "active", **given)
    second = placements.student(nm.secretary.hand, "20260002", "米雪")
    placements.planned(nm.secretary.hand, other, second, YEAR)
    for narrowed, shown, left_out in (
        (f"base={nm.recognition.pk}", "陆离", "米雪"),
        (f"base={other.pk}", "米雪", "陆离"),
        (f"student={second.pk}", "米雪", "陆离"),
        ("q=米雪", "米雪", "陆离"),
    ):
        page = main_of(nm.secretary.client.get(f"/placements/?{narrowed}"))
        assert shown in page and left_out not in page.split("<tbody", 1)[1], narrowed


@pytest.mark.parametrize("path", ["/placements/", "/students/"])
def test_lists_ask_as_much_for_thirty_as_for_one(nm, path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert nm.secretary.get(path).status_code == 200
        return len(queries)

    done(plans(nm, YEAR))
    asked()
    one = asked()
    for number in range(30):
        student = placements.student(nm.secretary.hand, f"9{number:03}", f"研究生{number}")
        placements.guided(
            nm.secretary.hand,
            placements.planned(nm.secretary.hand, nm.recognition, student, YEAR),
            nm.mentor,
            nm.base_mentor,
        )
    assert asked() == one


# --- what stays say of a base ---------------------------------------------------------------------------------------


def test_a_base_has_had_students_in_a_year(nm):
    """Each student once, in every year of which they were there on some day."""

    def known(day: str) -> int | None:
        with clock.travel(f"{day}T12:00"):
            read = CATALOGUE["recognition.students_this_year"].read([fresh(nm.recognition)], clock.today())
            return read.get(nm.recognition.pk)

    assert known("2027-02-20") is None  # no stay at all: the portal does not know
    nm.prepared("2027-02-20")
    for period in (("2027-03-01", "2027-06-30"), ("2027-09-01", "2028-01-15")):
        placement = nm.planned(period)
        assert known(period[0]) == (0 if period[0] == "2027-03-01" else 1)  # planned is not there
        nm.guided(placement)
        with clock.travel(f"{period[0]}T09:00"):
            placements.entered(nm.secretary.hand, placement, period[0])
        assert known(period[0]) == 1
        with clock.travel(f"{period[1]}T17:00"):
            placements.left(nm.secretary.hand, placement, period[1])
    assert [known(day) for day in ("2027-12-31", "2028-01-01", "2028-12-01", "2029-01-01")] == [1, 1, 1, 0]
