"""XCU's benchmark check itself: experts score from the facts and materials that the report brings (Annex 4, note)."""

from __future__ import annotations

import pytest

from config.stories.hands import Attachment
from core import clock
from core.models import TransitionLog
from tests.evaluations.world import build
from tests.scenarios.house import refused, text_of, unchanged
from tests.scenarios.test_s22 import sheet

pytestmark = pytest.mark.django_db
DAY = "2026-12-01"
WARNING = "没有建设情况的相关材料"


@pytest.mark.clause("XCU-A4.N")
@pytest.mark.parametrize("materials", [True, False])
def test_a_score_without_materials_is_given_with_a_warning(materials):
    """At least one expert; a score without a list of materials warns the expert and is kept with the warning."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    brought = {"materials": Attachment("材料清单") if materials else None}
    evaluation = world.reported(world.opened("benchmark", DAY), DAY, **brought)
    with clock.travel(f"{DAY}T09:30"), unchanged(evaluation):
        refused(world.organiser.step(evaluation, "experts", {"opinion": "同意"}), "至少1人", clause="XCU-A4.N")
    evaluation = world.heard(evaluation, DAY, sheet("86"))
    line = TransitionLog.objects.filter(transition="give_opinion", case_kind="evaluation").latest("pk")
    cited = [finding["clause"] for finding in line.facts["findings"]]
    assert cited == ([] if materials else ["XCU-A4.N"])
    with clock.travel(f"{DAY}T14:00"):
        closing = TransitionLog.objects.filter(transition="act_on_step", step_key="experts").latest("pk")
        assert any(WARNING in finding["message"] for finding in closing.facts["findings"]) != materials
        assert evaluation.suggested == "excellent"
        assert "评分汇总表" in text_of(world.organiser.page(evaluation))


def test_the_grid_takes_evaluations_like_applications():
    """An evaluation's panel stands in the grid of its organiser, and two experts are put on it at once."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    evaluation = world.reported(world.opened("benchmark", DAY), DAY)
    with clock.travel(f"{DAY}T09:30"):
        assert evaluation.title in text_of(world.organiser.get("/panels/assign/"))
        panel = evaluation.steps().get(key="experts")
        chosen = [f"{panel.pk}-{expert.membership.pk}" for expert in world.experts[:2]]
        answer = world.organiser.client.post("/panels/assign/", {"pick": chosen, "closes_on": "2026-12-20"})
        assert answer.status_code == 302 and panel.assignments.count() == 2
