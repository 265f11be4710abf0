"""The expert's sheet on a tablet and a phone, and the grid of experts and cases."""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import assert_clean, picture
from tests.marking.test_annex4 import LEAVES, put_on, with_sheet
from tests.scenarios import house

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


def world(*names):
    school = house.xcu_school(with_sheet)
    with clock.travel("2026-03-01T10:00"):
        application = house.xcu_submitted(school, house.open_xcu_call(school))
    application = house.xcu_opinions(school, application)
    return school, application, [house.expert(school.university, name) for name in names]


def test_an_expert_marks_the_sheet_with_the_dossier_beside_it(browser_page):
    """The total grows as marks are typed, the dossier stands beside; what was typed is kept when the page is left."""
    with clock.travel("2026-04-01T09:00"):
        school, application, _none = world()
        (expert,) = put_on(school, application, "钟离靖")
        page = browser_page(expert.membership, **TABLET)
        address = f"{application.get_absolute_url()}do/give_opinion/?step={expert.assignment.pk}"
        page.goto(address)
        sheet, dossier = page.locator("form.box").bounding_box(), page.locator(".act-dossier").bounding_box()
        assert sheet["x"] + sheet["width"] <= dossier["x"]
        for key, points in LEAVES.items():
            page.locator(f"[name=f-mark_{key}]").fill("3.25" if key == "a1" else str(points))
        assert page.locator("[data-sum]").inner_text() == "98.25"
        assert page.locator("[data-marked]").inner_text() == str(len(LEAVES))
        page.locator("[data-autosave-say]").filter(has_text="已暂存").wait_for(timeout=60_000)
        page.goto(application.get_absolute_url())
        page.goto(address)
        assert page.locator("[name=f-mark_a1]").input_value() == "3.25"
        assert page.locator("[data-sum]").inner_text() == "98.25"
        picture(page, "marking-sheet", full=True)
        page.set_viewport_size(TABLET["viewport"])
        picture(page, "marking-sheet-tablet", sizes=())
        assert_clean(page)


def test_the_grid_of_experts_and_cases(browser_page):
    with clock.travel("2026-04-01T09:00"):
        school, application, experts = world("钟离靖", "阿依努尔", "冯且歌")
        page = browser_page(school.office.membership)
        page.goto("/panels/")
        page.get_by_role("link", name="分组指派").click()
        for expert in experts[:2]:
            page.get_by_label(f"指派{expert.membership.user.name}评审").check()
        page.get_by_label("评审截止日").fill("2026-04-30")
        picture(page, "marking-grid")
        assert_clean(page)
        page.get_by_role("button", name="指派所选专家").click()
        assert "已为1项评审指派专家2人次" in page.locator("main").inner_text()
