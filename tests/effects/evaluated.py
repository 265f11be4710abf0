"""An evaluation under NM from its opening by the calendar to the grade, every act a request."""

from __future__ import annotations

from config.stories import evaluation as story
from core import clock
from evaluations.models import Evaluation
from tests.scenarios import house
from tests.scenarios.house import done, fresh


def opened(base, kind: str = "effectiveness", on: str = "2030-09-10T06:00") -> Evaluation:
    """The evaluation that the day's job opens."""
    with clock.travel(on):
        return story.opened(base, kind)


def graded(region, base, grade: str, *, kind: str = "effectiveness", month: str = "2030-09", on: str = "2030-10-15"):
    """The evaluation opened, reported, heard by an expert and graded by the officer on a day."""
    evaluation = opened(base, kind, f"{month}-10T06:00")
    with clock.travel(f"{month}-20T09:00"):
        story.reported(region.office.hand, evaluation, "effect_report", story.nm_report())
    with clock.travel(f"{month}-25T09:00"):
        done(region.officer.step(evaluation, "documents_check", {"opinion": "材料齐全。"}))
        expert = house.expert(region.department, f"钟离{evaluation.pk}")
        story.assigned(region.officer.hand, fresh(evaluation), expert.hand)
    with clock.travel(f"{month}-26T09:00"):
        opinion = {**story.nm_heads(), "verdict": grade, "text": "详见各方面意见。"}
        story.heard(expert.hand, fresh(evaluation), opinion)
        done(region.officer.step(evaluation, "experts", {"opinion": "专家意见一致。"}))
    with clock.travel(f"{on}T09:00"):
        done(region.officer.step(evaluation, "give_grade", {"grade": grade, **story.nm_heads()}))
    return fresh(evaluation)
