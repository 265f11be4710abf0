"""Pages for everybody: notices and objections, the register, verification of papers."""

from __future__ import annotations

import pytest
from django.test import Client

from casework.models import Notice, Objection
from core import clock
from core.models import AttemptLog, Paper
from tests.browser import DESK, assert_clean, picture
from tests.tenants import factories
from tests.ui import factories as things

pytestmark = pytest.mark.django_db
TYPED = {"f-name": "某某", "f-contact": "10000000001", "f-text": "所列数据与实际不符。"}


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


def test_an_objection_reaches_the_notice(running):
    answer = Client().post(f"/public/notices/{running.slug}/", TYPED, follow=True)
    assert "异议已收到" in answer.content.decode()
    found = Objection.objects.get()
    assert (found.notice, found.name, found.text) == (running, "某某", "所列数据与实际不符。")


def test_an_objection_without_text_keeps_what_was_typed(running):
    answer = Client().post(f"/public/notices/{running.slug}/", {**TYPED, "f-text": ""})
    assert answer.status_code == 422
    assert 'value="某某"' in answer.content.decode()
    assert not Objection.objects.exists()


def test_no_objection_after_the_last_day(running):
    with clock.travel(clock.now() + (clock.aware("2026-01-20") - clock.aware("2026-01-10"))):
        answer = Client().post(f"/public/notices/{running.slug}/", TYPED)
        assert answer.status_code in (409, 422)
    assert not Objection.objects.exists()
    assert AttemptLog.objects.count() == 1


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
    page.get_by_role("button", name="提交异议").dblclick()
    page.get_by_text("异议已收到").wait_for()
    assert Objection.objects.count() == 1
