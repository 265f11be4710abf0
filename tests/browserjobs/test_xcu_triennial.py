"""XCU's triennial assessment in the browser: Annex 4 by two experts, unqualified, cancelled at once, who was to come is told."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bases.models import Recognition
from config.stories import evaluation, placements
from core import clock
from tests.browser import assert_clean
from tests.browserjobs.annex1 import BASE, at
from tests.browserjobs.evaluating import night, promised, put_on_the_panel
from tests.browserjobs.seat import TABLET, Seat, paper
from tests.forms.waiting import says
from tests.marking.test_annex4 import LEAVES
from tests.scenarios import house
from tests.scenarios.house import fresh
from tests.tenants import factories

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = f"{BASE}：三年考核（2029-05-20）"
EXPERTS = ("端木澄", "阿依努尔")
SUMMARY = "对照评价标准逐项自评，课程和课题未达到约定数量。"
CANCELLED = "取消联合培养基地资格"


def test_unqualified_is_cancelled_at_once(seat):
    school = house.xcu_school()
    job = world(school)
    there = stay(job, "沈青", "20280001", ("2029-03-01", "2029-12-31"))
    with clock.travel("2029-03-01T09:00"):
        placements.entered(school.secretary.hand, there, "2029-03-01")
    stay(job, "陆离", "20290001", ("2029-06-20", "2029-12-31"))
    night("2029-05-20")
    secretary, office = seat(school.secretary.membership), seat(school.office.membership)
    reported(secretary)
    checked(office)
    put_on_the_panel(office, TITLE, EXPERTS, "2029-06-08")
    first, second = (seat(expert.membership, tablet=True) for expert in job.experts)
    marked(first, "57.25", looked_at=True)
    marked(second, "62.50")
    cancelled(office)
    goes_on_and_told(secretary)


# --- the beginning, at the door ------------------------------------------------------------------------------------


def world(school) -> SimpleNamespace:
    """A base in force since 2026-05-20 as the stories tell it, with what a first student asks for."""
    with clock.travel("2026-03-01T08:00"):
        call = house.open_xcu_call(school)
    application = house.xcu_approved(school, call)
    house.xcu_signed(school, fresh(application).agreement)
    base = Recognition.objects.get(application_id=application.pk)
    with clock.travel("2026-06-01T09:00"):
        placements.prepared(base, "2026-06-01", school.contact.hand)
    mentor = factories.member(school.college, "mentor", factories.user("郁可"))
    base_mentor = factories.member(school.partner, "base_mentor", factories.user("闻人越"))
    experts = [house.expert(school.university, name) for name in EXPERTS]
    return SimpleNamespace(school=school, base=base, mentors=(mentor, base_mentor), experts=experts)


def stay(job, name: str, number: str, period: tuple[str, str]):
    """A student's stay planned in February 2029, with mentors and insurance."""
    clerk = job.school.secretary.hand
    with clock.travel("2029-02-20T09:00"):
        planned = placements.planned(clerk, job.base, placements.student(clerk, number, name), period)
        placements.guided(clerk, planned, *job.mentors)
        placements.insured(clerk, planned, *period)
    return planned


# --- the assessment ------------------------------------------------------------------------------------------------


def reported(secretary: Seat) -> None:
    """Three years after the agreement the college reports; what the portal knows is filled in."""
    secretary.home()
    secretary.open_todo(TITLE, "提交自评", "剩15天")
    secretary.press("填写：基地建设情况自评报告")
    assert secretary.page.locator("[name=f-agreement_signed_on]").input_value() == "2026-05-18"
    given = evaluation.xcu_report(summary=SUMMARY, materials=paper("建设情况材料.pdf", "课程1门，课题2项"))
    secretary.fill(given)
    secretary.submit("暂存并返回")
    assert secretary.primary == ["提交自评"]
    secretary.press("提交自评")
    assert (secretary.said, secretary.state) == ("已办理：提交自评。", "审核中")


def checked(office: Seat) -> None:
    at("2029-05-25T09:00")
    office.home()
    office.open_todo(TITLE, "学科与研究生处核对材料")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "材料齐全。"})
    assert office.submit() == "已办理：学科与研究生处核对材料。"


def marked(expert: Seat, total: str, *, looked_at: bool = False) -> None:
    """Annex 4 beside the dossier at a tablet: more than an indicator's points is refused, the total grows."""
    at("2029-06-01T09:00")
    promised(expert, TITLE, SUMMARY)
    page = expert.page
    left = float(total)
    for key, points in LEAVES.items():
        mark = min(left, points)
        page.locator(f"[name=f-mark_{key}]").fill(f"{mark:g}")
        left -= mark
    assert page.locator("[data-sum]").inner_text() == f"{float(total):g}"
    if looked_at:
        says(page, "已暂存")
        page.reload()  # nobody pressed a button, and it is there
        assert page.locator("[data-sum]").inner_text() == f"{float(total):g}"
        expert.fill({"mark_a1": "5.5"})
        assert "5" in expert.refused()
        expert.fill({"mark_a1": "5"})
        assert_clean(page)
        page.set_viewport_size(TABLET["viewport"])
        expert.picture("xcu-31-sheet")
    assert expert.submit() == "已办理：提交评审意见。"
    assert not [other for other in EXPERTS if other != expert.membership.user.name and other in expert.text]


def cancelled(office: Seat) -> None:
    """57.25 and 62.5 make 59.875, cut to 59.87: unqualified, and with the grade the base is none any more."""
    at("2029-06-10T09:00")
    office.home()
    office.open_todo(TITLE, "专家按评价标准评分")
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "评分齐备。"})
    office.submit()
    office.picture("xcu-32-grade-waits")
    office.press("办理")
    assert "按评分和办法得出：不合格" in office.text
    office.picture("xcu-33-grade")
    office.fill({"outcome": "positive", "opinion": "确认。"})
    assert office.submit() == "已办理：确认考核等次。"
    result = office.tab("考核结果")
    assert "不合格" in result and "59.87" in result and CANCELLED in result
    assert not [label for label in office.moves if "整改" in label] and "整改" not in office.text
    assert_clean(office.page)
    office.picture("xcu-34-result")
    office.press(f"{BASE}（校级）")
    assert office.state == "已终止" and "终止 2029-06-10 考核不合格" in office.text
    assert office.moves == ["登记送达"] and "整改" not in office.text
    assert_clean(office.page)
    office.picture("xcu-35-base")


def goes_on_and_told(secretary: Seat) -> None:
    """The student already there goes on; the stay of the one who was to come is cancelled with the base."""
    night("2029-06-20")
    secretary.menu("专业实践")
    secretary.press("沈青")
    assert secretary.state == "实践中"
    secretary.picture("xcu-36-goes-on")
    secretary.menu("专业实践")
    secretary.press("陆离")
    assert secretary.state == "已取消" and secretary.moves == []
    assert "基地已于2029-06-10终止（考核不合格）" in secretary.text and "第二十九条" in secretary.text
    assert_clean(secretary.page)
    secretary.picture("xcu-37-cancelled")
