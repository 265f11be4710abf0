"""LCU in the browser: from the year's call to the base in force, each role in a session of its own."""

from __future__ import annotations

import pytest

from bases.models import Recognition
from config.stories import answers as written
from config.stories import answers_lcu as said
from config.stories import lcu
from tests.browser import assert_clean
from tests.browserjobs.annex1 import at
from tests.browserjobs.seat import Seat, paper
from tests.scenarios import house_lcu

pytestmark = pytest.mark.django_db(transaction=True)

BASE = house_lcu.NAME


def test_from_the_project_call_to_the_base_in_force(seat):
    at("2026-03-01T09:00")
    school = house_lcu.school(office=False)
    call = house_lcu.planned_call(school)
    office = seat(school.office.membership)
    the_office_opens(office, call)
    at("2026-03-20T09:00")
    handed_in(seat(school.secretary.membership), school, call)
    at("2026-06-01T09:00")
    handled(office)
    at("2026-06-15T16:00")
    decided(seat(school.recorder.membership, phone=True))
    at("2026-09-01T09:00")
    house_lcu.signed(school, Recognition.objects.get())
    in_force(office)


def the_office_opens(office: Seat, call) -> None:
    """The base office is opened; a leading group without the vice-president is refused, with them entered; the call begins."""
    office.menu("布局与进出")
    office.submit("启用“联培基地办公室”")
    assert "已启用：联培基地办公室。" in office.said
    assert "规划布局" in office.tab("工作任务")
    office.tab("办公室记录")
    office.press("联培基地领导小组")
    office.fill(said.leading_group("2026-03-01", members=said.GROUP[1:]))
    assert "分管副校长" in office.refused()
    office.fill({"members": said.GROUP})
    assert_clean(office.page)
    office.picture("lcu-01-group")
    assert office.submit() == "已办理：新增记录。"
    office.picture("lcu-02-office")
    office.goto(call.get_absolute_url())
    office.press("发布申报批次")
    assert office.state == "申报中"


def handed_in(secretary: Seat, school, call) -> None:
    """The college fills the proposal in; without one of the three grounds it is refused, with one it goes to the office."""
    secretary.menu("我要申报")
    secretary.press("开始填报")
    answers = said.proposal(BASE, school.partner, house_lcu.EDUCATION, leader="单于飞", on="2026-03-20", basis=[])
    uploads = {"funds_evidence": paper("经费证明.pdf"), "basis_evidence": paper("立项书.pdf")}
    secretary.fill({**answers, **uploads})
    assert_clean(secretary.page)
    secretary.picture("lcu-03-proposal")
    secretary.submit("暂存并返回")
    assert "三种情形" in secretary.refused("送审")
    secretary.press("〔去填写〕")
    secretary.fill({"basis": ["joint_project"]})
    secretary.submit("暂存并返回")
    secretary.press("送审")
    assert secretary.state == "评审中"


def handled(office: Seat) -> None:
    """The base office handles the project; it cannot approve it."""
    office.home()
    office.open_todo(BASE, "联培基地办公室受理立项材料")
    office.press("办理")
    office.fill({"outcome": "positive", **said.handling()})
    assert office.submit() == "已办理：联培基地办公室受理立项材料。"
    assert office.state == "审定中" and office.moves == []
    office.picture("lcu-04-handled")


def decided(recorder: Seat) -> None:
    """The recorder of the leading group enters its decision on the phone, with the minutes."""
    recorder.home()
    recorder.open_todo(BASE, "领导小组遴选和审批")
    recorder.press("办理")
    meeting = written.meeting(lcu.GROUP, "2026年第1次", "2026-06-15")
    recorder.fill({"outcome": "positive", **meeting, "minutes": paper("纪要.pdf")})
    recorder.picture("lcu-05-decision")
    assert recorder.submit() == "已办理：领导小组遴选和审批。"
    assert recorder.state == "已通过" and "认定" not in recorder.text


def in_force(office: Seat) -> None:
    """The base is in force for three years and stands in the layout and among the entries."""
    office.menu("布局与进出")
    assert BASE in office.text and "在建" in office.text
    assert_clean(office.page)
    office.picture("lcu-06-layout")
    office.press("准入名单")
    assert BASE in office.text and "2026-09-01" in office.text
    office.picture("lcu-07-entries")
    office.menu("基地台账")
    office.press(BASE)
    assert office.state == "在建" and "2026-09-01 至 2029-08-31" in office.text
    office.picture("lcu-08-base")
