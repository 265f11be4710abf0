"""A revised agreement takes the place of the one before without a gap and without a day on which both hold."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock, ledger
from core.models import TransitionLog
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of
from tests.scenarios.test_s07 import recognised, sign_revision

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def recognition(region):
    with clock.travel("2027-03-01T09:00"):
        call = house.open_nm_call(region)
    return recognised(region, call)


def test_a_revision_in_force_today_ends_the_text_before_yesterday(region, recognition):
    before = sign_revision(region, recognition).previous
    assert (before.state, before.ended_on) == ("ended", dt.date(2027, 10, 7))


def test_one_in_force_later_lets_it_run_to_the_eve(region, recognition):
    revised = sign_revision(region, recognition, effective="2027-11-01")
    before = revised.previous
    assert (before.state, before.ended_on) == ("signed", None)
    with clock.travel("2027-10-31T23:00"):
        ledger.run_due(clock.today())
        assert fresh(before).state == "signed"
    with clock.travel("2027-11-03T09:00"):  # the job did not run for two days
        assert "本协议执行至2027-10-31，次日起由新协议替代" in main_of(region.office.page(before))
        for _run in range(2):
            ledger.run_due(clock.today())
    before = fresh(before)
    assert (before.state, before.ended_on) == ("ended", dt.date(2027, 10, 31))
    assert before.end_reason == f"由{revised.number}替代"
    line = TransitionLog.objects.get(case_kind="agreement", case_id=before.pk, transition="terminate")
    assert (line.role, line.on) == ("system", dt.date(2027, 11, 1))


def test_a_revision_that_ends_before_it_begins_replaces_nothing(region, recognition):
    revised = sign_revision(region, recognition, effective="2027-11-01")
    with clock.travel("2027-10-20T09:00"):
        done(region.office.do(revised, "terminate", house.termination("2027-10-20", "双方商定不再修订。")))
    with clock.travel("2027-11-03T09:00"):
        ledger.run_due(clock.today())
        assert fresh(revised.previous).state == "signed"
