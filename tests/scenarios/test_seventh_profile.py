"""An invented regulation in YAML alone (seventh/profile.yaml): from the opening of a round to what its grades lead to."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from bases.intake import intake
from casework.models import Effect
from config.stories import evaluation as story
from config.stories import placements
from core import clock, ledger
from core.door import Refused
from evaluations.models import Evaluation
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, refused, text_of
from tests.tenants import factories
from tests.trainees import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PROFILE = str(Path(__file__).with_name("seventh"))
FULL = {"places": 30, "funds": 30, "mentors": 50, "papers": 30}


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        made = world.school(PROFILE)
        made.experts = [house.expert(made.university, name) for name in ("钟离靖", "端木澄")]
        made.vice_president = Person(factories.member(made.university, "vice_president", factories.user("阎慕白")))
    return made


def marked(school, *sheets: dict, students: int = 10, awards: int = 4, accidents: int = 0) -> Evaluation:
    """Opened on 10 June, reported, marked by two experts, the grade confirmed."""
    with clock.travel("2026-06-09T08:00"):
        ledger.run_due(clock.today())
        assert not Evaluation.objects.exists()
    with clock.travel("2026-06-10T08:00"):
        evaluation = story.opened(school.recognition, "quality")
        assert "2026年质量考核" in text_of(school.secretary.get("/inbox/"))
    with clock.travel("2026-06-20T09:00"):
        figures = {"students": str(students), "awards": str(awards), "accidents": str(accidents)}
        story.reported(school.secretary.hand, evaluation, "quality_report", figures)
        school.office.hand.step(evaluation, "check", {"opinion": "属实。"})
        for expert, sheet in zip(school.experts, sheets, strict=True):
            story.assigned(school.office.hand, evaluation, expert.hand)
            story.heard(expert.hand, evaluation, {**story.marked(sheet), "text": "见评分。"})
        school.office.hand.step(evaluation, "experts", {"opinion": "同意。"})
    with clock.travel("2026-06-30T09:00"):
        done(school.office.step(evaluation, "give_grade", {"opinion": "确认。"}))
    return fresh(evaluation)


def sheet(less: str) -> dict:
    """Full marks less so many points."""
    left, marks = Decimal(less), {}
    for key, points in FULL.items():
        taken = min(left, Decimal(points))
        marks[key], left = Decimal(points) - taken, left - taken
    return marks


@pytest.mark.parametrize(
    ("less", "grade", "score"),
    [
        (("0", "0"), "a", "200.0"),
        (("20", "20"), "a", "180.0"),
        (("20", "20.1"), "a", "180.0"),  # 179.95, rounded before it meets the bands
        (("20", "20.2"), "b", "179.9"),
        (("60", "60"), "c", "140.0"),
        (("60", "60.2"), "d", "139.9"),
        (("80", "80"), "d", "120.0"),
    ],
)
def test_five_grades_of_two_hundred_points(school, less, grade, score):
    """60 of the 200 points are computed from the report: ten students, four awards."""
    evaluation = marked(school, *(sheet(points) for points in less))
    assert (evaluation.grade, evaluation.score) == (grade, Decimal(score))
    with clock.travel("2026-07-01T09:00"):
        assert "算术平均" in text_of(school.secretary.page(evaluation))


def test_a_veto_lowers_and_probation_limits(school):
    """An accident makes of 200 points a probation: one student at a time for a year; whoever is there already stays."""
    evaluation = marked(school, FULL, FULL, accidents=1)
    assert (evaluation.grade, evaluation.score) == ("d", Decimal("200.0"))
    with clock.travel("2026-07-01T09:00"):
        assert "发生安全责任事故" in text_of(school.office.page(evaluation))
        proposed = Effect.about(school.recognition).get(kind="intake_limit")
        assert proposed.state == "proposed"
        done(school.office.do(school.recognition, "confirm_effect", {}, step=proposed.pk))
    assert intake(fresh(school.recognition), dt.date(2027, 6, 30)).limit == 1
    assert intake(fresh(school.recognition), dt.date(2027, 7, 1)).limit is None
    with clock.travel("2026-09-01T09:00"):
        days = ("2026-09-01", "2026-12-31")
        first, second = (
            placements.student(school.secretary.hand, f"2026010{number}", f"研究生{number}") for number in (1, 2)
        )
        stay = placements.planned(school.secretary.hand, school.recognition, first, days)
        school.guided(stay)
        placements.insured(school.secretary.hand, stay, *days)
        placements.entered(school.secretary.hand, stay, "2026-09-01")
        with pytest.raises(Refused, match="最多接收1名研究生"):
            placements.planned(school.secretary.hand, school.recognition, second, days)
    assert fresh(stay).state == "active"


def test_below_the_last_band_the_base_is_revoked_by_whom_the_text_names(school):
    nothing = dict.fromkeys(FULL, 0)
    evaluation = marked(school, nothing, nothing, students=0, awards=0)
    assert (evaluation.grade, evaluation.score) == ("e", Decimal("0.0"))
    proposed = Effect.about(school.recognition).get(kind="revocation")
    with clock.travel("2026-07-02T09:00"):
        refused(school.office.do(school.recognition, "confirm_effect", {}, step=proposed.pk), status=403)
        done(school.vice_president.do(school.recognition, "confirm_effect", {"reason": "同意撤销。"}, step=proposed.pk))
    assert (fresh(school.recognition).state, fresh(school.recognition).end_code) == ("ended", "unqualified")
