"""A report written on a phone, confirmed by the link of a mail, looked at by everybody: at a desk and on a phone."""

from __future__ import annotations

import pytest

from core import clock
from tenants.models import ActionLink
from tenants.services import links
from tests.browser import assert_clean, picture
from tests.during.house import run, stay
from tests.scenarios.house import done

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_is_written_and_confirmed(browser_page):
    made = stay("lcu", ("2026-09-07", "2027-03-06"))
    run("2026-09-14")
    with clock.travel("2026-09-14T10:00"):
        student = browser_page(made.student.membership)
        student.goto(made.placement.get_absolute_url())
        student.get_by_role("tab", name="实践记录").click()
        assert_clean(student)
        picture(student, "missing")
        student.get_by_role("link", name="周报", exact=True).first.click()
        assert_clean(student)
        picture(student, "form")
        student.fill("[name=f-on]", "2026-09-13")
        student.fill("[name=f-done]", "跟班听课六节，整理教学案例。")
        student.locator("form.box button[type=submit]").first.click()
        student.wait_for_url("**/cases/placement/*/")
        done(made.enter(made.student, "biweekly_report", "2026-09-14", progress="开题报告初稿"))
        mentor = browser_page(made.base_mentor.membership)
        mentor.goto("/placements/reports/")
        assert_clean(mentor)
        picture(mentor, "to_review")
    run("2026-09-15")
    with clock.travel("2026-09-15T10:00"):
        link = ActionLink.objects.get(purpose="reports", about_id=made.base_mentor.membership.pk)
        mentor.goto("/r/" + links.address_of(link).rstrip("/").rpartition("/")[2] + "/")
        assert_clean(mentor)
        picture(mentor, "link")
        mentor.get_by_role("button", name="打开阅读").click()
        assert_clean(mentor)
        picture(mentor, "link_open")
        mentor.get_by_role("button", name="全部确认").click()
        mentor.get_by_text("可以关闭本页").wait_for()
        secretary = browser_page(made.school.secretary.membership)
        secretary.goto(made.placement.get_absolute_url())
        secretary.get_by_role("tab", name="实践记录").click()
        for entry in secretary.locator("details summary").all():
            entry.click()
        assert_clean(secretary)
        picture(secretary, "secretary")
