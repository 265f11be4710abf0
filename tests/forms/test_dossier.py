"""The real dossier of an application in the browser: its page, saving by itself, two units in one form."""

from __future__ import annotations

import pytest

from core import clock
from core.forms.store import load
from core.models import FormDraft
from tests.browser import assert_clean, browser_page, picture  # noqa: F401
from tests.forms.test_browsers import OLDER
from tests.forms.waiting import says, until
from tests.scenarios import house
from tests.uploads import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier(browser_page, transactional_db):  # noqa: F811
    school = house.xcu_school()
    application = house.xcu_draft(school, house.open_xcu_call(school), agreement=False)

    def opened(person, **options):
        page = browser_page(person.membership, **options)
        page.goto(f"{application.get_absolute_url()}forms/annex1/")
        return page

    return school, application, opened


def answers(application) -> dict:
    return load(application, "annex1").answers


@pytest.mark.clause("XCU-A1.I")
def test_the_college_fills_in_its_part(dossier, tmp_path):
    school, application, opened = dossier
    page = opened(school.secretary)
    assert_clean(page)
    picture(page, "dossier", full=True)
    assert page.locator("#s-part1 .clause").first.inner_text() == "依据：附件1第一部分"
    page.fill("#f-necessity", "论证")
    assert "还需498字" in page.locator("#f-necessity-count").inner_text()
    says(page, "已暂存 ")
    assert answers(application)["necessity"] == "论证"
    (tmp_path / "成果.pdf").write_bytes(files.pdf())
    place = page.locator("[data-files]").first
    before = place.locator("li").count()
    place.locator("input[type=file]").first.set_input_files(tmp_path / "成果.pdf")
    until(page, f"document.querySelector('[data-files]').querySelectorAll('li').length === {before + 1}")
    says(page, "已暂存 ")
    assert_clean(page)


def test_college_and_partner_write_at_the_same_time(dossier, new_page):
    """Each has its own sections; neither stops the other, and nothing is lost."""
    new_page.watch.expected.append("409")
    school, application, opened = dossier
    college, partner = opened(school.secretary), opened(school.contact)
    assert partner.locator("#f-necessity").count() == 0
    college.fill("#f-leader", "何婧")
    says(college, "已暂存 ")
    partner.fill("#f-partner_fields", "良种繁育、绿色防控、数字农业")
    until(partner, "document.querySelector('input[name=revision]').value - 0 > 2")
    says(partner, "已暂存 ")
    college.fill("#f-contact", "赵龚（秘书）")
    until(college, "document.querySelector('input[name=f-contact]').value === '赵龚（秘书）'")
    says(college, "已暂存 ")
    college.wait_for_timeout(3000)
    kept = answers(application)
    assert (kept["leader"], kept["partner_fields"], kept["contact"]) == (
        "何婧",
        "良种繁育、绿色防控、数字农业",
        "赵龚（秘书）",
    )


def test_a_step_in_an_older_browser_keeps_its_draft_and_is_sent(browser_page, transactional_db, tmp_path):  # noqa: F811
    """An opinion with its stamped page, typed with requestSubmit missing, left and taken up again, sent after a while."""
    with clock.travel("2026-03-01T10:00"):
        school = house.xcu_school()
        application = house.xcu_submitted(school, house.open_xcu_call(school), agreement=False)
    step = application.open_steps().get(key="partner_opinion")
    page = browser_page(school.contact.membership)
    page.add_init_script(OLDER)
    page.goto(f"{application.get_absolute_url()}do/act_on_step/?step={step.pk}")
    page.check("input[name=f-outcome][value=positive]")
    page.fill("#f-opinion", "情况属实。")
    page.click("[data-phrase] >> nth=0")
    assert page.input_value("#f-opinion") == "情况属实。\n同意。"
    says(page, "已暂存 ")
    page.reload()
    assert page.input_value("#f-opinion") == "情况属实。\n同意。"
    (tmp_path / "盖章.pdf").write_bytes(files.pdf())
    page.locator("input[name=upload-scan]").first.set_input_files(tmp_path / "盖章.pdf")
    page.fill("#f-opinion", "同意共建。")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 60000; }")
    page.click(".act-buttons .btn-primary")
    page.wait_for_url(f"**{application.get_absolute_url()}")
    step.refresh_from_db()
    assert (step.state, step.opinion) == ("done", "同意共建。")
    assert not FormDraft.objects.exists()
