"""我单位只盖纸质: the unit says so on its phone, the secretary enters its confirmation from the stamped paper."""

from __future__ import annotations

import pytest

from bases.models import Agreement
from core import clock
from tests.browser import assert_clean
from tests.browserjobs.annex1 import AGREEMENT, at
from tests.browserjobs.seat import paper
from tests.forms.test_browsers import OLDER
from tests.ground.browser import NARROW
from tests.scenarios import house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("browser", ["today's", "older"])
def test_a_confirmation_on_paper(seat, browser):
    """Once more as Safari 15 and older web views have it: no requestSubmit, no submitter, no modal dialogs, no locks."""
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        agreement = house.xcu_draft(school, house.open_xcu_call(school)).agreement
        house.done(school.secretary.do(agreement, "submit"))
        house.done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
    at("2026-03-10T09:00")
    contact = seat(school.contact.membership, phone=True)
    if browser == "older":
        contact.page.add_init_script(OLDER)
    contact.open_todo(AGREEMENT)
    contact.press("已看完，下一步")
    contact.press("我单位只盖纸质")
    contact.picture("paper-1-setting")
    contact.page.get_by_label("我单位只盖纸质，不在线上确认").check()
    assert contact.submit() == "单位信息已保存。"
    assert "只办纸质，不在线上确认" in contact.text
    at("2026-03-12T09:00")
    secretary = seat(school.secretary.membership)
    if browser == "older":
        secretary.page.add_init_script(OLDER)
        secretary.page.reload()
        assert secretary.page.evaluate("String(HTMLFormElement.prototype.requestSubmit)").find("native code") < 0
    secretary.open_todo(AGREEMENT, "合作单位确认协议内容", "登记")
    assert "由您办理" in secretary.text and "发给合作单位确认" not in secretary.text
    secretary.press("办理")
    assert "青岐市高原作物试验站只办纸质，凭其盖章件登记" in secretary.text
    secretary.fill({"outcome": "positive", "decided_by": "马吉宁（站长）", "decided_on": "2026-03-11"})
    assert "签字件" in secretary.refused()
    assert_clean(secretary.page)
    secretary.picture("paper-2-entered")
    secretary.fill({"signed": paper("确认函（盖章）.pdf", "同意协议内容。（公章）")})
    assert secretary.submit() == "已办理：合作单位确认协议内容。"
    assert "决定人：马吉宁（站长）（由游映雪登记）" in secretary.tab("办理记录")
    assert "确认函（盖章）.pdf" in secretary.tab("佐证材料")
    contact.home()
    assert contact.todos == []
    contact.goto(f"/p/agreement/{Agreement.objects.get().pk}/")
    contact.page.set_viewport_size(NARROW)
    assert "马吉宁（站长） 于 2026-03-11 书面确认，由游映雪登记。" in contact.text
    contact.picture("paper-3-partner")
