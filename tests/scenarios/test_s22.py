"""S22: XCU's benchmark check, its triennial and term-end assessments, the bands to the hundredth, and what follows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from casework.models import Effect
from config.stories import evaluation as story
from core import clock, outbox
from core.door import chain
from core.models import TransitionLog
from evaluations.models import Evaluation
from evaluations.services import rounds
from tests.evaluations.world import World, another, build
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = pytest.mark.django_db

POINTS = {
    **dict.fromkeys(("a1", "a2", "a3"), 5),
    **dict.fromkeys(("b1", "b2", "b3"), 10),
    **dict.fromkeys(("c1", "c2", "c3"), 5),
    **dict.fromkeys(("d1", "d2", "d3", "d5", "d6", "e"), 5),
    "d4": 10,
}


def sheet(total: str) -> dict:
    """A sheet with this total: full marks, less what is missing, from the last group backwards."""
    left = Decimal(sum(POINTS.values())) - Decimal(total)
    marks = {}
    for key in reversed(POINTS):
        less = min(left, Decimal(POINTS[key]))
        marks[key], left = Decimal(POINTS[key]) - less, left - less
    return story.marked(marks)


@pytest.fixture
def world() -> World:
    """A base under XCU, its agreement from 2026-05-18 to 2031-05-17."""
    return build("xcu", "2026-05-18", "2031-05-17")


def scored(world: World, kind: str, on: str, *totals: str) -> Evaluation:
    """Opened, reported, marked by as many experts as there are totals; the grade is still to be confirmed."""
    evaluation = world.reported(world.opened(kind, on), on)
    return world.heard(evaluation, on, *(sheet(total) for total in totals))


def confirmed(world: World, evaluation: Evaluation, on: str) -> Evaluation:
    with clock.travel(f"{on}T15:00"):
        done(world.organiser.step(evaluation, "give_grade", {"opinion": "确认。"}))
    return fresh(evaluation)


@pytest.mark.both_databases
def test_the_benchmark_check_has_a_grade_and_no_effect(world):
    """Two experts, 86 and 82: 84.00, qualified; nothing follows (X-4)."""
    evaluation = scored(world, "benchmark", "2026-12-01", "86", "82")
    assert evaluation.suggested == "qualified"
    with clock.travel("2026-12-01T14:00"):
        page = text_of(world.organiser.page(evaluation))
        assert "84分" in page and "算术平均" in page
        step = evaluation.steps().get(key="give_grade").pk
        form = text_of(world.organiser.get(f"{evaluation.get_absolute_url()}do/act_on_step/", step=step))
        assert "按评分和办法得出：合格" in form and "达到60分而不足85分" in form
    evaluation = confirmed(world, evaluation, "2026-12-02")
    assert (evaluation.grade, evaluation.score, evaluation.passed) == ("qualified", Decimal("84.00"), True)
    assert not Effect.objects.filter(source_kind="evaluation").exists()
    assert world.base.state == "active"
    with clock.travel("2026-12-03T09:00"):
        page = text_of(world.reporter.page(evaluation))
        assert "86" not in page or "专家1" in page
        assert "第二十九条" in page
    assert list(chain.breaks()) == []


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("85", "excellent"),
        ("84.99", "qualified"),
        ("84.50", "qualified"),
        ("60", "qualified"),
        ("59.99", "unqualified"),
    ],
)
@pytest.mark.clause("XCU-29d")
def test_the_bands(world, total, grade):
    evaluation = confirmed(world, scored(world, "triennial", "2029-05-18", total), "2029-05-20")
    assert (evaluation.grade, evaluation.score) == (grade, Decimal(total))


WITH_EFFECT = [("triennial", "2029-05-18", "2029-05-20"), ("agreement_end", "2031-05-18", "2031-05-20")]


@pytest.mark.clause("XCU-29d", "XCU-29e")
@pytest.mark.both_databases
@pytest.mark.parametrize(("kind", "opens", "on"), WITH_EFFECT)
def test_excellent_comes_first_for_province_and_state(world, kind, opens, on):
    evaluation = confirmed(world, scored(world, kind, opens, "85"), on)
    assert (evaluation.grade, evaluation.passed) == ("excellent", True)
    flags = Effect.objects.filter(kind="priority", state="standing").order_by("code")
    assert [(flag.code, flag.clause, str(flag.from_on)) for flag in flags] == [
        ("national", "XCU-29e", on),
        ("provincial", "XCU-29e", on),
    ]
    assert world.base.state == "active"


@pytest.mark.clause("XCU-29d")
@pytest.mark.parametrize(("kind", "opens", "on"), [("benchmark", "2026-12-01", "2026-12-02"), *WITH_EFFECT])
def test_qualified_is_passed_and_nothing_follows(world, kind, opens, on):
    evaluation = confirmed(world, scored(world, kind, opens, "60"), on)
    assert (evaluation.grade, evaluation.passed) == ("qualified", True)
    assert not Effect.objects.filter(source_kind="evaluation").exists()


@pytest.mark.clause("XCU-29d")
@pytest.mark.parametrize(("total", "passed"), [("85", True), ("59.99", False)])
def test_the_benchmark_check_says_who_passed_and_has_no_effect(world, total, passed):
    evaluation = confirmed(world, scored(world, "benchmark", "2026-12-01", total), "2026-12-02")
    assert evaluation.passed is passed
    assert not Effect.objects.filter(source_kind="evaluation").exists()
    assert world.base.state == "active"


@pytest.mark.clause("XCU-29d", "XCU-29f")
@pytest.mark.both_databases
@pytest.mark.parametrize(("kind", "opens", "on"), WITH_EFFECT)
def test_unqualified_is_cancelled_at_once(world, kind, opens, on):
    evaluation = confirmed(world, scored(world, kind, opens, "59.99"), on)
    base = world.base
    assert evaluation.passed is False
    assert (base.state, base.end_code, str(base.ended_on)) == ("ended", "unqualified", on)
    with clock.travel(f"{on}T16:00"):
        page = text_of(world.organiser.page(base))
        assert "限期整改" not in page and "下达整改" not in page
        assert "取消联合培养基地资格" in text_of(world.reporter.page(evaluation))
    assert list(chain.breaks()) == []


def test_nobody_grades_before_the_sheets_are_in(world):
    """Without a sheet nothing can be computed, and nobody may choose a grade."""
    evaluation = world.reported(world.opened("benchmark", "2026-12-01"), "2026-12-01")
    with clock.travel("2026-12-01T15:00"), unchanged(evaluation):
        refused(world.organiser.step(evaluation, "experts", {"opinion": "同意"}), clause="XCU-A4.N")


def test_a_round_closes_with_all_results_in_one_act(world):
    """Closing fixes every result at once; the evaluations follow, each through the door."""
    evaluation = scored(world, "benchmark", "2026-12-01", "90")
    with clock.travel("2026-12-10T09:00"):
        done(world.organiser.do(evaluation.in_round, "close"))
        in_round = fresh(evaluation.in_round)
        assert in_round.state == "closed"
        assert in_round.results[str(evaluation.pk)]["code"] == "excellent"
        outbox.drain(100)
    evaluation = fresh(evaluation)
    assert (evaluation.state, evaluation.grade, evaluation.score) == ("confirmed", "excellent", Decimal("90.00"))
    assert TransitionLog.objects.filter(case_kind="evaluation", transition="settle_step").count() == 1


def test_the_results_follow_in_chunks_also_after_a_failure(world, monkeypatch):
    """Two bases, one evaluation a chunk; the task runs, dies, runs again: each result once."""
    other = another(world, 2, "2026-06-01")
    first = scored(world, "benchmark", "2026-12-01", "90")
    second = Evaluation.objects.get(recognition=other)
    second = world.heard(
        world.reported(second, "2026-12-01", agreement_signed_on="2026-06-01"), "2026-12-01", sheet("70")
    )
    monkeypatch.setattr(rounds, "CHUNK", 1)
    with clock.travel("2026-12-10T09:00"):
        done(world.organiser.do(first.in_round, "close"))
        assert rounds.settle_some(first.in_round_id) == 1
        assert [fresh(row).state for row in (first, second)] == ["confirmed", "deciding"]
        outbox.drain(100)
        outbox.drain(100)
    assert [(fresh(row).state, fresh(row).grade) for row in (first, second)] == [
        ("confirmed", "excellent"),
        ("confirmed", "qualified"),
    ]
    assert TransitionLog.objects.filter(case_kind="evaluation", transition="settle_step").count() == 2


def test_a_round_with_somebody_behind_does_not_close(world):
    evaluation = world.opened("benchmark", "2026-12-01")
    with clock.travel("2026-12-10T09:00"), unchanged(evaluation.in_round):
        refused(world.organiser.do(evaluation.in_round, "close"), "1个基地未到评定环节", clause="XCU-29a")
