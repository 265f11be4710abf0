"""Saving by itself in a real browser: nothing typed is lost, whatever happens."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session

from core.door import SystemActor
from core.forms import store
from tests.browser import assert_clean, picture
from tests.forms import sample
from tests.forms.conftest import PASSWORD
from tests.forms.urls import CLERK, Dossier
from tests.forms.waiting import says, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.forms.urls"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_templates"),
]
TYPED = "Object.keys(localStorage).filter(key => key.startsWith('lianpei:typed:')).map(key => localStorage[key])"
OTHER = SystemActor(name="温老师")


def row():
    return store.load(Dossier(), "sample")


def by_somebody_else(**answers) -> None:
    now = row()
    store.save(Dossier(), "sample", 1, {**now.answers, **answers}, now.revision, OTHER)


@pytest.fixture
def page(form_page):
    store.save(Dossier(), "sample", 1, sample.changed(proof=None), 0, CLERK)
    return form_page("/fill/")


def test_what_is_typed_is_saved_by_itself(page):
    page.fill("#f-leader", "何婧")
    says(page, "未暂存")
    says(page, "已暂存 ")
    assert (row().answers["leader"], row().revision) == ("何婧", 2)
    page.fill("#f-leader", "何婧（副院长）")
    page.check("input[name=f-level][value=provincial]")
    until(page, "document.querySelector('input[name=revision]').value === '3'")
    assert (row().answers["leader"], row().answers["level"]) == ("何婧（副院长）", "provincial")
    assert page.evaluate(TYPED) == []


def test_saving_with_the_button_right_after_typing(page):
    page.fill("#f-leader", "何婧")
    page.wait_for_timeout(1450)
    page.click("#save")
    page.wait_for_url("**/read/")
    assert row().answers["leader"] == "何婧"


def test_the_button_waits_for_a_save_under_way(page):
    held = []
    page.route("**/fill/autosave/", lambda route: held.append(route))
    page.fill("#f-leader", "何婧")
    says(page, "正在暂存")
    page.click("#save")
    page.wait_for_timeout(200)
    assert page.url.endswith("/fill/")
    held[0].continue_()
    page.wait_for_url("**/read/")
    assert (row().answers["leader"], row().revision) == ("何婧", 2)


def test_two_people_in_different_fields_do_not_meet(page, new_page):
    new_page.watch.expected.append("409")
    by_somebody_else(phone="13900001234")
    page.fill("#f-leader", "何婧")
    until(page, "document.querySelector('input[name=revision]').value === '3'")
    assert (row().answers["leader"], row().answers["phone"]) == ("何婧", "13900001234")
    assert page.input_value("#f-phone") == "13900001234"


@pytest.fixture
def met(page, new_page):
    """Both have changed two texts; the dialog shows them side by side."""
    new_page.watch.expected.append("409")
    by_somebody_else(leader="陆文舟（处长）", results="对方写的成果。", phone="13900001234")
    page.fill("#f-leader", "何婧")
    page.fill("#f-results", "我写的成果。")
    page.wait_for_selector("dialog.dform-conflict[open]")
    return page


def test_both_texts_are_shown_side_by_side(met):
    assert "温老师已修改此表" in met.locator("dialog.dform-conflict").inner_text()
    groups = met.locator("dialog.dform-conflict fieldset")
    assert groups.locator("legend").all_inner_texts() == ["负责人", "近三年政产学研用取得的成果"]
    assert groups.nth(0).locator(".pre").all_inner_texts() == ["何婧", "陆文舟（处长）"]
    assert_clean(met)
    picture(met, "form-conflict")
    assert row().answers["leader"] == "陆文舟（处长）"


def test_choosing_between_two_texts(met):
    met.check("dialog.dform-conflict fieldset:nth-of-type(1) input[value=theirs]")
    met.check("dialog.dform-conflict fieldset:nth-of-type(2) input[value=both]")
    met.click("dialog.dform-conflict .btn-primary")
    says(met, "已暂存 ")
    answers = row().answers
    assert answers["leader"] == "陆文舟（处长）"
    assert answers["results"] == "我写的成果。\n\n对方写的成果。"
    assert answers["phone"] == "13900001234"
    assert met.input_value("#f-phone") == "13900001234"


def test_a_conflict_put_aside_keeps_both_texts(met):
    met.keyboard.press("Escape")
    met.wait_for_selector("dialog.dform-conflict:not([open])", state="attached")
    met.fill("#f-base_name", "另一名称")
    met.wait_for_timeout(2500)
    assert row().answers["results"] == "对方写的成果。"
    assert "我写的成果。" in met.evaluate(TYPED)[0]
    met.click("[data-autosave-say] button")
    met.click("dialog.dform-conflict .btn-primary")
    says(met, "已暂存 ")
    assert (row().answers["results"], row().answers["base_name"]) == ("我写的成果。", "另一名称")


def test_a_lost_session_asks_for_the_password_and_saves(page, new_page):
    new_page.watch.expected.append("401")
    Session.objects.all().delete()
    page.fill("#f-leader", "何婧")
    page.wait_for_selector("#login-again[open]")
    page.fill("#login-again-password", PASSWORD)
    page.click("#login-again button[type=submit]")
    says(page, "已暂存 ")
    assert row().answers["leader"] == "何婧"


def test_a_refused_login_keeps_the_text_here(page, new_page):
    new_page.watch.expected.append("401")
    Session.objects.all().delete()
    page.fill("#f-leader", "何婧")
    page.wait_for_selector("#login-again[open]")
    page.click("#login-again [data-answer=no]")
    says(page, "内容保留在本机")
    assert "何婧" in page.evaluate(TYPED)[0]
    assert row().answers["leader"] == "陆文舟"


def test_without_a_connection_the_text_waits_here(page, new_page):
    new_page.watch.expected.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.fill("#f-leader", "何婧")
    says(page, "内容保留在本机")
    assert "何婧" in page.evaluate(TYPED)[0]
    page.context.set_offline(False)
    says(page, "已暂存 ")
    assert row().answers["leader"] == "何婧"
    assert page.evaluate(TYPED) == []


@pytest.fixture
def broken_off(page, new_page):
    """The browser was closed before the server had the text."""
    new_page.watch.expected.append("ERR_FAILED")
    page.route("**/fill/autosave/", lambda route: route.abort())
    page.fill("#f-leader", "何婧")
    page.click("[data-table=equipment] [data-add-row]")
    page.fill("#f-equipment-1-name", "天平")
    says(page, "内容保留在本机")
    page.unroute("**/fill/autosave/")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def test_text_that_never_arrived_is_offered_again(broken_off):
    page = broken_off
    page.goto("/fill/")
    assert page.input_value("#f-leader") == "陆文舟"
    assert "尚未暂存到服务器" in page.locator(".dform-kept").inner_text()
    assert_clean(page)
    picture(page, "form-kept")
    page.click(".dform-kept .btn-primary")
    assert page.input_value("#f-leader") == "何婧"
    assert page.locator("[data-table=equipment] tbody tr").count() == 2
    says(page, "已暂存 ")
    assert row().answers["equipment"][1] == {"name": "天平"}
    page.goto("/fill/")
    assert page.locator(".dform-kept").count() == 0


def test_old_text_is_put_beside_what_was_saved_meanwhile(broken_off):
    by_somebody_else(leader="陆文舟（处长）")
    page = broken_off
    page.goto("/fill/")
    page.click(".dform-kept .btn-primary")
    page.wait_for_selector("dialog.dform-conflict[open]")
    sides = page.locator("dialog.dform-conflict fieldset").nth(0).locator(".pre").all_inner_texts()
    assert sides == ["何婧", "陆文舟（处长）"]


def test_text_that_is_not_wanted_any_more(broken_off):
    page = broken_off
    page.goto("/fill/")
    page.click(".dform-kept .btn-plain")
    assert page.evaluate(TYPED) == []
    page.goto("/fill/")
    assert page.locator(".dform-kept").count() == 0


def test_leaving_with_unsaved_text_asks_first(page, new_page):
    new_page.watch.expected.append("ERR_FAILED")
    page.route("**/fill/autosave/", lambda route: route.abort())
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/read/")
    assert asked == []
    page.goto("/fill/")
    page.click("#f-leader")
    page.keyboard.type("一")
    page.goto("/read/")
    assert asked == ["beforeunload"]


def test_a_refused_save_says_why(page, new_page):
    new_page.watch.expected.append("403")
    page.route("**/fill/autosave/", lambda route: route.fulfill(status=403, json={"message": "此表当前不能填写。"}))
    page.fill("#f-leader", "何婧")
    says(page, "未能暂存：此表当前不能填写。")


def test_another_account_does_not_see_what_stayed_here(broken_off):
    page = broken_off
    page.goto("/fill/")
    page.evaluate(
        """() => { const name = Object.keys(localStorage).find(key => key.startsWith('lianpei:typed:'));
        const kept = localStorage[name]; localStorage.clear();
        localStorage[name.replace(/typed:\\d+/, 'typed:999')] = kept; }"""
    )
    page.goto("/fill/")
    assert len(page.evaluate(TYPED)) == 1
    assert page.locator(".dform-kept").count() == 0
