"""Log-in, switching, deny by default."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from core import clock, outbox
from tenants import access
from tenants.demo import create_organisations_and_people, password_of
from tenants.middleware import MembershipMiddleware
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    college = factories.college()
    member = factories.member(college, "secretary")
    member.second = factories.member(factories.partner(), "contact", member.user)
    return member


def test_logging_in_with_login_and_password(client, person):
    page = client.get("/accounts/login/")
    assert page.status_code == 200
    body = page.content.decode()
    assert 'name="login"' in body
    assert 'name="password"' in body
    assert "演示账号" not in body
    wrong = client.post("/accounts/login/", {"login": person.user.username, "password": "wrong"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    right = client.post("/accounts/login/", {"login": person.user.username, "password": factories.PASSWORD})
    assert (right.status_code, right["Location"]) == (302, "/")
    client.post("/accounts/logout/")
    by_mail = client.post("/accounts/login/", {"login": person.user.email, "password": factories.PASSWORD})
    assert by_mail.status_code == 302


def test_the_login_page_names_the_demos_accounts_where_there_is_a_demo(client):
    create_organisations_and_people()
    body = client.get("/accounts/login/").content.decode()
    assert "演示账号" in body
    assert password_of("u4.clerk") in body
    answer = client.post("/accounts/login/", {"login": "u4.clerk", "password": password_of("u4.clerk")})
    assert answer.status_code == 302


def test_a_closed_account_does_not_get_in(client, person):
    person.user.is_active = False
    person.user.save()
    client.post("/accounts/login/", {"login": person.user.username, "password": factories.PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/organisation/", "/organisation/1/", "/memberships/", "/profile/", "/accounts/2fa/"])
def test_without_a_log_in_one_is_sent_to_it(client, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_a_script_without_a_log_in_gets_401(client):
    answer = client.get("/organisation/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 401
    assert answer["X-Login-Required"] == "1"


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/password/set/"])
def test_pages_of_the_login_package_that_are_not_used_are_closed(client, person, path):
    assert client.get(path).status_code == 404
    client.force_login(person.user)
    assert client.get(path).status_code == 404


def test_a_view_that_says_nothing_is_closed(person):
    request = RequestFactory().get("/x/")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="unknown")
    middleware = MembershipMiddleware(lambda _request: HttpResponse())

    def view(_request):
        return HttpResponse()

    request.user, request.membership = AnonymousUser(), None
    assert middleware.process_view(request, view, (), {}).status_code == 302
    assert middleware.process_view(request, access.public(lambda _r: None), (), {}) is None
    request.user = person.user
    assert middleware.process_view(request, view, (), {})["Location"] == "/memberships/"
    assert middleware.process_view(request, access.person(lambda _r: None), (), {}) is None
    request.membership = person
    assert middleware.process_view(request, view, (), {}) is None


def test_somebody_without_a_membership_gets_an_explanation(client):
    client.force_login(factories.user())
    answer = client.get("/organisation/", follow=True)
    assert answer.redirect_chain == [("/memberships/", 302)]
    assert "没有可用的单位身份" in answer.content.decode()
    assert client.get("/profile/").status_code == 200


def test_switching(client, person):
    client.force_login(person.user)
    assert person.organisation.name in client.get("/organisation/").content.decode()
    answer = client.post("/switch/", {"membership": person.second.pk})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = client.get("/organisation/")
    assert page.context["unit"] == person.second.organisation
    back = client.post("/switch/", {"membership": person.pk, "next": "/organisation/"})
    assert back["Location"] == "/organisation/"
    assert client.post("/switch/", {"membership": person.pk, "next": "https://evil.invalid/"})["Location"] == "/"
    assert client.get("/switch/").status_code == 405


@pytest.mark.parametrize("forged", ["", "abc", "-1", "999999999999999999999", "１２"])
def test_forged_switches(client, person, forged):
    client.force_login(person.user)
    assert client.post("/switch/", {"membership": forged}).status_code == 404


def test_switching_to_what_is_not_ones_own_or_not_usable(client, person):
    client.force_login(person.user)
    other = factories.member(person.organisation, "dean")
    assert client.post("/switch/", {"membership": other.pk}).status_code == 404
    person.second.state = "suspended"
    person.second.save()
    assert client.post("/switch/", {"membership": person.second.pk}).status_code == 404


def test_a_membership_that_ends_is_left_at_the_next_request(client, person):
    client.force_login(person.user)
    client.post("/switch/", {"membership": person.second.pk})
    person.second.until_on = clock.today()
    person.second.save()
    assert client.get("/organisation/").context["unit"] == person.second.organisation
    person.second.until_on = clock.today() - (clock.today().resolution)
    person.second.save()
    assert client.get("/organisation/").context["unit"] == person.organisation
    person.organisation.active = False
    person.organisation.save()
    assert client.get("/organisation/")["Location"] == "/memberships/"


def test_a_forged_session_value_opens_nothing(client, person):
    client.force_login(person.user)
    other = factories.member(factories.department(), "admin")
    session = client.session
    session["membership"] = other.pk
    session.save()
    assert client.get("/organisation/").context["unit"] == person.organisation


def test_the_password_is_changed_at_the_first_log_in(client, person):
    person.user.must_change_password = True
    person.user.save()
    client.force_login(person.user)
    assert client.get("/organisation/")["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/").status_code == 200
    client.post(
        "/accounts/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": "neu-xi-4471-ting", "password2": "neu-xi-4471-ting"},
    )
    person.user.refresh_from_db()
    assert not person.user.must_change_password


def test_the_pages_of_the_login_package_are_ours(client, person):
    assert "找回密码" in client.get("/accounts/password/reset/").content.decode()
    assert "请查收邮件" in client.get("/accounts/password/reset/done/").content.decode()
    assert "链接已失效" in client.get("/accounts/password/reset/key/1-x/").content.decode()
    assert "账号已停用" in client.get("/accounts/inactive/").content.decode()
    client.post("/accounts/login/", {"login": person.user.username, "password": factories.PASSWORD})
    assert "退出登录" in client.get("/accounts/logout/").content.decode()
    assert "两步验证" in client.get("/accounts/2fa/").content.decode()
    activate = client.get("/accounts/2fa/totp/activate/")
    assert "确认本人操作" in client.get(activate["Location"]).content.decode()
    client.post(activate["Location"], {"password": factories.PASSWORD})
    assert "data:image/svg+xml" in client.get("/accounts/2fa/totp/activate/").content.decode()


def test_resetting_a_forgotten_password(client, person):
    client.post("/accounts/password/reset/", {"email": person.user.email})
    outbox.drain()
    assert len(mail.outbox) == 1
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body).group()
    page = client.get(link, follow=True)
    assert "重设密码" in page.content.decode()
    done = client.post(
        page.request["PATH_INFO"],
        {"password1": "neu-xi-4471-ting", "password2": "neu-xi-4471-ting"},
        follow=True,
    )
    assert "新密码已保存" in done.content.decode()
    person.user.refresh_from_db()
    assert person.user.check_password("neu-xi-4471-ting")


def test_ones_own_data(client, person):
    client.force_login(person.user)
    factories.user(email="taken@example.invalid")
    own = {"name": "新名", "email": "new@example.invalid", "phone": "１３８ 1234-0000", "post": "", "is_superuser": "1"}
    for password in ("", "wrong"):
        asked = client.post("/profile/", own | {"password": password})
        assert asked.status_code == 422
        assert "当前密码" in asked.content.decode()
    person.user.refresh_from_db()
    assert person.user.email != "new@example.invalid"
    right = {"password": factories.PASSWORD}
    taken = client.post("/profile/", own | right | {"email": "Taken@example.invalid"})
    assert taken.status_code == 422
    assert "已用于另一个账号" in taken.content.decode()
    done = client.post("/profile/", own | right)
    assert done.status_code == 302
    unasked = {"name": "又一名", "email": "new@example.invalid", "phone": "138 1234-0000", "post": "教授"}
    assert client.post("/profile/", unasked).status_code == 302, "neither address nor number changed"
    assert client.post("/profile/", unasked | {"name": "新名"}).status_code == 302
    person.user.refresh_from_db()
    assert (person.user.name, person.user.email, person.user.is_superuser) == (
        "新名",
        "new@example.invalid",
        False,
    )
