"""S08: a base under NM fails, has two years, fails the re-evaluation, and is revoked by the department's decision."""

from __future__ import annotations

import datetime as dt

import pytest

from bases.intake import intake
from bases.models import Recognition
from casework.models import Effect
from config.stories import placements
from config.stories import rectification as story
from core import clock
from core.ledger import run_due
from core.models import InboxMessage
from evaluations.models import Evaluation, Rectification
from tests.evaluations import walking
from tests.scenarios.house import Person, done, fresh, main_of, refused, unchanged
from tests.tenants import factories
from tests.trainees import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    """A base whose construction ran 2027-09-10 to 2030-09-09, its agreement to 2037, and the department's officer."""
    with clock.travel("2027-09-10T09:00"):
        made = world.school("nm", level="provincial", term=("2027-09-10", "2037-09-09"), base="作物试验站基地")
        Recognition.objects.filter(pk=made.recognition.pk).update(ends_on=dt.date(2030, 9, 9))
        made.officer = Person(factories.member(made.department, "officer", factories.user("邵怀瑾")))
        made.prepared("2027-09-10")
    made.recognition = fresh(made.recognition)
    return made


def people(region) -> list[Person]:
    return [region.officer, region.office, region.secretary, region.contact]


def failed(region) -> Evaluation:
    """The first evaluation, unqualified on 2030-10-15."""
    with clock.travel("2030-09-10T09:00"):
        evaluation = walking.opened(region.recognition, "effectiveness")
        walking.reported(evaluation, people(region))
    with clock.travel("2030-10-15T09:00"):
        return walking.graded(evaluation, people(region), "unqualified")


def criticised(region) -> Rectification:
    """The criticism published on 2030-11-01, and with it the two years."""
    failed(region)
    criticism = Effect.about(region.recognition).get(kind="criticism", state="proposed")
    repair = Effect.about(region.recognition).get(kind="rectification", state="proposed")
    assert not Rectification.objects.exists()
    with clock.travel("2030-11-02T09:00"):
        answers = {"together": [str(repair.pk)], "published_on": "2030-11-01", "number": "岚教研函〔2030〕21号"}
        done(region.officer.do(region.recognition, "confirm_effect", answers, step=criticism.pk))
    return story.running(region.recognition)


def reevaluated(region, case: Rectification) -> Evaluation:
    """Opened by the job on 2032-11-01, reported."""
    with clock.travel("2032-11-01T09:00"):
        run_due(clock.today())
        evaluation = walking.opened(region.recognition, "reevaluation")
        walking.reported(evaluation, people(region))
    return evaluation


@pytest.mark.clause("NM-19a")
def test_two_years_from_the_publication_and_nobody_moves_them(region):
    case = criticised(region)
    assert (case.starts_on, case.due_on) == (dt.date(2030, 11, 1), dt.date(2032, 10, 31))
    with clock.travel("2030-11-05T09:00"):
        case = story.ordered(region.officer.hand, region.recognition)
        assert case.due_on == dt.date(2032, 10, 31)
        for day in ("2032-11-01", "2032-10-30"):
            with unchanged(case):
                answers = {"due_on": day, "reason": "工期顺延"}
                refused(region.officer.do(case, "move_due", answers), "2032-10-31", "不能变更", clause="NM-19a")
        assert "变更整改期限" not in main_of(region.officer.page(case))
    assert fresh(case).due_on == dt.date(2032, 10, 31)


@pytest.mark.clause("NM-19b")
def test_the_reevaluation_opens_once_when_the_two_years_are_over(region):
    case = criticised(region)
    with clock.travel("2032-10-31T09:00"):
        run_due(clock.today())
        assert not Evaluation.objects.filter(kind="reevaluation").exists()
    with clock.travel("2032-11-01T09:00"):
        run_due(clock.today())
        run_due(clock.today())
        evaluation = Evaluation.objects.get(kind="reevaluation")
        assert fresh(case).state == "rechecking"
        for person in (region.officer, region.office):
            told = InboxMessage.objects.filter(user=person.membership.user)
            assert told.filter(case_id=case.pk, title__startswith="整改期满").count() == 1
        assert evaluation.title in main_of(region.officer.page(case))


@pytest.mark.clause("NM-19c")
def test_who_fails_the_reevaluation_is_revoked_by_the_departments_decision(region):
    case = criticised(region)
    with clock.travel("2030-11-05T09:00"):
        story.ordered(region.officer.hand, region.recognition)
    warned = intake(fresh(region.recognition), dt.date(2031, 5, 1))
    assert warned.open and any("整改" in finding.message for finding in warned.warnings)
    kept = entered(region, "2031-05-01", "2033-04-30", "20310001")
    with clock.travel("2031-05-02T09:00"):
        assert "整改" in main_of(region.secretary.page(kept))

    evaluation = reevaluated(region, case)
    with clock.travel("2032-11-25T09:00"):
        walking.graded(evaluation, people(region), "unqualified")
        assert (fresh(case).state, fresh(region.recognition).state) == ("failed", "active")
        run_due(clock.today())
        assert fresh(region.recognition).state == "active"  # the job alone revokes nobody
        proposed = Effect.about(region.recognition).get(kind="revocation")
        assert (proposed.state, proposed.reason) == ("proposed", "reevaluation_failed")
        with unchanged(region.recognition):
            refused(region.office.do(region.recognition, "confirm_effect", {}, step=proposed.pk), status=403)
    with clock.travel("2032-12-01T09:00"):
        done(region.officer.do(region.recognition, "confirm_effect", {"reason": "同意撤销。"}, step=proposed.pk))
    ended = fresh(region.recognition)
    assert (ended.state, ended.end_code, ended.end_clause) == ("ended", "reevaluation_failed", "NM-19c")
    assert not intake(ended, dt.date(2032, 12, 1)).open
    assert fresh(kept).state == "active"
    with clock.travel("2032-12-02T09:00"):
        for thing in (case, evaluation, ended):
            assert region.secretary.page(fresh(thing)).status_code == 200


def test_who_passes_the_reevaluation_goes_on(region):
    """Repaired and reported before the two years are over: it waits for the re-evaluation, whose grade decides."""
    case = criticised(region)
    with clock.travel("2030-11-05T09:00"):
        case = story.ordered(region.officer.hand, region.recognition)
    with clock.travel("2032-09-01T09:00"):
        story.repaired(region.secretary.hand, case, "2032-08-31")
        with unchanged(case):
            refused(region.secretary.do(case, "submit", {"summary": "已整改。"}), status=403)
        story.reported(region.office.hand, case)
        story.closed(region.officer.hand, case)
        assert (fresh(case).state, case.open_problems()) == ("rechecking", [])
    evaluation = reevaluated(region, case)
    with clock.travel("2032-11-25T09:00"):
        assert fresh(case).state == "rechecking"
        walking.graded(evaluation, people(region), "qualified")
    assert fresh(case).state == "passed"
    assert not Effect.about(region.recognition).filter(kind="revocation").exists()
    assert not any("整改" in finding.message for finding in intake(region.recognition, dt.date(2032, 11, 26)).warnings)


def entered(region, first: str, last: str, number: str):
    """A student at the base from the first day of a stay on."""
    with clock.travel(f"{first}T09:00"):
        hand = region.secretary.hand
        stay = placements.planned(
            hand, region.recognition, placements.student(hand, number, f"研究生{number}"), (first, last)
        )
        region.guided(stay)
        placements.insured(hand, stay, first, last)
        placements.entered(hand, stay, first)
    return fresh(stay)
