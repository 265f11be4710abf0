"""XCU's bands in each of its three kinds of evaluation: one panel, its expert hands in again at both sides of every bound;
a second one then makes a mean of it, which is never rounded up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from config.stories import evaluation as story
from core import clock
from evaluations.services import grading
from tests.evaluations.world import build
from tests.scenarios.house import done, fresh
from tests.scenarios.test_s22 import sheet

TOTALS = (
    ("100", "excellent"),
    ("85", "excellent"),
    ("84.99", "qualified"),
    ("60", "qualified"),
    ("59.99", "unqualified"),
    ("0", "unqualified"),
)
# What the first and the second expert give, the score that is kept of their mean, the grade (X-2: 84.995 is no 85).
MEANS = (
    ("85", "85", "85", "excellent"),
    ("85", "84.99", "84.99", "qualified"),
    ("60", "59.99", "59.99", "unqualified"),
)


@pytest.mark.django_db
@pytest.mark.clause("XCU-29d")
@pytest.mark.parametrize(
    ("kind", "day"), [("benchmark", "2026-12-01"), ("triennial", "2029-05-18"), ("agreement_end", "2031-05-18")]
)
def test_both_sides_of_every_bound(kind, day):
    world = build("xcu", "2026-05-18", "2031-05-17")
    evaluation = world.reported(world.opened(kind, day), day)
    expert, second = world.experts[:2]
    with clock.travel(f"{day}T10:00"):
        story.assigned(world.organiser.hand, evaluation, expert.hand)
        story.heard(expert.hand, evaluation, sheet("100"))
        mine = evaluation.steps().get(key="experts").assignments.get()
        for total, code in TOTALS:
            done(expert.do(evaluation, "give_opinion", sheet(total), step=mine.pk))
            result = grading.computed(fresh(evaluation))
            assert (result.code, result.score) == (code, Decimal(total))
        story.assigned(world.organiser.hand, evaluation, second.hand)
        story.heard(second.hand, evaluation, sheet("100"))
        theirs = evaluation.steps().get(key="experts").assignments.exclude(pk=mine.pk).get()
        for first_total, second_total, score, code in MEANS:
            done(expert.do(evaluation, "give_opinion", sheet(first_total), step=mine.pk))
            done(second.do(evaluation, "give_opinion", sheet(second_total), step=theirs.pk))
            result = grading.computed(fresh(evaluation))
            assert (result.code, result.score) == (code, Decimal(score))
