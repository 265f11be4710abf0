"""What a base is to bring about while its agreement runs: reminded of before the end, flagged at the evaluation."""

from __future__ import annotations

import pytest

from core import clock
from core.models import InboxMessage, LedgerEntry
from tests.evaluations.world import build, run
from tests.scenarios.house import done, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """An agreement from 2026-05-18 to 2031-05-17 (S22.6)."""
    return build("xcu", "2026-05-18", "2031-05-17")


def reminded(clause: str):
    return LedgerEntry.objects.filter(kind="output", clause=clause, done_at=None)


def enter(world, kind: str, on: str, **answers) -> None:
    with clock.travel(f"{on}T09:00"):
        done(world.school.secretary.do(world.base, "enter_record", {"on": on, **answers}, type=kind))


@pytest.mark.clause("XCU-28a")
def test_reminded_half_a_year_before_the_end(world):
    run("2030-11-16")
    assert not reminded("XCU-28a").exists()
    run("2030-11-17")
    run("2030-11-18")
    assert reminded("XCU-28a").count() == 1
    told = InboxMessage.objects.filter(title__contains="课程不少于1门")
    assert [message.membership_id for message in told] == [world.school.secretary.membership.pk]
    with clock.travel("2030-11-18T09:00"):
        assert "课程不少于1门" in text_of(world.school.secretary.get("/"))
    enter(world, "joint_course", "2030-12-01", course="现代农艺实践")
    assert not reminded("XCU-28a").exists()


def test_with_a_course_nobody_is_reminded(world):
    enter(world, "joint_course", "2027-03-01", course="现代农艺实践")
    run("2030-11-17")
    assert not reminded("XCU-28a").exists() and reminded("XCU-28b").exists()


@pytest.mark.clause("XCU-28b")
def test_missing_projects_are_flagged_at_the_term_end_evaluation(world):
    evaluation = world.opened("agreement_end", "2031-05-18")
    with clock.travel("2031-05-18T09:00"):
        for person in (world.organiser, world.reporter):
            page = text_of(person.page(evaluation))
            assert "合作课题研究不少于1项" in page and "尚缺1" in page
    enter(world, "joint_project", "2031-05-17", project="青稞栽培", project_level="own")
    with clock.travel("2031-05-18T10:00"):
        assert text_of(world.organiser.page(evaluation)).count("尚缺1") == 1  # the course


@pytest.mark.clause("XCU-28c")
def test_higher_projects_are_counted_without_penalty(world):
    for name in ("城市绿肥", "园区土壤"):
        enter(world, "joint_project", "2029-03-01", project=name, project_level="city")
    enter(world, "joint_project", "2029-03-02", project="校内课题", project_level="own")
    evaluation = world.opened("agreement_end", "2031-05-18")
    with clock.travel("2031-05-18T09:00"):
        page = text_of(world.organiser.page(evaluation)).split("鼓励承担市（局）级以上", 1)[1][:200]
        assert ">2<" in page.replace(" ", "").replace("\n", "")
    assert not LedgerEntry.objects.filter(clause="XCU-28c").exists()
