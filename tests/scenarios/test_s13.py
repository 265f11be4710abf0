"""S13: nobody renews the agreement of a base under LCU: it ends, and the base with it. Every act a request, the nights the
job's."""

from __future__ import annotations

import pytest

from applications.models import Application
from applications.services.starting import plan_call
from bases.models import Agreement
from config.stories import agreements, placements
from config.stories import answers_lcu as said
from core import clock, ledger
from core.door import chain
from core.models import Paper, TransitionLog
from tests.scenarios import house, house_lcu
from tests.scenarios.house import done, fresh, main_of, refused, text_of
from trainees.models import Placement

pytestmark = pytest.mark.django_db
HOUSE = house_lcu  # whose `school` and `call` are meant (conftest)


@pytest.fixture
def base(school):
    """In force under an agreement from 2026-09-01 to 2029-08-31."""
    return house_lcu.active(school)


@pytest.fixture
def expired(school, base):
    """The same on 2029-09-01: nobody has renewed, the night's job has run."""
    night("2029-09-01")
    return fresh(base)


def night(day: str) -> None:
    """The job of one night."""
    with clock.travel(f"{day}T00:20"):
        ledger.run_due(clock.today())


def lines() -> int:
    return TransitionLog.objects.count()


@pytest.mark.clause("LCU-5c")
def test_the_office_is_reminded_ninety_days_before(school, base):
    """Step 1: on 2029-06-02 and not a day before."""
    for day, told in (("2029-06-01", False), ("2029-06-02", True)):
        night(day)
        with clock.travel(f"{day}T09:00"):
            assert ("协议到期" in main_of(school.office.get("/inbox/"))) is told, day


@pytest.mark.clause("LCU-5d")
def test_the_base_ends_the_day_after_the_agreement(school, base):
    """Steps 2 and 3: in force to its last day; ended by the job of 2029-09-01 with the reason; a second run changes nothing."""
    night("2029-08-31")
    with clock.travel("2029-08-31T23:00"):
        assert fresh(base).state == "active" and "已终止" not in main_of(school.contact.page(base))
    night("2029-09-01")
    agreement, ended = Agreement.objects.get(), fresh(base)
    assert (agreement.state, agreement.end_code, str(agreement.ended_on)) == ("ended", "expired", "2029-08-31")
    assert (ended.state, ended.end_code, str(ended.ended_on)) == ("ended", "not_renewed", "2029-09-01")
    before = lines()
    night("2029-09-01")
    night("2029-09-02")
    assert lines() == before and list(chain.breaks()) == []
    with clock.travel("2029-09-02T09:00"):
        for person in (school.office, school.secretary, school.contact):
            assert "协议期满未续签" in text_of(person.page(base))
            assert "协议已终止" in main_of(person.get("/inbox/"))
        gone = main_of(school.office.get("/bases/movements/?way=out&year=2029"))
        assert house_lcu.NAME in gone and "2029-09-01" in gone and "协议期满未续签" in gone


@pytest.mark.clause("LCU-5d")
def test_nobody_is_sent_to_a_base_that_has_ended(school, expired):
    """Step 4: a stay from 2029-09-15 is refused, with the day and the clause."""
    with clock.travel("2029-09-05T09:00"):
        student = placements.student(school.secretary.hand, "90001", "米雪")
        period = {"f-periods-0-period-from": "2029-09-15", "f-periods-0-period-to": "2030-03-15"}
        wish = {"f-base": expired.pk, "f-number": student.number, **period}
        answer = school.secretary.client.post("/placements/new/", wish)
        refused(answer, "基地已于2029-09-01终止（协议期满未续签）", clause="LCU-5d")
    assert not Placement.objects.exists()


@pytest.mark.clause("LCU-5d")
def test_a_renewal_that_comes_late_is_refused_and_a_new_application_is_not(school, expired):
    """Step 5: the renewal of 2029-09-02 needs a new application; the three years of a revocation do not hold it up."""
    with clock.travel("2029-09-02T09:00"):
        answer = school.secretary.client.post(f"/bases/{expired.pk}/agreement/", {"type": "renewal"})
        refused(answer, "该基地已于2029-09-01终止（协议期满未续签）", "请在新的批次中重新申报", clause="LCU-5d")
        assert Agreement.objects.count() == 1
        call = plan_call(
            school.office.membership,
            version=school.version,
            title="2029年校级联培基地立项",
            year=2029,
            opens_at=clock.aware("2029-09-01T00:00"),
            closes_at=clock.aware("2029-10-31T17:00"),
        )
        done(school.office.do(call, "open"))
    again = house_lcu.submitted(school, fresh(call), "2029-09-10T09:00")
    assert again.state == "reviewing" and again.partner == expired.partner
    assert Application.objects.count() == 2


@pytest.mark.clause("LCU-5d")
def test_a_renewal_on_its_way_ends_with_the_base(school, base):
    """Begun in time and not signed in time: nobody signs it any more, its final text is void, its drafter is told."""
    with clock.travel("2029-08-20T09:00"):
        hand = school.secretary
        done(hand.client.post(f"/bases/{base.pk}/agreement/", {"type": "renewal"}))
        renewal = Agreement.objects.get(type="renewal")
        done(hand.fill(renewal, "agreement", said.agreement("2029-09-01", "2032-08-31")))
        done(hand.do(renewal, "submit"))
        agreements.confirmed(school.office.hand, school.contact.hand, renewal)
    assert fresh(renewal).state == "sealing"
    night("2029-09-01")
    renewal = fresh(renewal)
    assert (renewal.state, renewal.end_code, str(renewal.ended_on)) == ("ended", "with_base", "2029-09-01")
    assert not Paper.about(renewal).filter(voided_at=None).exists()
    with clock.travel("2029-09-02T09:00"):
        assert "协议不再签订" in main_of(school.secretary.get("/inbox/"))
        page = text_of(school.secretary.page(renewal))
        assert "未签订，随基地终止" in page and "基地已于2029-09-01终止" in page
        answer = school.office.do(renewal, "record_signature", house.signature("2029-09-01"))
        assert answer.status_code in (403, 409)
    assert fresh(renewal).signed_on is None and list(chain.breaks()) == []
