"""The pages of what is due in a browser, at both sizes: nothing cut off, nothing that axe finds."""

from __future__ import annotations

import datetime as dt

import pytest

from core import calendar, clock, ledger
from tests.browser import assert_clean, picture
from tests.scenarios import house
from tests.tenants import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

D = dt.date.fromisoformat


def test_pages_of_what_is_due(browser_page):
    with clock.travel("2026-09-24T09:00"):
        calendar.seed_year(2026)
        region = house.nm_region()
        agreement = house.recorded_agreement(region.secretary, region.partner, region.version, "2024-06-01")
        call = house.open_nm_call(region, opens="2026-09-01T00:00", closes="2026-10-15T17:00")
        application = house.nm_draft(region, call)
        office = region.office.membership
        for number in range(9):
            ledger.owe(
                f"r{number}",
                kind="record_due",
                title=f"合作单位投入情况登记（2026年第{number}期）：{application.title}",
                due_on=D("2026-09-20") + dt.timedelta(days=number * 12 % 40),
                organisation_id=office.organisation_id,
                role=office.role,
                clause="NM-13",
                case=application,
            )
        ledger.owe(
            "counted",
            kind="notice",
            title="公示届满：推荐名单的公示",
            due_on=D("2026-10-10"),
            organisation_id=office.organisation_id,
            role=office.role,
            clause="NM-8.2b",
            case=application,
            counted={"from": "2026-09-28", "number": 5, "unit": "working_days"},
        )
        ledger.run_due(clock.today())
        admin = factories.member(region.university, "admin")
        for who, name, address in (
            (office, "register", "/due/"),
            (office, "month", "/due/calendar/?month=2026-10"),
            (admin, "settings", "/due/settings/"),
            (admin, "workdays", "/due/workdays/?year=2026"),
            (office, "clock", f"{application.get_absolute_url()}clock/"),
            (office, "case", agreement.get_absolute_url()),
        ):
            page = browser_page(who)
            page.goto(address)
            for details in page.query_selector_all("main details"):
                details.evaluate("node => node.open = true")
            picture(page, f"due-{name}", full=True)
            assert_clean(page)
