"""What comes into the ledger by itself: steps that wait for long, opinions that are missing."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.models import Step
from config.stories import panels
from core import clock, ledger
from core.models import InboxMessage, LedgerEntry
from tenants.models import Membership, ReminderDays
from tests.scenarios import house
from tests.scenarios.house import done
from tests.tenants import factories

pytestmark = pytest.mark.django_db

D = dt.date.fromisoformat


@pytest.fixture
def case():
    """An application that lies with the university's office since 1 March, under NM: no text gives a last day."""
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        application = house.nm_draft(region, call)
        done(region.secretary.do(application, "submit"))
    application.region = region
    return application


def waiting(day: str) -> list[str]:
    with clock.travel(f"{day}T09:00"):
        ledger.run_due(clock.today())
    return list(LedgerEntry.objects.filter(kind="step_waiting").values_list("key", flat=True))


def test_a_step_that_waits_is_reminded_of_once_and_nobody_is_late(case):
    step = Step.objects.get(case_id=case.pk, state="open")
    factories.member(case.region.university, "vice_president")
    assert waiting("2027-03-15") == []
    assert waiting("2027-03-16") == [f"step:{step.pk}"] == waiting("2027-03-20")
    told = InboxMessage.objects.filter(title__contains="已停留15天")
    office = Membership.objects.filter(organisation=case.region.university, role="graduate_office")
    assert sorted(row.membership_id for row in told) == sorted(office.values_list("pk", flat=True))
    with clock.travel("2027-03-21T09:00"):
        done(case.region.office.step(case, "six_aspects", house.SIX_ASPECTS))
        assert LedgerEntry.objects.get(key=f"step:{step.pk}").done_at
    assert not told.filter(read_at=None).exists()


def test_the_unit_says_how_long_is_long(case):
    ReminderDays.objects.create(
        organisation=case.region.university, kind="step_waiting", days=[5], from_on=D("2027-03-01"), by="甲"
    )
    assert waiting("2027-03-05") == [] and len(waiting("2027-03-06")) == 1


def test_an_opinion_that_is_missing_is_the_experts_and_then_the_leaders():
    """Reminded of two days before, told to the organiser's leader the day after, settled by the opinion; on nobody's
    register but the expert's own."""
    with clock.travel("2026-04-01T09:00"):
        school = house.xcu_school()
        application = house.xcu_submitted(school, house.open_xcu_call(school))
    application = house.xcu_opinions(school, application, on="2026-04-01T10:00")
    with clock.travel("2026-04-01T11:00"):
        reviewer = house.expert(school.university, "评审人")
        leader = factories.member(school.university, "vice_president")
        panels.assigned(school.office.hand, application, reviewer.hand, "2026-04-20")
    row = LedgerEntry.objects.get(kind="opinion")
    for day, told in (("2026-04-17", []), ("2026-04-18", [reviewer.membership.pk])):
        with clock.travel(f"{day}T09:00"):
            ledger.run_due(clock.today())
        assert (
            list(
                InboxMessage.objects.filter(title__startswith="【到期提醒】评审意见").values_list(
                    "membership_id", flat=True
                )
            )
            == told
        )
    with clock.travel("2026-04-19T09:00"):
        assert "评审意见：" in house.text_of(reviewer.get("/due/"))
        assert "评审意见：" not in house.text_of(school.office.get("/due/"))
    with clock.travel("2026-04-21T09:00"):
        ledger.run_due(clock.today())
    assert InboxMessage.objects.filter(title__startswith="【逾期】评审意见", membership_id=leader.pk).count() == 1
    row.refresh_from_db()
    assert row.done_at is None
