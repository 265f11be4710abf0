"""Before a student goes to a base: each duty of a regulation that holds the entry back, both sides of every bound."""

from __future__ import annotations

import pytest

from config.stories import placements
from core import clock
from tests.scenarios.house import done, fresh, refused, text_of
from tests.trainees.world import school

pytestmark = pytest.mark.django_db
START, END = "2026-09-07", "2027-03-06"


@pytest.fixture
def czmc():
    with clock.travel("2026-09-01T09:00"):
        yield school("czmc")


@pytest.fixture
def nm():
    with clock.travel("2026-09-01T09:00"):
        yield school("nm", level="provincial", base="作物试验站基地")


@pytest.fixture
def xcu():
    with clock.travel("2026-09-01T09:00"):
        yield school("xcu", base="试验站基地")


def enters(scene, placement, on: str = START):
    if fresh(placement).state == "draft":  # its regulation asks for an application first
        placements.approved(scene.secretary.hand, placement)
    with clock.travel(f"{on}T09:00"):
        return scene.secretary.do(placement, "start", {"entered_on": on})


def lacking(scene, kind: str):
    """A stay for which everything is there but one record of the base."""
    scene.prepared("2026-09-01", without=(kind,))
    placement = scene.planned((START, END))
    if scene.version.profile.code == "CZMC":
        placements.selected(scene.office.hand, scene.recognition, scene.base_mentor.name, "2026-09-01")
    scene.guided(placement)
    return fresh(placement)


# --- CZMC -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CZMC-5.1a")
def test_a_base_has_a_working_group_with_three_duties_before_the_first_student_comes(czmc):
    placement = lacking(czmc, "working_group")
    alone = czmc.planned(("2027-03-07", "2027-06-30"))
    refused(enters(czmc, placement), "基地工作小组", clause="CZMC-5.1a")
    group = placements.WANTED["working_group"]("2026-09-02")
    one_duty = {**group, "tasks": {"plans": {"checked": True}}}
    with clock.travel("2026-09-02T09:00"):
        refused(czmc.secretary.do(czmc.recognition, "enter_record", one_duty, type="working_group"), clause="CZMC-5.1a")
        czmc.secretary.hand.record(czmc.recognition, "working_group", group)
    done(enters(czmc, placement))
    assert fresh(placement).state == "active"
    refused(enters(czmc, alone, "2027-03-07"), "基地导师", clause="CZMC-5.1a")  # the group assigns the instructors


@pytest.mark.clause("CZMC-6.1a")
@pytest.mark.parametrize("kind", ["safety_rules", "operating_rules"])
def test_a_base_has_both_sets_of_rules_before_the_first_student_comes(czmc, kind):
    placement = lacking(czmc, kind)
    title = str(czmc.version.profile.records[kind].title)
    refused(enters(czmc, placement), title, clause="CZMC-6.1a")
    with clock.travel("2026-09-02T09:00"):
        czmc.contact.hand.record(czmc.recognition, kind, placements.WANTED[kind]("2026-09-02"))
    done(enters(czmc, placement))


@pytest.mark.clause("CZMC-5.2a")
def test_a_base_mentor_who_was_not_selected_is_not_assigned(czmc):
    placement = czmc.planned((START, END))
    named = {"base_mentor": str(czmc.base_mentor.pk)}
    refused(czmc.secretary.do(placement, "assign_mentors", named), "遴选", clause="CZMC-5.2a")
    assert fresh(placement).base_mentor is None
    placements.selected(czmc.office.hand, czmc.recognition, "别的导师", "2026-09-01")
    refused(czmc.secretary.do(placement, "assign_mentors", named), clause="CZMC-5.2a")
    placements.selected(czmc.office.hand, czmc.recognition, czmc.base_mentor.name, "2026-09-01")
    done(czmc.secretary.do(placement, "assign_mentors", named))
    assert fresh(placement).base_mentor == czmc.base_mentor


def test_a_stay_lies_inside_the_agreement(czmc):
    """The agreement of S04 ends 2029-02-28."""
    with clock.travel("2029-01-03T09:00"):
        page = czmc.secretary.client.post("/placements/new/", wish(czmc, ("2029-01-10", "2029-03-01")))
        refused(page, "2029-03-01不在已签订的合作协议期限内", clause="CZMC-4.1a")
        done(czmc.secretary.client.post("/placements/new/", wish(czmc, ("2029-01-10", "2029-02-28"))))


def wish(scene, *periods: tuple[str, str]) -> dict:
    """The form of 安排专业实践 as a browser sends it."""
    rows = {
        f"f-periods-{number}-period-{end}": day
        for number, period in enumerate(periods)
        for end, day in zip(("from", "to"), period, strict=True)
    }
    return {"f-base": scene.recognition.pk, "f-number": scene.student.number, **rows}


# --- NM -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("NM-11a")
def test_each_student_has_two_mentors(nm):
    nm.prepared("2026-09-01")
    placement = nm.planned((START, END))
    refused(enters(nm, placement), "校内导师", "基地导师", clause="NM-11a")
    for only, missing in ((nm.mentor, "基地导师"), (nm.base_mentor, "校内导师")):
        column = "university_mentor" if only is nm.mentor else "base_mentor"
        placements.guided(nm.secretary.hand, placement, **{column: only})
        refused(enters(nm, placement), f"尚未安排{missing}", clause="NM-11a")
    nm.guided(placement)
    done(enters(nm, placement))


@pytest.mark.clause("NM-11a")
@pytest.mark.parametrize("kind", ["training_rules", "mentor_procedure"])
def test_the_joint_rules_and_the_procedure_for_mentors_are_there(nm, kind):
    placement = lacking(nm, kind)
    refused(enters(nm, placement), str(nm.version.profile.records[kind].title), clause="NM-11a")
    nm.secretary.hand.record(nm.recognition, kind, placements.WANTED[kind]("2026-09-01"))
    done(enters(nm, placement))


# --- XCU ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("XCU-18")
def test_each_student_has_a_mentor_of_either_side(xcu):
    xcu.prepared("2026-09-01")
    placement = xcu.planned((START, END))
    placements.insured(xcu.secretary.hand, placement, START, END)
    placements.guided(xcu.secretary.hand, placement, xcu.mentor)
    refused(xcu.secretary.do(fresh(placement), "submit"), "尚未安排基地导师", clause="XCU-18")
    xcu.guided(placement)
    placements.approved(xcu.secretary.hand, placement)
    placements.guided(xcu.secretary.hand, placement, xcu.mentor)  # the base mentor has left meanwhile
    refused(enters(xcu, placement), "尚未安排基地导师", clause="XCU-18")
    xcu.guided(placement)
    done(enters(xcu, placement))


@pytest.mark.clause("XCU-12.4")
def test_accident_insurance_covers_every_day(xcu):
    xcu.prepared("2026-09-01")
    placement = xcu.planned((START, "2026-12-31"), ("2027-02-01", END))
    xcu.guided(placement)
    refused(enters(xcu, placement), clause="XCU-12.4")
    placements.insured(xcu.secretary.hand, placement, START, "2027-03-05")
    refused(enters(xcu, placement), "2027-03-06没有人身意外保险", clause="XCU-12.4")
    placements.insured(xcu.secretary.hand, placement, END, END)
    assert str(fresh(placement).insured_until) == END
    done(enters(xcu, placement))


def test_insurance_may_pause_while_the_student_is_away(xcu):
    xcu.prepared("2026-09-01")
    placement = xcu.planned((START, "2026-12-31"), ("2027-02-01", END))
    xcu.guided(placement)
    placements.insured(xcu.secretary.hand, placement, START, "2026-12-31")
    placements.insured(xcu.secretary.hand, placement, "2027-02-01", END)
    done(enters(xcu, placement))


@pytest.mark.clause("XCU-13.3")
def test_the_partner_has_named_its_department_and_staff(xcu):
    placement = lacking(xcu, "partner_staff")
    placements.insured(xcu.secretary.hand, placement, START, END)
    refused(enters(xcu, placement), "基地管理部门和工作人员", clause="XCU-13.3")
    staff = placements.WANTED["partner_staff"]("2026-09-01")
    xcu.contact.hand.record(xcu.recognition, "partner_staff", staff)
    done(enters(xcu, placement))


def test_the_page_says_beforehand_what_is_missing(xcu):
    placement = xcu.planned((START, END))
    assert "尚未安排校内导师" in text_of(xcu.secretary.page(placement))
    xcu.guided(placement)
    placements.approved(xcu.secretary.hand, placement)
    page = text_of(xcu.secretary.page(placement))
    for words in ("没有人身意外保险", "基地管理部门和工作人员"):
        assert words in page, words
