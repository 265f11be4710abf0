"""S01, steps 7 and 8: the first December of a base under CZMC, every act a request."""

from __future__ import annotations

import datetime as dt

import pytest

from config.stories import evaluation as story
from core import clock, ledger
from core.door import chain
from core.models import TransitionLog
from evaluations.models import Evaluation, Round
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUSE = house_czmc  # whose `school` and `call` are meant (conftest)


@pytest.fixture
def base(school):
    return house_czmc.active(school)


@pytest.mark.clause("CZMC-6.3.1")
def test_the_round_opens_in_december(school, base):
    """Nothing on 30 November; on 1 December it is there and who reports is told."""
    with clock.travel("2026-11-30T08:00"):
        ledger.run_due(clock.today())
        assert not Round.objects.exists()
    with clock.travel("2026-12-01T08:00"):
        ledger.run_due(clock.today())
        (evaluation,) = Evaluation.objects.all()
        assert (evaluation.kind, evaluation.period, evaluation.state) == ("annual", "2026", "draft")
        assert str(evaluation.report_due) == "2026-12-11"
        assert "2026年度考核" in text_of(school.contact.get("/inbox/"))
        assert "提交自评" in text_of(school.contact.get("/"))


def assessed(school, base) -> Evaluation:
    """As far as the graduate office's record."""
    with clock.travel("2026-12-01T08:00"):
        evaluation = story.opened(base, "annual")
    expert = house.expert(school.university, "封亦寒")
    with clock.travel("2026-12-08T09:00"):
        story.reported(school.contact.hand, evaluation, "annual_report", story.czmc_report())
        school.secretary.hand.step(evaluation, "college_check", {"opinion": "属实。"})
        story.assigned(school.office.hand, evaluation, expert.hand)
        story.heard(expert.hand, evaluation, {"verdict": "pass", "text": "运行规范。"})
        school.office.hand.step(evaluation, "experts", {"opinion": "专家组意见一致。"})
    return fresh(evaluation)


@pytest.mark.clause("CZMC-6.3.2")
@pytest.mark.clause("CZMC-6.3.3")
def test_methods_and_dimensions(school, base):
    evaluation = assessed(school, base)
    with clock.travel("2026-12-18T09:00"):
        with unchanged(evaluation):
            given = house._uploads(story.czmc_assessment(methods=[]))
            refused(school.office.step(evaluation, "assessment", given), "采用的考核方式", clause="CZMC-6.3.2")
        with unchanged(evaluation):
            given = house._uploads(story.czmc_assessment(effect=""))
            refused(school.office.step(evaluation, "assessment", given), "专业实践效果", clause="CZMC-6.3.3")
        done(school.office.step(evaluation, "assessment", house._uploads(story.czmc_assessment())))
        assert fresh(evaluation).state == "deciding"


def test_passed(school, base):
    """Two methods, five dimensions, passed: the base goes on."""
    evaluation = assessed(school, base)
    with clock.travel("2026-12-18T09:00"):
        school.office.hand.step(evaluation, "assessment", story.czmc_assessment())
        refused(school.office.step(evaluation, "give_grade", {"grade": "good"}), "考核等次")
        done(school.office.step(evaluation, "give_grade", {"grade": "pass", "opinion": "合格。"}))
        evaluation, base = fresh(evaluation), fresh(base)
        assert (evaluation.state, evaluation.grade, evaluation.passed) == ("confirmed", "pass", True)
        assert str(evaluation.confirmed_on) == "2026-12-18"
        assert base.state == "active"
        assert "合格" in text_of(school.contact.page(evaluation))
        assert "合格" in text_of(school.office.get("/evaluations/"))
        assert "合格" in text_of(school.office.get("/bases/"))
    assert list(chain.breaks()) == []


@pytest.mark.clause("CZMC-6.3")
def test_each_base_once(school):
    """Three bases in force, one evaluation each, however often the job runs."""
    bases = [house_czmc.active(school)]
    for name in ("城西医院", "城南医院"):
        school.partner = house.partner(name)
        school.contact = house.Person(house.factories.member(school.partner, "contact", house.factories.user(name)))
        bases.append(house_czmc.active(school))
    for day in ("2026-12-01", "2026-12-01", "2026-12-02", "2027-01-05"):
        with clock.travel(f"{day}T08:00"):
            ledger.run_due(dt.date.fromisoformat(day))
    assert Evaluation.objects.count() == 3
    assert {evaluation.recognition_id for evaluation in Evaluation.objects.all()} == {base.pk for base in bases}
    assert TransitionLog.objects.filter(case_kind="evaluation", transition="create").count() == 3
