"""Pages for everybody: notices and objections, the register, verification of papers."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from casework.models import Notice, Objection
from core import clock, outbox
from core.models import AttemptLog, OutboxMessage, Paper
from tenants.models import PublicAttempt
from tenants.services import attempts
from tests.browser import DESK, assert_clean, picture
from tests.tenants import factories
from tests.ui import factories as things

pytestmark = pytest.mark.django_db
TYPED = {
    "f-name": "某某",
    "f-email": "someone@example.invalid",
    "f-phone": "0834-2580000",
    "f-text": "所列数据与实际不符。",
}


@pytest.fixture
def running(db) -> Notice:
    return things.notice(factories.university(name="测试大学甲"), "拟推荐名单公示")


def paper(**more) -> Paper:
    return Paper.objects.create(
        case_kind="application",
        case_id=1,
        kind="application_form",
        title="联合培养基地申请书",
        number="T-2026-0001",
        code=more.pop("code", "7F3A-9C21"),
        content_sha256="ab" * 32,
        **more,
    )


def test_running_notices_before_those_that_are_over(running):
    things.notice(running.university, "往年公示", opens=-300, closes=-290, slug="old")
    things.notice(running.university, "明天公示", opens=1, closes=5, slug="later")
    text = Client().get("/public/").content.decode()
    assert text.index("拟推荐名单公示") < text.index("往年公示")
    assert "明天公示" not in text


def begin(notice, client=None, **typed):
    """Fill in the notice's form; returns the answer, a redirect to the page for the code where it was taken."""
    return (client or Client()).post(f"/public/notices/{notice.slug}/", TYPED | typed)


def code_mailed() -> str:
    """The code in the newest mail."""
    outbox.drain()
    return re.search(r"验证码是 (\d{6})", mail.outbox[-1].body)[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"f-text": "据" * 6000}, "6000"),
        ({"f-name": "某" * 41}, "41"),
        ({"f-email": "a" * 60 + "@b.cn"}, "65"),
        ({"f-name": "n" * 61}, "61"),
        ({"f-phone": "0834-2580000" * 8}, "电话过长"),
    ],
)
def test_what_is_too_long_is_refused_by_name_and_kept_whole(running, wrong, said):
    answer = begin(running, **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert all(value in page for value in (TYPED | wrong).values())
    assert "maxlength" not in page.partition('id="objection"')[2]


@pytest.mark.both_databases
def test_an_objection_counts_once_its_sender_confirmed_the_address(running):
    client = Client()
    page = begin(running, client)["Location"]
    assert page.startswith("/public/objections/")
    assert not Objection.objects.exists()
    assert not OutboxMessage.objects.exclude(payload__to="someone@example.invalid").exists()
    code = code_mailed()
    assert mail.outbox[-1].to == ["someone@example.invalid"]
    assert TYPED["f-text"] in client.get(page).content.decode()
    assert client.post(page, {"f-code": str((int(code) + 1) % 10**6).zfill(6)}).status_code == 422
    assert not Objection.objects.exists()
    assert client.post(page, {"f-code": code}).status_code == 302
    found = Objection.objects.get()
    assert (found.notice, found.name, found.text) == (running, "某某", "所列数据与实际不符。")
    assert found.contact == "someone@example.invalid，0834-2580000"
    receipt = client.get(page).content.decode()
    assert found.number in receipt
    assert TYPED["f-text"] not in receipt
    assert client.post(page, {"f-code": code}).status_code == 422, "used up"
    assert Objection.objects.count() == 1


def test_a_preview_uses_nothing_up_and_a_stranger_has_no_page(running):
    page = begin(running)["Location"]
    for _ in range(3):
        assert Client().get(page).status_code == 200
    assert Client().get("/public/objections/" + "0" * 64 + "/").status_code == 404
    with clock.travel(clock.now() + dt.timedelta(hours=25)):
        assert "已过期" in Client().get(page).content.decode()
        assert Client().post(page, {"f-code": "123456"}).status_code == 422
    assert not Objection.objects.exists()


@pytest.mark.parametrize("wrong", [{"f-text": ""}, {"f-name": ""}, {"f-email": ""}, {"f-email": "no address"}])
def test_an_objection_that_lacks_something_keeps_what_was_typed(running, wrong):
    answer = begin(running, **wrong)
    assert answer.status_code == 422
    for name, value in (TYPED | wrong).items():
        if value and name != "f-text":
            assert f'value="{value}"' in answer.content.decode()
    assert not Objection.objects.exists()
    outbox.drain()
    assert mail.outbox == []


def test_no_objection_after_the_last_day(running):
    page = begin(running)["Location"]
    code = code_mailed()
    with clock.travel(clock.now() + (clock.aware("2026-01-20") - clock.aware("2026-01-10"))):
        assert begin(running).status_code == 422
        assert Client().post(page, {"f-code": code}).status_code == 422
    assert not Objection.objects.exists()
    assert AttemptLog.objects.count() == 0
    assert set(PublicAttempt.objects.values_list("outcome", flat=True)) == {"code", "refused", "wrong"}


def test_a_flood_is_held_back_by_address_network_and_notice(running):
    for _ in range(3):
        assert begin(running).status_code == 302
    fourth = begin(running, **{"f-email": "Someone@Example.invalid"})
    assert fourth.status_code == 429
    assert 'value="Someone@Example.invalid"' in fourth.content.decode()
    other = things.notice(running.university, "另一公示", slug="other")
    assert begin(other).status_code == 302, "another notice, another count"
    for number in range(16):
        assert begin(running, **{"f-email": f"a{number}@example.invalid"}).status_code == 302
    assert begin(running, **{"f-email": "b@example.invalid"}).status_code == 429, "twenty from one network"
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert begin(running, elsewhere, **{"f-email": "b@example.invalid"}).status_code == 302
    for number in range(40):
        PublicAttempt.objects.create(what="objection", about_id=running.pk, outcome="code", network_hash=str(number))
    third = Client(REMOTE_ADDR="203.0.113.8")
    assert begin(running, third, **{"f-email": "c@example.invalid"}).status_code == 429, "sixty for one notice"
    assert (Objection.objects.count(), AttemptLog.objects.count()) == (0, 0)
    assert not PublicAttempt.objects.filter(address_hash__contains="@").exists()


def test_what_the_public_tried_is_dropped_after_a_while(running):
    page = begin(running)["Location"]
    assert attempts.clean() == {"attempts": 0, "links": 0}
    PublicAttempt.objects.update(at=clock.real_now() - dt.timedelta(days=31))
    with clock.travel(clock.now() + dt.timedelta(days=40)):
        assert attempts.clean() == {"attempts": 1, "links": 1}
    assert attempts.clean() == {"attempts": 0, "links": 0}
    assert Client().get(page).status_code == 404


def test_user_text_of_a_notice_is_escaped(running):
    Notice.objects.filter(pk=running.pk).update(body="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in Client().get(f"/public/notices/{running.slug}/").content.decode()


@pytest.mark.parametrize("slug", ["later", "missing"])
def test_a_notice_that_has_not_begun_does_not_exist(running, slug):
    things.notice(running.university, "明天公示", opens=1, closes=5, slug="later")
    assert Client().get(f"/public/notices/{slug}/").status_code == 404


def test_verification_by_code_and_number():
    paper()
    client = Client()
    for address in (
        "/verify/7F3A-9C21/",
        "/verify/?code=7f3a-9c21",
        "/verify/?code=7F3A-9C21&number=T-2026-0001",
        "/verify/?code=版本校验码：７Ｆ３ａ—９Ｃ２１&number=编号：ｔ－2026—0001",
    ):
        text = client.get(address).content.decode()
        assert "版本有效" in text and "ab" * 32 in text
    assert "没有找到" in client.get("/verify/?code=7F3A-9C21&number=T-2026-0002").content.decode()
    assert "没有找到" in client.get("/verify/0000/").content.decode()


def test_a_voided_version_says_so_and_names_the_newer():
    paper(voided_at=clock.now(), void_reason="内容已修改")
    paper(code="AAAA-BBBB", version=2)
    text = Client().get("/verify/7F3A-9C21/").content.decode()
    assert "不得使用" in text and "现行版本为第2版" in text and "内容已修改" in text


def test_register_without_bases():
    assert "名录中还没有基地" in Client().get("/public/bases/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_public_pages_are_clean_in_the_browser(browser_page):
    running = things.notice(factories.university(name="测试大学甲"), "2026年度研究生联合培养基地拟推荐名单公示")
    things.notice(running.university, "往年公示", opens=-300, closes=-290, slug="old")
    paper()
    page = browser_page()
    for name, address in (
        ("public", "/public/"),
        ("notice", f"/public/notices/{running.slug}/"),
        ("bases", "/public/bases/"),
        ("verify", "/verify/7F3A-9C21/"),
        ("unverified", "/verify/0000/"),
    ):
        page.goto(address)
        assert_clean(page)
        picture(page, name)
    page.set_viewport_size(DESK)
    page.goto(f"/public/notices/{running.slug}/")
    for name, text in TYPED.items():
        page.fill(f"[name={name}]", text)
    page.get_by_role("button", name="下一步：邮箱验证").click()
    page.get_by_role("button", name="确认提交").wait_for()
    page.fill("[name=f-code]", code_mailed())
    page.get_by_role("button", name="确认提交").dblclick()
    page.get_by_text("异议已收到").wait_for()
    assert Objection.objects.count() == 1
