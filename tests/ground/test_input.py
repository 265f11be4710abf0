"""What no database stores comes in nowhere: addresses, queries, forms, JSON, file names, cookies; nothing private stays."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.tenants import factories
from tests.ui import factories as things

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NUL = "%00"


@pytest.fixture
def secretary():
    return factories.member(factories.college(), "secretary")


@pytest.fixture
def client(client, secretary) -> Client:
    client.force_login(secretary.user, backend="config.accounts.LoginBackend")
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/verify/?code={}",
        "/verify/?code=7F3A&number={}",
        "/public/bases/?q={}",
        "/public/?before={}",
        "/search/?q={}",
        "/todos/?q={}",
        "/organisation/?q={}",
        "/organisation/partners/?q={}&kind={}",
        "/inbox/?{}=1",
    ],
)
@pytest.mark.parametrize("sign", [NUL, "%ED%A0%80", "%u0000"])
def test_a_query_is_read_without_it(client, address, sign):
    for who in (client, Client()):
        assert who.get(address.replace("{}", sign)).status_code in (200, 302)


@pytest.mark.parametrize(
    "address", ["/regulations/{}/1/", "/verify/{}/", "/public/notices/{}/", "/invitations/{}/", "/{}"]
)
def test_an_address_with_it_is_no_address(client, address):
    for who in (client, Client()):
        assert who.get(address.replace("{}", NUL)).status_code == 400
        assert who.post(address.replace("{}", NUL)).status_code == 400


def test_a_form_is_read_without_it(client, secretary):
    answer = client.post(
        "/profile/",
        {"name": "温\0岚", "email": "wen@example.invalid", "phone": "\0", "\0": "x", "password": factories.PASSWORD},
    )
    assert answer.status_code == 302
    secretary.user.refresh_from_db()
    assert secretary.user.name == "温岚"


def test_every_form_is_read_as_texts_are_kept_and_a_password_as_it_was_typed(client, secretary):
    typed = {"name": "⽂⽅⼀\u200b", "email": "ｗｅｎ＠example.invalid", "phone": "０８３４－２５８００００"}
    secretary.user.set_password("Ａ１" + factories.PASSWORD)
    secretary.user.save()
    client.force_login(secretary.user, backend="config.accounts.LoginBackend")
    wrong = client.post("/profile/", {**typed, "password": "A1" + factories.PASSWORD})
    assert wrong.status_code == 422 and 'value="文方一"' in wrong.content.decode()
    assert client.post("/profile/", {**typed, "password": "Ａ１" + factories.PASSWORD}).status_code == 302
    secretary.user.refresh_from_db()
    kept = secretary.user
    assert (kept.name, kept.email, kept.phone) == ("文方一", "wen@example.invalid", "0834-2580000")


def test_an_objector_is_read_without_it():
    notice = things.notice(factories.university(), "拟推荐名单公示")
    typed = {"f-name": "某\0某", "f-email": "a\0@b.cn", "f-text": "\0"}
    answer = Client().post(f"/public/notices/{notice.slug}/", typed)
    assert answer.status_code == 422
    assert 'value="某某"' in answer.content.decode()


def test_a_file_name_is_read_without_it():
    answer = Client().post("/verify/", {"file": SimpleUploadedFile("a\0b.pdf", b"no pdf"), "code": "7F\0"})
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b'{"answers": {"a": "x\\u0000"}}', b'{"answers": {"\\ud800": [1]}}'])
def test_json_with_it_is_refused(client, body):
    answer = client.post("/cases/application/1/forms/x/autosave/", body, content_type="application/json")
    assert answer.status_code == 400
    fine = client.post("/cases/application/1/forms/x/autosave/", b'{"a": "\\\\u0000"}', content_type="application/json")
    assert fine.status_code == 404


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "unit"])
def test_a_cookie_with_it_is_none(name):
    client = Client()
    client.cookies[name] = "a\0b"
    assert client.get("/public/").status_code == 200
    assert client.get("/").status_code == 302


def test_private_pages_are_not_kept(client):
    for address in ("/", "/organisation/", "/profile/", "/accounts/password/change/", "/public/"):
        assert "no-store" in client.get(address)["Cache-Control"], address
    assert "no-store" not in Client().get("/public/").get("Cache-Control", "")
