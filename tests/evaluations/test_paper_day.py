"""A grade stands on the day of its paper, which may be earlier than the day on which somebody enters it."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock, outbox
from core.models import TransitionLog
from tests.evaluations.world import build
from tests.scenarios.house import done, fresh, main_of, refused, unchanged
from tests.scenarios.test_s22 import scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build("xcu", "2026-05-18", "2031-05-17")


def test_a_grade_is_dated_by_its_paper_and_so_is_what_follows(world):
    """Entered on 5 June; the paper says 1 June. Neither a day to come nor one before the experts were done."""
    evaluation = scored(world, "triennial", "2029-05-18", "59.99")
    with clock.travel("2029-06-05T09:00"):
        for day, words in (("2029-06-06", "晚于今天"), ("2029-05-17", "早于")):
            with unchanged(evaluation):
                refused(world.organiser.step(evaluation, "give_grade", {"decided_on": day}), words, clause="XCU-29b")
        done(world.organiser.step(evaluation, "give_grade", {"decided_on": "2029-06-01"}))
        assert fresh(evaluation).confirmed_on == dt.date(2029, 6, 1)
        assert (world.base.state, world.base.ended_on) == ("ended", dt.date(2029, 6, 1))
        line = TransitionLog.objects.get(case_kind="evaluation", case_id=evaluation.pk, to_state="confirmed")
        assert (line.on, line.at.date().isoformat()) == (dt.date(2029, 6, 1), "2029-06-05")
        assert "确认日期" in main_of(world.organiser.page(evaluation))


def test_without_a_paper_it_is_today(world):
    evaluation = scored(world, "benchmark", "2026-12-01", "90")
    with clock.travel("2026-12-09T09:00"):
        done(world.organiser.step(evaluation, "give_grade", {}))
    assert fresh(evaluation).confirmed_on == dt.date(2026, 12, 9)


def test_a_closing_round_dates_all_its_results_by_one_paper(world):
    evaluation = scored(world, "benchmark", "2026-12-01", "90")
    in_round = evaluation.in_round
    with clock.travel("2026-12-10T09:00"):
        for day, words in (("2026-12-11", "晚于今天"), ("2026-11-30", "早于")):
            with unchanged(in_round):
                refused(world.organiser.do(in_round, "close", {"decided_on": day}), words)
        done(world.organiser.do(in_round, "close", {"decided_on": "2026-12-05"}))
        outbox.drain(100)
    assert fresh(in_round).closed_on == fresh(evaluation).confirmed_on == dt.date(2026, 12, 5)
