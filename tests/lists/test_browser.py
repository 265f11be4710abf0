"""Acts on lists and start pages in a real browser, at a desk and on a phone: no axe violation, nothing too wide.

That every list and start page is so, as it stands: tests/browserjobs/test_sweep.py.
"""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import assert_clean
from tests.lists import rows
from tests.placing import place
from tests.scenarios import house
from tests.scenarios.house import done, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_secretary_starts_by_keyboard(region, browser_page):
    house.open_nm_call(region)
    page = browser_page(region.secretary.membership)
    page.goto("/applications/start/")
    page.get_by_label("基地名称").fill("键盘建立的基地")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forms/application/")
    assert "键盘建立的基地" in page.content()


def test_one_decision_for_several_and_the_partners_page(browser_page):
    with clock.travel("2026-03-10T09:00"):
        school = house.xcu_school()
        application = house.xcu_draft(school, house.open_xcu_call(school))
        agreement = fresh(application).agreement
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
        place(application, "deciding")
        rows.step(application, school.university, "meeting_recorder", key="meeting_decision", kind="decision")
        page = browser_page(school.recorder.membership)
        page.goto("/agenda/")
        assert_clean(page)
        page.get_by_label("全选本页").check()
        page.get_by_role("button", name="登记会议审定结果").click()
        page.wait_for_url("**/agenda/decide/**")
        assert_clean(page)
        page = browser_page(school.secretary.membership)
        page.goto(agreement.get_absolute_url())
        assert page.locator("img[alt='合作单位确认页面的二维码']").evaluate("one => one.naturalWidth") > 0
        assert_clean(page)
        page = browser_page(school.contact.membership, viewport={"width": 390, "height": 844})
        page.goto(f"/p/agreement/{agreement.pk}/")
        assert_clean(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.get_by_role("button", name="已看完，下一步").click()
        page.get_by_label("我已阅读全文，并有权代表本单位确认。").check()
        page.get_by_role("button", name="内容确认").click()
        page.wait_for_url(f"**/p/agreement/{agreement.pk}/")
        assert "贵单位已确认内容" in page.content()
        assert_clean(page)
