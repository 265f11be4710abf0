"""The home page: what waits, counted and in order, in a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from core import clock
from core.models import InboxMessage, OutboxMessage, Paper, TransitionLog
from portal import guides, menus
from tenants import roles
from tests.browser import assert_clean, picture
from tests.scenarios import house
from tests.tenants import factories
from tests.ui import factories as things

pytestmark = pytest.mark.django_db
QUERIES = 19  # of the home page with its frame, whatever waits


@pytest.fixture
def office(db):
    return factories.member(factories.university(name="测试大学甲"), "graduate_office")


def signed_in(membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend="config.accounts.LoginBackend")
    return client


def counters(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"<b>(\d+)</b>", text)]


def test_counts_what_waits_for_the_role_in_its_unit(office):
    unit = office.organisation
    for number, due in enumerate((-3, 0, 7, 8, None), 1):
        things.step(unit, "graduate_office", due, number)
    things.step(unit, "legal", 1, 10)  # another role's
    things.step(factories.university(), "graduate_office", 1, 11)  # another unit's
    things.step(unit, "vice_president", 2, 12, offline=True)  # entered by the office
    text = signed_in(office).get("/").content.decode()
    assert counters(text) == [6, 1, 3, 0]


def test_the_oldest_deadline_comes_first_and_none_last(office):
    for number, due in ((1, None), (2, 9), (3, -2), (4, 0)):
        things.step(office.organisation, "graduate_office", due, number)
    text = signed_in(office).get("/").content.decode()
    assert re.findall(r"T-2026-000\d", text) == ["T-2026-0003", "T-2026-0004", "T-2026-0002", "T-2026-0001"]


@pytest.mark.parametrize("count", [1, 30])
def test_same_queries_for_any_number_of_todos(office, count):
    for number in range(count):
        things.step(office.organisation, "graduate_office", number, number + 1)
        things.entry(office.organisation, "graduate_office", number, f"协议{number}到期")
    client = signed_in(office)
    client.get("/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/")
    assert len(seen) == QUERIES


def test_a_todo_that_waits_for_a_running_notice_shows_its_last_day(office):
    for number, closes in ((1, 5), (7, -1)):
        things.step(office.organisation, "graduate_office", None, number, kind="notice", step="推荐名单公示")
        posted = things.notice(office.organisation, f"公示{number}", closes=closes, slug=f"n{number}")
        posted.case_list.entries.filter(rank=1).update(case_id=number)
        posted.case_list.entries.filter(rank=2).delete()
    closes_on = clock.today() + dt.timedelta(days=5)
    for path in ("/", "/todos/"):
        body = signed_in(office).get(path).content.decode().split("<tbody", 1)[1].split("</tbody", 1)[0]
        rows = {number: row for row in body.split("<tr")[1:] for number in re.findall(r"T-2026-000\d", row)}
        assert closes_on.isoformat() in rows["T-2026-0001"] and "剩5天" in rows["T-2026-0001"]
        assert "逾期" not in rows["T-2026-0007"]  # over: from now on it can be acted upon, and nothing is late
    assert counters(signed_in(office).get("/").content.decode()) == [2, 0, 1, 0]


def test_reminders_within_ninety_days(office):
    things.entry(office.organisation, "graduate_office", 41, "协议到期")
    things.entry(office.organisation, "", 91, "很久以后")
    things.entry(office.organisation, "legal", 3, "别的角色")
    text = signed_in(office).get("/").content.decode()
    assert "协议到期" in text and "剩41天" in text
    assert "很久以后" not in text and "别的角色" not in text


def test_partner_sees_one_card_for_each_task():
    member = factories.member(factories.partner(name="测试医院", seal="医院公章"), "contact")
    things.step(member.organisation, "partner_leader", 3, 1, offline=True, step="合作单位意见")
    text = signed_in(member).get("/").content.decode()
    assert "需要我办的" in text
    assert text.count('class="task-card"') == 1
    assert "医院公章" in text


def test_partner_card_says_which_seal_on_how_many_copies():
    member = factories.member(factories.partner(name="测试医院"), "contact")
    things.step(member.organisation, "contact", 3, 1)
    Paper.objects.create(
        case_kind="application",
        case_id=1,
        kind="agreement",
        title="协议",
        number="1",
        code="C1",
        content_sha256="0" * 64,
        seal_kind="公司公章或合同专用章",
        copies=[{"label": "甲方"}, {"label": "乙方"}],
    )
    text = signed_in(member).get("/").content.decode()
    assert "盖公司公章或合同专用章，2份" in text


def test_nothing_waits(office):
    text = signed_in(office).get("/").content.decode()
    assert counters(text) == [0, 0, 0, 0]
    assert "没有待办事项" in text


def test_menu_shows_only_addresses_that_exist(office):
    for kind, role in sorted((kind, role) for kind, known in roles.ROLES.items() for role in known):
        for line in menus.draw(kind, role, "/"):
            for one in (line, *line.below):
                if one.url:
                    try:
                        resolve(one.url.split("?")[0])
                    except Resolver404:
                        pytest.fail(f"{kind}.{role}: {one.label} leads to {one.url}")


@pytest.mark.parametrize(
    ("role", "path", "query", "wanted"),
    [
        ("graduate_office", "/lists/", {}, "推荐名单"),
        ("graduate_office", "/lists/", {"kind": "recommended", "sort": "title"}, "报送"),
        ("graduate_office", "/lists/", {"kind": "preliminary"}, "推荐名单"),
        ("graduate_office", "/applications/", {"work": "mine"}, "校内遴选"),
        ("graduate_office", "/applications/", {}, "申报管理"),
        ("expert", "/reviews/", {"done": "submitted"}, "已提交"),
        ("expert", "/reviews/", {}, "我的评审"),
    ],
)
def test_of_entries_that_share_an_address_the_one_asked_for_is_current(role, path, query, wanted):
    drawn = menus.draw("university", role, path, query)
    current = [one.label for line in drawn for one in (line, *line.below) if one.current]
    assert current == [wanted]


def test_messages_are_read_one_by_one_and_all_at_once(office):
    client = signed_in(office)
    first = things.message(office.user, "第一条", "/search/")
    foreign = things.message(factories.user(), "别人的")
    things.message(office.user, "外站", "https://example.com/")
    text = client.get("/inbox/").content.decode()
    assert "第一条" in text and "别人的" not in text
    assert client.post(f"/inbox/{first.pk}/")["Location"] == "/search/"
    assert client.post(f"/inbox/{foreign.pk}/").status_code == 404
    outside = InboxMessage.objects.get(title="外站")
    assert client.post(f"/inbox/{outside.pk}/")["Location"] == "/inbox/"
    things.message(office.user, "第二条")
    client.post("/inbox/read/")
    assert not InboxMessage.objects.filter(user=office.user, read_at=None).exists()
    assert InboxMessage.objects.filter(read_at=None).get() == foreign


def test_search_finds_only_what_the_membership_sees(office):
    things.notice(office.organisation, "甲校推荐名单", slug="a")
    things.notice(factories.university(), "乙校推荐名单", slug="b")
    client = signed_in(office)
    text = client.get("/search/", {"q": "推荐名单"}).content.decode()
    assert "甲校推荐名单" in text and "乙校推荐名单" not in text
    for typed in ("甲校\u200b推荐", "（甲校）推荐", "推荐　甲校", "甲校推荐\x00名单"):
        assert "甲校推荐名单" in client.get("/search/", {"q": typed}).content.decode(), typed
    assert "没有找到" in client.get("/search/", {"q": "没有这样的"}).content.decode()
    assert "<script>" not in client.get("/search/", {"q": "<script>x"}).content.decode().replace("<script src", "")


@pytest.mark.parametrize("name", list(guides.NAMES))
def test_every_guide_is_readable_without_log_in(name):
    answer = Client().get(f"/help/{name}/")
    assert answer.status_code == 200
    assert "使用说明</h1>" in answer.content.decode()


@pytest.mark.parametrize("name", list(guides.NAMES))
def test_every_guide_is_there_in_english(name):
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.get(f"/help/{name}/")
    article = answer.content.decode().split("<article", 1)[1].split("</article")[0]
    assert answer.status_code == 200 and "<h1>Guide for" in article
    assert not re.search("[\u4e00-\u9fff]", article)


def test_no_guide_by_another_name():
    assert Client().get("/help/nothing/").status_code == 404
    assert Client().get("/help/..%2f..%2fREADME/").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_are_clean_in_the_browser(browser_page):
    office = factories.member(factories.university(name="测试大学甲"), "graduate_office")
    factories.member(factories.department(name="测试省教育厅"), "officer", office.user)
    unit = office.organisation
    for number, due in enumerate((-3, 0, 6, 20, 45, 80, None), 1):
        things.step(unit, "graduate_office", due, number)
    for due in (2, 25, 50, 88):
        things.entry(unit, "graduate_office", due, f"协议{due}天后到期")
    things.notice(unit, "2026年度研究生联合培养基地拟推荐名单公示")
    things.message(office.user, "【到期提醒】协议到期", body="测试大学—合作单位研究生联合培养基地 办理时限：2026-12-01")
    page = browser_page(office)
    for name, address in (
        ("home", "/"),
        ("inbox", "/inbox/"),
        ("search", "/search/?q=名单"),
        ("help", "/help/"),
    ):
        page.goto(address)
        assert_clean(page)
        picture(page, name)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_partner_home_is_clean_in_the_browser(browser_page):
    member = factories.member(factories.partner(name="测试医院", seal="医院公章"), "contact")
    things.step(member.organisation, "partner_leader", 3, 1, offline=True, step="合作单位意见")
    things.step(member.organisation, "contact", -1, 2, step="协议内容确认")
    page = browser_page(member)
    page.goto("/")
    assert_clean(page)
    picture(page, "partner-home")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_menu_opens_on_a_phone_by_keyboard_and_closes_on_escape(browser_page):
    page = browser_page("university", "graduate_office", viewport={"width": 390, "height": 844})
    page.goto("/")
    menu = page.locator("#menu")
    assert not menu.is_visible()
    page.keyboard.press("Tab")  # the skip link
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert menu.is_visible()
    assert page.locator("#main").evaluate("e => e.inert") is True
    picture(page, "menu", sizes=("phone",))
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.dataset.menu") == "open"


def test_all_todos_and_what_was_done(office):
    for number in range(3):
        things.step(office.organisation, "graduate_office", number, number + 1)
    things.step(office.organisation, "legal", 1, 10, title="法务的")
    client = signed_in(office)
    text = client.get("/todos/").content.decode()
    assert text.count("<tr>") == 4 and "法务的" not in text
    assert "还没有办理过的事项" in client.get("/done/").content.decode()


def test_reminding_tells_the_holder_once_a_day():
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        application = house.nm_draft(region, house.open_nm_call(region))
        house.done(region.secretary.do(application, "submit"))
        url = f"{application.get_absolute_url()}remind/"
        held = InboxMessage.objects.filter(user=region.office.membership.user, title__startswith="【催办】")
        for _again in range(2):
            house.done(region.secretary.client.post(url))
        assert held.count() == 1
        assert TransitionLog.objects.filter(transition="remind").count() == 1
        assert OutboxMessage.objects.filter(key__startswith="remind:").exists()
        house.done(region.office.client.post(url))  # the holder itself reminds nobody
        assert TransitionLog.objects.filter(transition="remind").count() == 1
        assert region.other_secretary.client.post(url).status_code == 404
        assert region.secretary.client.get(url).status_code == 405
        text = region.secretary.page(application).content.decode()
        assert url in text
        assert url not in region.office.page(application).content.decode()
    with clock.travel("2027-03-02T09:00"):
        house.done(region.secretary.client.post(url))
        assert held.count() == 2


def test_a_message_is_read_in_the_membership_it_was_written_to(office):
    second = factories.member(factories.department(), "officer", office.user)
    client = signed_in(office)
    one = things.message(office.user, "给省厅身份", "/todos/", membership_id=second.pk)
    client.post(f"/inbox/{one.pk}/")
    assert client.session["membership"] == second.pk


@pytest.mark.parametrize("name", ["college", "graduate_office", "department", "partner", "expert"])
def test_guides_tell_of_copies_and_of_ones_own_lists_and_details(name):
    said = guides.read(name)
    words = {"本人信息"} | (set() if name == "expert" else {"抄送", "抄送我的", "我发起的"})
    assert [one for one in words if one not in said] == []
