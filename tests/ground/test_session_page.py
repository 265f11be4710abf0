"""In the browser: a lost session while typing loses nothing, with and without scripts."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from tests.browser import assert_clean, sign_in
from tests.ground.test_login import PASSWORD


@pytest.fixture(autouse=True)
def _own_templates(settings) -> None:
    """The page of this test lies beside it."""
    own = copy.deepcopy(settings.TEMPLATES)
    own[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = own


pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.ground.urls"),
    pytest.mark.django_db(transaction=True),
]
TYPED = "退回理由：第三部分的数据与附件不一致，请核对。"


@pytest.fixture
def person(transactional_db):
    return get_user_model().objects.create_user(
        username="wen.lan", email="wen.lan@example.org", password=PASSWORD, name="温岚"
    )


def lose_the_session() -> None:
    Session.objects.all().delete()


def forget_when(page) -> None:
    """Let the page believe that its last answer from the server is long ago."""
    page.evaluate("() => { const now = Date.now(); Date.now = () => now + 3600000; }")


def typing(new_page, live_server, person, **options):
    page = new_page(**options)
    page.context.base_address = live_server.url
    sign_in(page, person)
    page.goto("/form/")
    page.fill("textarea", TYPED)
    lose_the_session()
    return page


def test_the_page_asks_for_the_password_and_sends_what_was_typed(new_page, live_server, person):
    page = typing(new_page, live_server, person)
    new_page.watch.expected += ["401", "400"]
    forget_when(page)
    page.click("#send")
    page.wait_for_selector("#login-again[open]")
    assert_clean(page)
    page.fill("#login-again-password", "wrong")
    page.click("#login-again button[type=submit]")
    page.wait_for_selector("#login-again [data-error]:not(:empty)")
    assert page.input_value("textarea") == TYPED
    page.fill("#login-again-password", PASSWORD)
    page.click("#login-again button[type=submit]")
    page.wait_for_url("**/echo/")
    assert page.inner_text("body") == TYPED


def test_giving_up_leaves_the_page_as_it_is(new_page, live_server, person):
    page = typing(new_page, live_server, person)
    new_page.watch.expected += ["401"]
    forget_when(page)
    page.click("#send")
    page.wait_for_selector("#login-again[open]")
    page.click("#login-again [data-answer=no]")
    page.wait_for_selector("#login-again:not([open])", state="attached")
    assert page.input_value("textarea") == TYPED
    assert "/form/" in page.url
    page.click("#send")
    page.wait_for_selector("#login-again[open]")


SENT = """reason => { lianpeiSession.fetch("/echo/", { method: "POST", body: new URLSearchParams({ reason }) })
  .then(answer => answer.text()).then(text => { document.getElementById("answer").textContent = text; }); }"""


def test_a_script_of_the_page_asks_as_well(new_page, live_server, person):
    page = typing(new_page, live_server, person)
    new_page.watch.expected += ["401"]
    page.evaluate(SENT, TYPED)
    page.wait_for_selector("#login-again[open]")
    page.fill("#login-again-password", PASSWORD)
    page.press("#login-again-password", "Enter")
    page.wait_for_selector("#answer:not(:empty)")
    assert page.inner_text("#answer") == TYPED
    assert page.input_value("textarea") == TYPED


def test_without_scripts_the_words_come_back_and_can_be_sent_again(new_page, live_server, person):
    page = typing(new_page, live_server, person, java_script_enabled=False)
    new_page.watch.expected += ["401", "403"]
    page.click("#send")
    assert TYPED in page.inner_text("main")
    other = page.context.new_page()
    other.goto("/accounts/login/")
    other.fill("[name=login]", "wen.lan")
    other.fill("[name=password]", PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.click("form[data-resend] button")
    if page.query_selector("form[data-resend]"):  # the log-in turned the form's token: once more, now with the new one
        page.click("form[data-resend] button")
    assert page.inner_text("body") == TYPED
