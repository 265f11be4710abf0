"""S07, steps 7 and 8: the first evaluation of a base under NM, excellent, and what follows of it."""

from __future__ import annotations

import pytest

from casework.models import Effect
from config.stories import evaluation as story
from core import clock
from core.door import chain
from evaluations.models import Evaluation
from tests.evaluations.world import run
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, text_of, unchanged
from tests.scenarios.test_s07 import call, recognised, region  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def base(region, call):  # noqa: F811 - fixtures
    return recognised(region, call)


def confirmed(person, base, kind: str, **answers) -> Effect:
    """A proposed consequence, confirmed by the role that the regulation names."""
    effect = Effect.objects.get(case_id=base.pk, kind=kind, state="proposed")
    done(person.do(base, "confirm_effect", answers, step=effect.pk))
    return Effect.objects.get(pk=effect.pk)


@pytest.mark.clause("NM-17a")
@pytest.mark.clause("NM-17b")
def test_excellent(region, base):  # noqa: F811 - a fixture
    run("2030-09-09")
    assert not Evaluation.objects.exists()
    with clock.travel("2030-09-10T08:00"):
        evaluation = story.opened(base, "effectiveness")
        assert story.opened(base, "effectiveness") == evaluation
    expert = house.expert(region.department, "端木澄")
    with clock.travel("2030-09-20T09:00"):
        story.reported(region.office.hand, evaluation, "effect_report", story.nm_report())
        region.officer.hand.step(evaluation, "documents_check", {"opinion": "材料齐全。"})
        story.assigned(region.officer.hand, evaluation, expert.hand)
        story.heard(expert.hand, evaluation, story.nm_heads(verdict="excellent", text="建议优秀。"))
        region.officer.hand.step(evaluation, "experts", {"opinion": "同意。"})
    with clock.travel("2030-10-15T09:00"):
        with unchanged(evaluation):
            given = {"grade": "excellent", **story.nm_heads(rules="")}
            refused(region.officer.step(evaluation, "give_grade", given), "制度保障", clause="NM-16a")
        done(region.officer.step(evaluation, "give_grade", {"grade": "excellent", **story.nm_heads()}))
        evaluation = fresh(evaluation)
        assert (evaluation.state, evaluation.grade, str(evaluation.confirmed_on)) == (
            "confirmed",
            "excellent",
            "2030-10-15",
        )
        proposed = set(Effect.objects.filter(state="proposed").values_list("kind", flat=True))
        assert {"praise", "title", "grant", "priority"} <= proposed
        assert "示范基地" in text_of(region.officer.get("/"))
        page = text_of(region.office.page(evaluation))
        assert "考核结果" in page and "优秀" in page and "示范基地" in page
        confirmed(region.officer, base, "praise")
        title = confirmed(region.officer, base, "title")
        grant = confirmed(region.officer, base, "grant")
        confirmed(region.officer, base, "priority")
        assert (title.state, title.code, str(title.from_on)) == ("standing", "demonstration", "2030-10-15")
        assert (grant.amount, grant.clause) == (100000, "NM-17a")
    run("2030-10-16")
    run("2030-10-17")
    assert Effect.objects.filter(kind="title").count() == Effect.objects.filter(kind="grant").count() == 1
    assert list(chain.breaks()) == []
