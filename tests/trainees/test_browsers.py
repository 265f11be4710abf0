"""The pages of this room in a browser, at a desk and on a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from casework import effects
from config.stories import placements
from core import clock
from tests.browser import assert_clean, picture
from tests.tenants import factories
from tests.trainees.world import school
from trainees.models import Placement, Student

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_stay_is_planned_and_looked_at(browser_page):
    with clock.travel("2026-09-01T09:00"):
        scene = school("xcu", base="试验站基地")
        own = factories.member(scene.college, "student", factories.user("陆离"))
        Student.objects.filter(pk=scene.student.pk).update(seat=own, category_code="0951", category_name="农业")
        secretary, base = browser_page(scene.secretary.membership), scene.recognition
        for path, name in (("/students/", "students"), ("/students/new/", "student_new")):
            secretary.goto(path)
            assert_clean(secretary)
            picture(secretary, name)
        secretary.goto(f"/placements/new/?base={base.pk}&student={scene.student.pk}")
        secretary.get_by_role("button", name="增加一行").click()
        for row, (first, last) in enumerate((("2026-09-07", "2026-12-31"), ("2027-02-01", "2027-03-06"))):
            secretary.fill(f"[name=f-periods-{row}-period-from]", first)
            secretary.fill(f"[name=f-periods-{row}-period-to]", last)
        assert_clean(secretary)
        picture(secretary, "plan")
        secretary.get_by_role("button", name="保存").click()
        secretary.wait_for_url("**/cases/placement/*/")
        assert_clean(secretary)
        picture(secretary, "missing")
        placement = Placement.objects.get()
        for code in ("choose_mentors", "insure"):
            secretary.goto(f"{placement.get_absolute_url()}do/{code}/")
            assert_clean(secretary)
            picture(secretary, code)
        hand = scene.secretary.hand
        scene.prepared("2026-09-01")
        scene.guided(placement)
        placements.insured(hand, placement, "2026-09-07", "2027-03-06")
    with clock.travel("2026-09-07T09:00"):
        placements.entered(hand, placement, "2026-09-07")
        bar = {"until_on": dt.date(2027, 12, 31), "clause": "XCU-29f"}
        effects.put(base, "suspension", "下年度暂停", dt.date(2027, 1, 1), **bar)
        for path, name in (
            (placement.get_absolute_url(), "under_way"),
            (f"{base.get_absolute_url()}#students", "base"),
            ("/placements/", "list"),
        ):
            secretary.goto(path)
            assert_clean(secretary)
            picture(secretary, name)
        for who, name in ((own, "student"), (scene.mentor, "mentor"), (scene.contact.membership, "contact")):
            page = browser_page(who)
            page.goto("/placements/")
            page.get_by_role("link", name="陆离").click()
            assert_clean(page)
            picture(page, name)
