"""A hospital that volunteers under CZMC, on a telephone: from its own application to the agreement in force."""

from __future__ import annotations

import pytest

from applications.models import Application
from bases.models import Recognition
from config.stories import agreements, czmc
from config.stories import answers as written
from core import clock
from tests.browser import assert_clean
from tests.browserjobs.annex1 import at
from tests.browserjobs.seat import Seat, Upload, paper
from tests.ground.browser import NARROW
from tests.scenarios import house, house_czmc

pytestmark = pytest.mark.django_db(transaction=True)

NAME = house_czmc.NAME
TERM = ("2026-04-20", "2029-04-19")


def test_a_unit_that_volunteers_on_its_phone(seat):
    with clock.travel("2026-03-01T09:00"):
        school = house_czmc.school()
        house_czmc.standing_call(school)
    at("2026-03-03T09:00")
    contact = seat(school.contact.membership, phone=True)
    applied(contact, school)
    sealed(contact)
    recognition = decided(school)
    agreement = offered(school, recognition)
    confirmed(contact)
    with clock.travel(f"{TERM[0]}T11:00"):
        office, secretary = school.office.hand, school.secretary.hand
        office.do(agreement, "begin_sealing")
        office.step(agreement, "copy_graduate_office", written.receipt(TERM[0]))
        secretary.step(agreement, "copy_college", written.receipt(TERM[0]))
    received(contact)
    with clock.travel(f"{TERM[0]}T15:00"):
        agreements.signed(school.office.hand, agreement, TERM[0])
    at(f"{TERM[0]}T16:00")
    contact.home()
    assert contact.todos == []
    contact.menu("基地与研究生")
    assert NAME in contact.text
    contact.picture("volunteer-8-base")
    assert Recognition.objects.get().state == "active"


def applied(contact: Seat, school) -> None:
    """It finds the school's call in its menu, fills the form in, is told what is missing, and hands in."""
    contact.home()
    contact.menu("我要申报")
    assert "研究生培养基地申报（常年受理）" in contact.text and "按填报的内容确定" in contact.text
    assert_clean(contact.page)
    contact.picture("volunteer-1-start")
    contact.page.get_by_label("基地名称").fill(NAME)
    contact.press("开始填报")
    given = written.czmc_application(NAME, school.partner, house_czmc.NURSING, leader="纪云舒", on="2026-03-03")
    given = {key: value for key, value in given.items() if key not in ("partner", "evidence", "base_name")}
    contact.fill({**given, "safety": {"safety": {"checked": True, "remark": ""}}})
    assert_clean(contact.page)
    contact.picture("volunteer-2-form")
    contact.submit("暂存并返回")
    assert "单位自愿申请" in contact.text
    assert "劳动保护和安全" in contact.refused("送审")
    contact.press("〔去填写〕")
    contact.fill({"safety": given["safety"]})
    contact.submit("暂存并返回")
    contact.press("送审")
    assert (contact.said, contact.state) == ("已办理：送审。", "推荐中")
    contact.picture("volunteer-3-handed-in")


def sealed(contact: Seat) -> None:
    """The next card on its first page: its own seal, photographed."""
    contact.home()
    contact.picture("volunteer-4-home")
    contact.open_todo(NAME, "申请单位签署盖章")
    contact.press("已看完，下一步")
    assert "申请单位公章" in contact.text and "内设部门、科室的章不行" in contact.text
    contact.press("已盖好章，去拍照上传")
    contact.fill(
        {
            "outcome": "positive",
            "opinion": "自愿申请共建，承诺提供人、财、物保障。",
            "decided_by": "齐知微（院长）",
            "decided_on": "2026-03-03",
            "scan": [photo("盖章页一.pdf"), photo("盖章页二.pdf")],
        }
    )
    assert_clean(contact.page)
    contact.page.set_viewport_size(NARROW)
    contact.picture("volunteer-5-seal")
    assert contact.submit() == "已办理：申请单位签署盖章。"
    contact.home()
    assert contact.todos == []


def photo(name: str) -> Upload:
    return paper(name, "申请单位意见（公章）")


def decided(school) -> Recognition:
    """What the browser need not prove: the school's side, at the door."""
    application = Application.objects.get()
    with clock.travel("2026-03-20T09:00"):
        czmc.taken_up(school.office.hand, application, school.college, school.clinical)
        czmc.visited_together(school.office.hand, application, "2026-03-20")
        for dean in (school.dean, school.clinical_dean):
            czmc.opinion_signed(dean.hand, application)
        czmc.reviewed(school.office.hand, application)
    with clock.travel("2026-04-10T09:00"):
        return czmc.approved(school.vice_president.hand, application)


def offered(school, recognition):
    """The college drafts the agreement, the graduate office checks it."""
    with clock.travel(f"{TERM[0]}T08:00"):
        school.named(voluntary="graduate_office")
        agreement = czmc.agreed(school.secretary.hand, recognition, *TERM, "2026-04-13")
        house.done(school.office.step(agreement, "office_check", {"opinion": "要件齐备。"}))
    return agreement


def confirmed(contact: Seat) -> None:
    """It is told of the approval, and confirms the agreement in its three steps."""
    at(f"{TERM[0]}T09:00")
    contact.home()
    contact.open_todo("基地所在单位确认")
    contact.picture("volunteer-6-agreement")
    contact.press("已看完，下一步")
    contact.page.get_by_label("我已阅读全文，并有权代表本单位确认。").check()
    contact.press("内容确认")
    contact.home()
    assert contact.todos == []


def received(contact: Seat) -> None:
    """Its original has come."""
    at(f"{TERM[0]}T14:00")
    contact.home()
    contact.open_todo("研究生培养基地领取协议书")
    contact.fill({"outcome": "positive", "received_on": TERM[0], "kept_at": "科教科"})
    contact.picture("volunteer-7-receipt")
    assert contact.submit() == "已办理：研究生培养基地领取协议书。"
