"""What the pages of a base's life say at a glance: colours, what is still to be filled in, what may be done from when."""

from __future__ import annotations

import datetime as dt

import pytest

from casework import effects
from casework.models import Assignment
from config.stories import evaluation as story
from core import clock
from tests.evaluations import walking
from tests.evaluations.world import build
from tests.scenarios.house import main_of, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def czmc():
    return build("czmc", "2026-03-01", "2029-02-28")


@pytest.mark.parametrize(("grade", "word", "tone"), [("qualified", "合格", "green"), ("unqualified", "不合格", "red")])
def test_the_result_decides_the_colour_and_not_the_confirmation(grade, word, tone):
    """已确认 is how far it is, in grey; what it came to is green or red, wherever the grade stands."""
    world = build("nm", "2027-09-10", "2032-09-09", "2030-09-09")
    region = world.school
    region.officer = world.organiser
    people = [world.organiser, region.office, region.secretary, region.contact]
    with clock.travel("2030-09-10T09:00"):
        evaluation = walking.opened(world.base, "effectiveness")
        walking.reported(evaluation, people)
    with clock.travel("2030-10-15T09:00"):
        evaluation = walking.graded(evaluation, people, grade)
        for page in (
            main_of(world.organiser.page(evaluation)),
            main_of(world.organiser.get("/evaluations/")),
            main_of(world.organiser.page(evaluation.in_round)),
            main_of(world.organiser.get("/bases/")),
        ):
            badges = {each.split("</svg>", 1)[-1].split("<", 1)[0]: each[:12] for each in page.split("tag tag-")[1:]}
            assert badges[word].startswith(tone), badges
            assert "已确认" not in badges or badges["已确认"].startswith("grey"), badges
        assert "评审通过" not in main_of(world.organiser.page(evaluation))  # closing the panel passes nobody


def test_an_empty_report_is_a_list_to_fill_in_and_no_row_of_faults(czmc):
    evaluation = czmc.opened("annual", "2026-12-01")
    with clock.travel("2026-12-02T09:00"):
        page = main_of(czmc.reporter.page(evaluation))
        assert "未通过" not in page and "待填写" in page and "填写以下各项后可以提交自评" in page
        refused(czmc.reporter.do(evaluation, "submit"))  # it holds the report back all the same
        czmc.reporter.hand.fill(evaluation, "annual_report", story.czmc_report(students=""))
        page = main_of(czmc.reporter.page(evaluation))
        assert "未通过" in page and "待填写" not in page  # somebody has begun: what is missing is named as missing


def test_a_renewed_approval_is_offered_from_the_day_from_which_it_may_be_given(czmc):
    year = {"until_on": dt.date(2027, 12, 31), "clause": "CZMC-6.3.4b"}
    with clock.travel("2026-12-20T09:00"):
        row = effects.put(czmc.base, "suspension", "下年度不得作为研究生的培养基地", dt.date(2027, 1, 1), **year)
        type(row).objects.filter(pk=row.pk).update(renewal=True)
    for day, offered in (("2026-12-20", False), ("2027-12-31", False), ("2028-01-01", True)):
        with clock.travel(f"{day}T09:00"):
            assert ("重新批准</" in main_of(czmc.organiser.page(czmc.base))) is offered, day


def test_a_verdict_on_a_panel_whose_form_asks_for_none_is_read_as_it_stands():
    """XCU's experts mark a sheet; a verdict that an older form asked for breaks no page."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    evaluation = world.reported(world.opened("benchmark", "2026-12-01"), "2026-12-02")
    with clock.travel("2026-12-03T09:00"):
        story.assigned(world.organiser.hand, evaluation, world.experts[0].hand)
        Assignment.about(evaluation).update(verdict="recommend")
        assert "recommend" in main_of(world.organiser.page(evaluation))
