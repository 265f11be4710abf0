"""S04 (3-5, 7): a base under CZMC fails, repairs, fails again, is barred for a year, and returns by renewed approval."""

from __future__ import annotations

import datetime as dt

import pytest

from bases.intake import intake
from casework.models import Effect
from config.stories import placements
from config.stories import rectification as story
from core import clock
from core.ledger import run_due
from evaluations.models import Rectification
from tests.evaluations import walking
from tests.scenarios.house import Person, done, fresh, main_of, refused, unchanged
from tests.tenants import factories
from tests.trainees import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def school():
    """Active since 2026-03-01, under an agreement to 2029-02-28, with all that a first student asks for."""
    with clock.travel("2026-03-01T09:00"):
        made = world.school("czmc")
        made.prepared("2026-03-01")
        placements.selected(made.office.hand, made.recognition, made.base_mentor.name, "2026-03-01")
    return made


def failed(school):
    """The evaluation of December 2026, failed on the 15th."""
    people = [school.office, school.secretary, school.contact]
    with clock.travel("2026-12-01T09:00"):
        evaluation = walking.opened(school.recognition, "annual")
        walking.reported(evaluation, people)
    with clock.travel("2026-12-15T09:00"):
        return walking.graded(evaluation, people, "fail")


def planned(school, first: str, last: str, number: str, on: str):
    """A stay planned on a day, with mentors and cover."""
    with clock.travel(f"{on}T09:00"):
        who = placements.student(school.secretary.hand, number, f"研究生{number}")
        stay = placements.planned(school.secretary.hand, school.recognition, who, (first, last))
        school.guided(stay)
        placements.insured(school.secretary.hand, stay, first, last)
    return stay


def enters(school, stay, on: str):
    """The answer to the entry on a day."""
    with clock.travel(f"{on}T09:00"):
        return school.secretary.do(stay, "start", {"entered_on": on})


@pytest.mark.clause("CZMC-6.3.4a")
def test_who_fails_repairs_until_the_day_that_the_office_sets(school):
    evaluation = failed(school)
    assert evaluation.passed is False
    case = story.running(school.recognition)
    assert (case.state, case.evaluation, case.due_on) == ("planned", evaluation, None)
    assert case.starts_on == dt.date(2026, 12, 15)  # at once, not from the next year on
    with clock.travel("2026-12-16T09:00"):
        assert "去下达" in main_of(school.office.get("/"))
        order = {"problems": story.PROBLEMS}
        with unchanged(case):
            refused(school.office.do(case, "order", order), "整改期限", clause="CZMC-6.3.4a")
        with unchanged(case):  # before the next December
            refused(school.office.do(case, "order", {**order, "due_on": "2027-12-01"}), "2027-12-01")
        done(school.office.do(case, "order", {**order, "due_on": "2027-04-30"}))
    case = fresh(case)
    assert (case.state, case.due_on) == ("draft", dt.date(2027, 4, 30))
    with clock.travel("2027-04-10T09:00"):
        story.repaired(school.secretary.hand, case, "2027-04-20")
        story.reported(school.secretary.hand, case)
        with unchanged(case):
            refused(school.secretary.step(case, "recheck", {"opinion": "已整改。"}), status=403)
    with clock.travel("2027-04-25T09:00"):
        story.closed(school.office.hand, case)
        done(school.office.step(case, "recheck", {"opinion": "均已整改到位。"}))
    assert fresh(case).state == "passed"
    assert intake(fresh(school.recognition), dt.date(2028, 3, 1)).open


@pytest.mark.clause("CZMC-6.3.4b")
def test_who_fails_again_is_no_base_in_the_next_year(school):
    failed(school)
    with clock.travel("2026-12-16T09:00"):
        case = story.ordered(school.office.hand, school.recognition, "2027-04-30")
    kept = planned(school, "2027-03-01", "2028-02-29", "20270001", "2027-02-20")
    done(enters(school, kept, "2027-03-01"))
    later = planned(school, "2028-03-01", "2028-06-30", "20280001", "2027-03-10")
    with clock.travel("2027-05-01T09:00"):
        run_due(clock.today())
        assert "整改期限2027-04-30已过" in main_of(school.secretary.page(case))
    with clock.travel("2027-05-20T09:00"):
        done(school.office.do(case, "recheck_unreported", {"reason": "期满未提交整改报告。"}))
        done(school.office.step(case, "recheck", {"opinion": "问题仍然存在，复核不合格。"}, outcome="negative"))
    assert fresh(case).state == "failed"
    bar = Effect.about(school.recognition).get(kind="suspension")
    assert (bar.from_on, bar.until_on, bar.clause) == (dt.date(2028, 1, 1), dt.date(2028, 12, 31), "CZMC-6.3.4b")

    # The rest of 2027 stays open with a warning; 2028 is closed, whoever is there stays.
    now = intake(fresh(school.recognition), dt.date(2027, 6, 1))
    assert now.open and any("2028-01-01" in warning.message for warning in now.warnings)
    last = planned(school, "2027-12-31", "2028-01-31", "20270002", "2027-12-01")
    done(enters(school, last, "2027-12-31"))
    refused(enters(school, later, "2028-03-01"), "下年度不得作为研究生的培养基地", clause="CZMC-6.3.4b")
    assert fresh(later).state == "planned"
    assert fresh(kept).state == "active"
    with clock.travel("2028-01-10T09:00"):
        assert "下年度不得作为研究生的培养基地" in main_of(school.secretary.page(kept))

    # It returns by renewed approval only.
    again = {"reason": "整改到位，同意恢复。"}
    assert not intake(fresh(school.recognition), dt.date(2029, 1, 2)).open
    with clock.travel("2028-12-31T09:00"), unchanged(school.recognition):
        refused(school.office.do(school.recognition, "approve_again", again), "2028-12-31")
    with clock.travel("2029-01-03T09:00"):
        done(school.office.do(school.recognition, "approve_again", again))
    returned = planned(school, "2029-01-10", "2029-02-20", "20290001", "2029-01-05")
    done(enters(school, returned, "2029-01-10"))


def test_the_text_names_no_period_and_the_organiser_alone_orders(school):
    failed(school)
    case = story.running(school.recognition)
    dean = Person(factories.member(school.college, "dean", factories.user("沈知微")))
    with clock.travel("2026-12-16T09:00"):
        for person in (school.secretary, school.contact, dean):
            with unchanged(case):
                refused(person.do(case, "order", {"due_on": "2027-04-30", "problems": story.PROBLEMS}), status=403)
    assert Rectification.objects.count() == 1
