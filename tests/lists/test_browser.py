"""Every list and start page in a real browser, at a desk and on a phone: no axe violation, nothing too wide."""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import assert_clean, picture
from tests.lists import rows
from tests.placing import place
from tests.scenarios import house
from tests.scenarios.house import done, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTS = (
    "/applications/",
    "/agenda/",
    "/calls/",
    "/calls/new/",
    "/calls/quotas/",
    "/calls/progress/",
    "/lists/",
    "/lists/new/",
    "/notices/",
    "/overrides/",
    "/panels/",
    "/panels/progress/",
    "/panels/recusals/",
    "/panels/experts/",
    "/decisions/",
    "/agreements/",
    "/bases/",
    "/reports/coverage/",
)


def test_the_departments_lists(region, browser_page):
    call = house.open_nm_call(region)
    rows.panels(region, call, 3)
    rows.decisions(region, call, 1)
    rows.overrides(region, 2)
    rows.recognitions(region, 3)
    for application in rows.applications(region, call, 2, "deciding"):
        rows.step(application, region.department, "officer", kind="decision", key="deliberation")
    page = browser_page(region.officer.membership)
    for url in LISTS:
        assert page.goto(url).ok, url
        assert_clean(page)
        picture(page, f"list{url.replace('/', '-')}department")


def test_a_universitys_and_a_colleges_pages(region, browser_page):
    call = house.open_nm_call(region)
    application = house.nm_draft(region, call, agreement=None)
    house.recorded_agreement(region.secretary, region.partner, region.version)
    case_list = rows.case_lists(region, call, 1)[0]
    recognition = rows.recognitions(region, 1)[0]
    rows.agreements(region, 2)
    page = browser_page(region.office.membership)
    for url in (
        "/lists/",
        "/lists/new/",
        "/agreements/",
        "/agreements/new/",
        f"/bases/{recognition.pk}/agreement/",
        case_list.get_absolute_url(),
        case_list.notice().get_absolute_url(),
        call.get_absolute_url(),
        recognition.get_absolute_url(),
    ):
        assert page.goto(url).ok, url
        assert_clean(page)
    page = browser_page(region.secretary.membership)
    for url in (
        "/applications/start/",
        "/applications/",
        f"/applications/{application.pk}/agreement/",
        application.get_absolute_url(),
        "/bases/",
    ):
        assert page.goto(url).ok, url
        assert_clean(page)


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
