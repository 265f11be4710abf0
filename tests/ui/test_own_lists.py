"""我发起的 and 抄送我的: what the reader began, and what colleagues brought to their notice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.services.starting import start_application
from casework.models import Copy
from core import clock, outbox
from core.models import InboxMessage, TransitionLog
from tests.browser import assert_clean, picture
from tests.scenarios import house
from tests.scenarios.house import done, fresh, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    """A region with a call, in which the secretary began an application."""
    with clock.travel("2027-03-01T09:00"):
        made = house.nm_region()
        made.call = house.open_nm_call(made)
        made.application = house.nm_draft(made, made.call)
        yield made


def rows(person, path):
    answer = person.get(path)
    assert answer.status_code == 200
    return [(row.case_kind, row.case_id) for row in answer.context["list"].page.rows]


def test_what_somebody_began_is_theirs_with_where_it_is_now(region):
    mine = ("application", region.application.pk)
    assert mine in rows(region.secretary, "/started/")
    assert ("call", region.call.pk) in rows(region.officer, "/started/")
    done(region.secretary.do(region.application, "submit"))
    page = text_of(region.secretary.get("/started/"))
    assert region.application.title in page and "推荐中" in page and "培养单位审核（六方面）" in page
    # Who acts on a case later did not begin it; nor did a colleague, nor anybody elsewhere.
    done(region.office.step(region.application, "six_aspects", house.SIX_ASPECTS))
    colleague = house.Person(factories.member(region.college, "secretary"))
    for person in (region.office, colleague, region.other_secretary, region.officer):
        assert mine not in rows(person, "/started/")


def test_the_same_queries_for_any_number(region):
    def asked() -> int:
        region.secretary.get("/started/")
        with CaptureQueriesContext(connection) as queries:
            region.secretary.get("/started/")
        return len(queries)

    few = asked()
    for number in range(8):
        start_application(region.secretary.membership, region.call, title=f"基地{number}")
    assert len(rows(region.secretary, "/started/")) >= 9
    assert asked() == few


def test_a_case_is_copied_to_colleagues_once_a_day(region):
    colleague = factories.member(region.college, "dean")
    url = f"{region.application.get_absolute_url()}copy/"
    assert url in text_of(region.secretary.page(region.application))
    page = text_of(region.secretary.get(url))
    assert colleague.name in page and region.office.membership.name not in page, "one's own organisation only"
    data = {"to": [colleague.pk], "note": "请关注经费部分。"}
    for _again in range(2):
        done(region.secretary.client.post(url, data))
    outbox.drain(50)
    reader = house.Person(colleague)
    assert rows(reader, "/copied/") == [("application", region.application.pk)]
    assert "请关注经费部分。" in text_of(reader.get("/copied/"))
    assert InboxMessage.objects.filter(user=colleague.user, title__startswith="【抄送】").count() == 1
    line = TransitionLog.objects.get(transition="copy")
    assert line.reason == f"{colleague.name}。请关注经费部分。" and line.actor_name == region.secretary.membership.name
    assert fresh(region.application).state == "draft"
    assert rows(region.secretary, "/copied/") == []
    home = text_of(reader.get("/"))
    assert "/started/" in home and "/copied/" in home


def test_what_is_refused(region):
    url = f"{region.application.get_absolute_url()}copy/"
    foreign = factories.member(region.other_college, "secretary")
    colleague = factories.member(region.college, "dean")
    for data, said in (
        ({}, "请选择抄送的同事"),
        ({"to": [foreign.pk]}, "请选择抄送的同事"),
        ({"to": ["x", "99999999999999999999"]}, "请选择抄送的同事"),
    ):
        answer = region.secretary.client.post(url, data)
        assert answer.status_code == 422 and said in text_of(answer)
    answer = region.secretary.client.post(url, {"to": [colleague.pk], "note": "长" * 201})
    assert answer.status_code == 422 and "现有201字" in text_of(answer) and "长" * 200 in text_of(answer)
    for person in (region.other_secretary, region.other_office, region.officer):
        assert person.get(url).status_code == 404
        assert person.client.post(url, {"to": [colleague.pk]}).status_code == 404
    assert not Copy.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_looks_right(region, browser_page):
    colleague = factories.member(region.college, "dean", factories.user("蒋维桢"))
    page = browser_page(region.secretary.membership)
    page.goto(region.application.get_absolute_url())
    page.get_by_role("link", name="抄送").click()
    assert_clean(page)
    page.check(f"#to-{colleague.pk}")
    page.fill("#note", "请关注经费部分。")
    picture(page, "copy")
    page.click(".act-buttons button")
    page.wait_for_url("**/cases/application/*/")
    assert "已抄送：蒋维桢" in page.inner_text("main")
    page.goto("/started/")
    assert_clean(page)
    picture(page, "started")
    reader = browser_page(colleague)
    reader.goto("/")
    assert_clean(reader)
    picture(reader, "own-home")
    reader.get_by_role("link", name="抄送我的").click()
    assert_clean(reader)
    picture(reader, "copied")
