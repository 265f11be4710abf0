"""Rounds begun, opened and added to by hand; evaluations given back, cancelled."""

from __future__ import annotations

import pytest

from config.stories import evaluation as story
from core import clock
from evaluations.models import Evaluation, Round
from tests.evaluations.world import another, build, run
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = pytest.mark.django_db
NEW = "/evaluations/rounds/new/"


@pytest.fixture
def world():
    return build("xcu", "2026-05-18", "2031-05-17")


def begun(world, kind: str = "triennial", year: int = 2027) -> Round:
    code = f"{world.school.version.pk}.{kind}"
    done(world.organiser.client.post(NEW, {"f-kind": code, "f-year": year, "f-note": "提前考核"}))
    return Round.objects.latest("pk")


def test_a_round_by_hand(world):
    other = another(world, 2, "2026-06-01")
    with clock.travel("2027-03-01T09:00"):
        assert world.reporter.get(NEW).status_code == 403
        assert "三年考核" in text_of(world.organiser.get(NEW))
        in_round = begun(world)
        assert (in_round.state, in_round.title, in_round.organiser) == (
            "planned",
            "2027年三年考核",
            world.school.university,
        )
        assert world.reporter.page(in_round).status_code == 404
        answer = world.organiser.client.post(
            NEW, {"f-kind": f"{world.school.version.pk}.triennial", "f-year": 2027, "f-note": ""}
        )
        assert answer.status_code == 422 and "不能重复建立" in text_of(answer)
        assert world.reporter.do(in_round, "open", {}).status_code == 404
        with unchanged(in_round):
            refused(world.organiser.do(in_round, "open", {"report_due": "2027-03-01"}), "应晚于今天")
        done(world.organiser.do(in_round, "open", {"report_due": "2027-03-31"}))
        rows = Evaluation.objects.filter(in_round=in_round)
        assert {row.recognition_id for row in rows} == {world.base.pk, other.pk}
        assert {str(row.report_due) for row in rows} == {"2027-03-31"}
        assert "2027年三年考核" in text_of(world.reporter.page(in_round))
        late = another(world, 3, "2027-02-01")
        done(world.organiser.do(in_round, "add_base", {"recognition": late.pk, "reason": "漏列"}))
        assert Evaluation.objects.filter(in_round=in_round, recognition=late).count() == 1
        with unchanged(in_round):
            refused(world.organiser.do(in_round, "add_base", {"recognition": late.pk, "reason": "再来"}), "基地")


def test_the_calendar_opens_no_year_again_that_was_opened_by_hand(world):
    with clock.travel("2027-03-01T09:00"):
        in_round = begun(world, "benchmark", 2027)
        done(world.organiser.do(in_round, "open"))
        again = begun(world, "benchmark", 2026)
        done(world.organiser.do(again, "open"))
    run("2027-12-01")
    assert sorted(Evaluation.objects.filter(kind="benchmark").values_list("period", flat=True)) == ["2026", "2027"]


def test_given_back_and_handed_in_again(world):
    evaluation = world.opened("benchmark", "2026-12-01")
    with clock.travel("2026-12-02T09:00"):
        story.reported(world.reporter.hand, evaluation, "construction_report", story.xcu_report())
        given = {"opinion": "请补充课程佐证。", "correction_due": "2026-12-20"}
        done(world.checker.step(evaluation, world.check, given, outcome="return"))
        evaluation = fresh(evaluation)
        assert (evaluation.state, evaluation.round) == ("draft", 2)
        home = text_of(world.reporter.get("/"))
        assert "补正自评" in home
        assert "请补充课程佐证" in text_of(world.reporter.page(evaluation))
    for day in ("2026-12-10", "2026-12-17", "2026-12-18"):
        run(day)
    assert fresh(evaluation).absent_since is None  # it has reported: a return is no absence
    with clock.travel("2026-12-19T09:00"):
        done(world.reporter.do(evaluation, "submit"))
        assert "补正自评" not in text_of(world.reporter.get("/"))
    assert fresh(evaluation).state == "checking"


def test_cancelled(world):
    evaluation = world.opened("benchmark", "2026-12-01")
    with clock.travel("2026-12-02T09:00"):
        with unchanged(evaluation):
            refused(world.organiser.do(evaluation, "cancel", {"reason": ""}), "理由")
        assert world.reporter.do(evaluation, "cancel", {"reason": "不想参加"}).status_code == 403
        done(world.organiser.do(evaluation, "cancel", {"reason": "基地整体搬迁，本年度不考核。"}))
        assert "基地整体搬迁" in text_of(world.reporter.page(evaluation))
        assert "去自评" not in text_of(world.reporter.get("/"))
        done(world.organiser.do(evaluation.in_round, "close"))
    run("2026-12-03")
    assert Evaluation.objects.count() == 1
