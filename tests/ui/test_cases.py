"""Real case pages under a real regulation, at both sizes. The pages of the menu: tests/browserjobs/test_sweep.py."""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import DESK, assert_clean, picture
from tests.scenarios import house
from tests.scenarios.house import done, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page, address: str, name: str) -> None:
    page.goto(address)
    assert_clean(page)
    picture(page, name, full=True)


def test_case_pages_under_nm(browser_page):
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
        application = house.nm_draft(region, call)
        address = application.get_absolute_url()
        look(browser_page(region.officer.membership), call.get_absolute_url(), "nm-call")
        secretary = browser_page(region.secretary.membership)
        look(secretary, "/", "nm-secretary-home")
        look(secretary, address, "nm-draft")
        look(secretary, f"{address}do/submit/", "nm-submit")
        look(secretary, f"{address}forms/application/", "nm-form")
        look(secretary, f"{address}do/withdraw/", "nm-withdraw")
        done(region.secretary.do(application, "submit"))
    with clock.travel("2027-05-06T09:00"):
        office = browser_page(region.office.membership)
        look(office, "/", "nm-office-home")
        look(office, address, "nm-recommending")
        step = fresh(application).steps().get(key="six_aspects")
        look(office, f"{address}do/act_on_step/?step={step.pk}", "nm-six-aspects")
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        case_list = house.recommended_list(region, call)
        done(region.office.do(case_list, "add_member", {"case": f"application-{application.pk}", "rank": "1"}))
        look(office, case_list.get_absolute_url(), "nm-list")
        look(office, address, "nm-listed")


def test_the_stamped_papers_fit_their_column_on_a_desk(browser_page):
    with clock.travel("2026-03-05T09:00"):
        school = house.xcu_school()
        application = house.xcu_submitted(school, house.open_xcu_call(school))
        done(
            school.contact.step(
                application,
                "partner_opinion",
                {"opinion": "同意。", "scan": [house.sent("合作单位意见盖章页扫描件.pdf")]},
            )
        )
        page = browser_page(school.office.membership)
        page.set_viewport_size(DESK)
        page.goto(f"{application.get_absolute_url()}#papers")
        frame = page.locator("#papers .scroll-x")
        assert frame.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        heights = frame.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
        assert heights and max(heights) < 140, heights
        picture(page, "xcu-papers", sizes=("desk",))
