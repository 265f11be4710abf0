"""Log-in: by name or mail, locked after failures, sign-up closed, first password, idle log-out, in-page log-in."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.accounts import DEVICE_COOKIE
from core import clock

pytestmark = pytest.mark.urls("tests.ground.urls")

PASSWORD = "tianshan-4821-songshu"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user(
        username="wen.lan", email="wen.lan@example.org", password=PASSWORD, name="温岚"
    )


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def touch(client: Client, seconds_ago: int) -> None:
    """Let the session look as if its last request was so long ago."""
    session = client.session
    session["seen"] = int(clock.real_now().timestamp()) - seconds_ago
    session.save()


@pytest.mark.parametrize("login", ["wen.lan", "wen.lan@example.org"])
def test_by_name_or_mail(client, person, login):
    assert sign_in(client, login).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session.get_expiry_age() <= 30 * 60
    assert client.get("/session/").json()["signed_in"] is True


def test_sign_up_is_closed(client, db):
    client.post(
        "/accounts/signup/",
        {"username": "x", "email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert get_user_model().objects.count() == 0


def test_five_failures_lock_the_login_also_for_the_right_password(client, person):
    for _ in range(5):
        assert sign_in(client, "wen.lan", "wrong").status_code == 200
    refused = sign_in(client, "wen.lan")
    assert refused.status_code == 200
    assert "_auth_user_id" not in client.session
    assert sign_in(Client(), "wen.lan").status_code == 200, "another browser is locked out as well"


def failures(client: Client, login: str, times: int) -> None:
    for _ in range(times):
        assert sign_in(client, login, "wrong").status_code == 200


def test_name_and_mail_are_one_account_to_the_lock(person):
    failures(Client(), "wen.lan", 3)
    failures(Client(), "WEN.LAN@example.org", 2)
    assert sign_in(Client(), "wen.lan").status_code == 200
    assert sign_in(Client(), "wen.lan@example.org").status_code == 200


def test_four_failures_under_both_names_lock_nothing(person):
    failures(Client(), "wen.lan", 2)
    failures(Client(), "wen.lan@example.org", 2)
    assert sign_in(Client(), "wen.lan").status_code == 302


def test_strangers_guesses_do_not_lock_the_browser_that_is_known(person):
    own = Client()
    assert sign_in(own, "wen.lan").status_code == 302
    own.post("/accounts/logout/")
    failures(Client(), "wen.lan", 5)
    assert sign_in(Client(), "wen.lan").status_code == 200, "from elsewhere it is locked"
    assert sign_in(own, "wen.lan@example.org").status_code == 302, "its own browser is not"


def test_a_known_browser_is_locked_by_its_own_failures(person):
    own = Client()
    assert sign_in(own, "wen.lan").status_code == 302
    own.post("/accounts/logout/")
    failures(own, "wen.lan", 5)
    assert sign_in(own, "wen.lan").status_code == 200
    assert sign_in(Client(), "wen.lan").status_code == 302


def test_a_cookie_of_ones_own_making_is_no_known_browser(person):
    stranger = Client()
    stranger.cookies[DEVICE_COOKIE] = f"[{person.pk}]"
    failures(stranger, "wen.lan", 5)
    assert sign_in(Client(), "wen.lan").status_code == 200, "it was counted with everybody else's"


def test_the_first_password_is_changed_before_anything_else(client, person):
    person.must_change_password = True
    person.save()
    for bad, said in (
        ("x-7", "密码太短：至少10位。"),
        ("wen.lan-77", "密码与本人的用户名太相近。"),
        ("1234567890", "太常见"),
    ):
        with pytest.raises(ValidationError) as refused:
            validate_password(bad, person)
        assert said in " ".join(refused.value.messages)
    sign_in(client, "wen.lan")
    change = "/accounts/password/change/"
    assert client.get("/echo/").headers["Location"] == change
    assert client.get("/language/").headers["Location"] != change
    for bad, said in (
        (PASSWORD, "与原密码相同"),
        ("xinjiangputaogou", "不能只用字母"),
    ):
        refused = client.post(change, {"oldpassword": PASSWORD, "password1": bad, "password2": bad})
        assert refused.status_code == 200
        assert said in refused.content.decode()
    person.refresh_from_db()
    assert person.must_change_password is True
    fresh = "xinjiang-7710-putao"
    answer = client.post(change, {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.must_change_password is False
    assert client.get("/echo/").headers.get("Location") != change


def test_thirty_idle_minutes_end_the_session(client, person):
    client.force_login(person)
    client.get("/accounts/email/")
    touch(client, 29 * 60 + 50)
    assert client.get("/session/").status_code == 200
    touch(client, 30 * 60)
    answer = client.get("/session/")
    assert answer.status_code == 401
    assert answer.headers["X-Login-Required"] == "1"
    assert "_auth_user_id" not in client.session


def test_asking_for_the_state_does_not_prolong_the_session(client, person):
    client.force_login(person)
    touch(client, 20 * 60)
    before = client.session["seen"]
    assert client.get("/session/").status_code == 200
    assert client.session["seen"] == before
    client.get("/accounts/email/")
    assert client.session["seen"] > before


def test_the_session_is_written_at_most_once_a_minute(client, person):
    client.force_login(person)
    client.get("/accounts/email/")

    def writes() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/accounts/email/")
        table = Session._meta.db_table
        return sum(table in query["sql"] and not query["sql"].startswith("SELECT") for query in queries)

    assert writes() == 0
    touch(client, 61)
    assert writes() >= 1
    assert writes() == 0


def test_the_moved_clock_logs_nobody_out(client, person):
    client.force_login(person)
    client.get("/accounts/email/")
    with clock.travel("2031-03-01T09:00:00"):
        assert client.get("/session/").status_code == 200


# --- A session that ran out ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"X-Requested-With": "XMLHttpRequest"}, {"Accept": "application/json"}],
)
def test_a_script_gets_401_and_a_mark(client, db, headers):
    answer = client.post("/accounts/password/change/x", headers=headers)
    assert answer.status_code == 404  # an address of nobody stays one
    answer = client.post("/echo/", {"reason": "说明"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["X-Login-Required"] == "1"
    assert json.loads(answer.content)["login"] == LOGIN


def test_a_form_without_scripts_gets_its_words_back(client, db):
    answer = client.post(
        "/echo/?step=3",
        {"reason": '<b>退回"理由"</b>', "f-a": ["1", "2"], "password": "never shown"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert 'action="/echo/?step=3"' in page
    assert 'name="reason" value="&lt;b&gt;退回&quot;理由&quot;&lt;/b&gt;"' in page
    assert page.count('name="f-a"') == 2
    assert "never shown" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_from_elsewhere_gets_no_such_page(client, db):
    answer = client.post("/echo/", {"reason": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/echo/", {"reason": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert b"data-resend" not in answer.content


def test_after_a_new_log_in_the_old_page_can_be_sent_again(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    token = client.get("/session/").json()["token"]
    answer = client.post("/language/", {"language": "en"}, headers={"X-CSRFToken": token})
    assert answer.status_code in (302, 204)
    client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32  # a log-in in another window turned the token
    answer = client.post(
        "/echo/", {"reason": "说明", "csrfmiddlewaretoken": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "说明" in page and "data-resend" in page
    assert token not in page


def test_a_new_log_in_goes_on_in_the_unit_of_before(client, person):
    client.force_login(person)
    session = client.session
    session["membership"] = 4711
    session.save()
    client.get("/accounts/email/")
    assert client.cookies["unit"].value
    client.session.flush()
    client.force_login(person)
    client.get("/accounts/email/")
    assert client.session["membership"] == 4711

    other = get_user_model().objects.create_user(username="other", email="o@example.org", name="他人")
    client.force_login(other)
    client.get("/accounts/email/")
    assert "membership" not in client.session
