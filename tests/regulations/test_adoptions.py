"""Which version governs whom from when: seen by those it concerns, entered by the organisation's administrator."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from core import clock
from core.models import TransitionLog
from regulations import adoptions, services
from regulations.models import Adoption, Regulation, RegulationVersion
from tests.browser import assert_clean, picture
from tests.tenants import factories

pytestmark = pytest.mark.django_db
PAGE, NEW = "/regulations/adoptions/", "/regulations/adoptions/new/"
D = dt.date.fromisoformat


@pytest.fixture
def school(house):
    """XCU/1 in force since 2026-01-05 for its university, and a second version from 2027 on, published."""
    first = services.publish(house.versions["XCU"], D("2026-01-05"))
    services.publish(house.versions["NM"], D("2026-01-05"))
    content = json.loads(first.content)
    content["head"]["version"] = "2"
    second = RegulationVersion.objects.create(
        regulation=first.regulation, number="2", content=json.dumps(content, ensure_ascii=False)
    )
    house.first, house.second = first, second
    house.university, house.admin = house.universities["XCU"], house.admins["XCU"]
    return house


def entry(version, day="2027-03-01", **more):
    return {"version": version.pk, "from_on": day, "reason": "校发〔2027〕1号", "confirmed": "on", **more}


def test_the_timeline_says_what_governing_says(school):
    """On every day that something changes, the page and the question that the rooms ask agree."""
    services.publish(school.second, D("2027-01-01"))
    lcu = services.publish(school.versions["LCU"], D("2026-01-05"))
    Adoption.objects.create(
        organisation=school.university,
        level="school",
        regulation=lcu.regulation,
        from_on=D("2026-06-01"),
        until_on=D("2026-08-31"),
    )
    spans = [span for span in adoptions.timeline([school.university]) if span.level == "school"]
    assert [(span.version, span.from_on, span.until_on) for span in spans] == [
        (school.first, D("2026-01-05"), D("2026-05-31")),
        (lcu, D("2026-06-01"), D("2026-08-31")),
        (school.first, D("2026-09-01"), D("2026-12-31")),
        (school.second, D("2027-01-01"), None),
    ]
    for span in spans:
        for day in (span.from_on, span.until_on or D("2030-01-01")):
            assert services.governing(school.university, "school", day) == span.version


def test_the_administrator_switches_to_a_new_version(school, sign_in):
    with clock.travel("2026-02-01"):
        client = sign_in(school.admin)
        assert client.post(NEW, entry(school.first, "2026-03-01")).status_code == 302
        services.publish(school.second, D("2027-01-01"))
        page = client.get(PAGE).content.decode()
        assert "XCU版本2已登记生效（2027-01-01起施行），目前仍适用版本1" in page
        assert f"{NEW}?version={school.second.pk}" in page
        assert services.governing(school.university, "school", D("2027-06-01")) == school.first
        assert client.post(NEW, entry(school.second)).status_code == 302
        again = client.post(NEW, entry(school.second))
        assert again.status_code == 302, "a second click changes nothing"
    rows = Adoption.objects.filter(organisation=school.university).order_by("pk")
    assert [(row.version_id, row.from_on, row.until_on) for row in rows] == [
        (None, D("2026-01-05"), D("2026-02-28")),
        (school.first.pk, D("2026-03-01"), D("2027-02-28")),
        (school.second.pk, D("2027-03-01"), None),
    ]
    for day, version in (
        ("2026-02-28", school.first),
        ("2027-02-28", school.first),
        ("2027-03-01", school.second),
    ):
        assert services.governing(school.university, "school", D(day)) == version
    lines = TransitionLog.objects.filter(case_kind="organisation", case_id=school.university.pk, transition="adopt")
    assert lines.count() == 2
    assert lines.last().data == {"regulation": "XCU/2", "level": "school", "from": "2027-03-01"}
    assert "校发〔2027〕1号" in lines.last().reason and lines.last().actor_name == school.admin.name
    assert "自2027-03-01起适用" in sign_in(school.admin).get("/organisation/").content.decode()


def test_what_is_too_long_is_refused_by_name_and_the_browser_cuts_nothing(school, sign_in):
    with clock.travel("2026-02-01"):
        client = sign_in(school.admin)
        assert "maxlength" not in client.get(NEW).content.decode().partition("<main")[2]
        answer = client.post(NEW, entry(school.first, "2026-03-01", reason="据" * 301))
    page = answer.content.decode()
    assert answer.status_code == 422 and "301" in page and "据" * 301 in page


@pytest.mark.parametrize(
    "changes,said",
    [
        ({"from_on": "2026-01-01"}, "自2026-01-05起施行，适用日期2026-01-01不能早于该日"),
        ({"from_on": "2026-01-20"}, "不能早于今天2026-02-01"),
        ({"from_on": ""}, "这个字段是必填项"),
        ({"reason": ""}, "这个字段是必填项"),
        ({"confirmed": ""}, "请先核对，再勾选确认"),
        ({"version": "999999"}, "选择一个有效的选项"),
    ],
)
def test_what_is_refused_says_so_and_changes_nothing(school, sign_in, changes, said):
    with clock.travel("2026-02-01"):
        answer = sign_in(school.admin).post(NEW, entry(school.first, "2026-03-01") | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert changes.get("reason") == "" or "校发〔2027〕1号" in answer.content.decode(), "what was typed stays"
    assert Adoption.objects.filter(organisation=school.university).count() == 1
    assert not TransitionLog.objects.filter(transition="adopt").exists()


def test_the_days_are_in_order(school, sign_in):
    services.publish(school.second, D("2027-01-01"))
    with clock.travel("2026-02-01"):
        client = sign_in(school.admin)
        assert client.post(NEW, entry(school.second)).status_code == 302
        answer = client.post(NEW, entry(school.first, "2027-02-01"))
        assert answer.status_code == 422
        assert "已登记自2027-03-01起适用XCU，新的适用日期应晚于该日" in answer.content.decode()


def test_only_what_is_published_and_of_the_own_level_may_be_chosen(school, sign_in):
    """No draft, no provincial text for a university, no school's text for a department."""
    with clock.travel("2026-02-01"):
        offered = dict(sign_in(school.admin).get(NEW).context["form"].fields["version"].choices)
        assert set(offered) == {school.first.pk}
        offered = dict(sign_in(school.admins["NM"]).get(NEW).context["form"].fields["version"].choices)
        assert set(offered) == {school.versions["NM"].pk}


def test_who_sees_and_who_enters(school, sign_in, django_assert_max_num_queries):
    with clock.travel("2026-02-01"):
        for membership in (
            school.admin,
            school.secretaries["XCU"],
            factories.member(school.university, "graduate_office"),
        ):
            client = sign_in(membership)
            with django_assert_max_num_queries(12):
                answer = client.get(PAGE)
            assert answer.status_code == 200
            units = {row["span"].organisation for row in answer.context["rows"]}
            assert units == {school.university, school.department}, "its own and what it inherits, nobody else's"
            assert school.universities["LCU"].name not in answer.content.decode()
        units = {row["span"].organisation for row in sign_in(school.admins["NM"]).get(PAGE).context["rows"]}
        assert units == {school.department, *school.universities.values()}
        stranger = factories.member(factories.department(), "admin")
        assert not sign_in(stranger).get(PAGE).context["rows"]
        for membership in (school.secretaries["XCU"], factories.member(school.university, "graduate_office")):
            for answer in (sign_in(membership).get(NEW), sign_in(membership).post(NEW, entry(school.first))):
                assert answer.status_code == 403
                assert f"请联系：{school.university.display_name}单位管理员" in answer.content.decode()
        assert sign_in(factories.member(factories.partner(), "contact")).get(PAGE).status_code == 403
    assert not Adoption.objects.filter(regulation=Regulation.objects.get(code="XCU"), version=school.first).exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_looks_right(school, browser_page):
    services.publish(school.second, D("2027-01-01"))
    with clock.travel("2026-02-01"):
        adoptions.switch(school.admin, school.university, school.first, D("2026-03-01"), "校发〔2026〕1号")
        page = browser_page(school.admin)
        page.goto(PAGE)
        assert_clean(page)
        picture(page, "adoptions")
        page.get_by_role("link", name="切换到新版本").click()
        assert_clean(page)
        picture(page, "adopt")
        page.fill("[name=from_on]", "2027-01-01")
        page.fill("[name=reason]", "校发〔2027〕1号")
        page.check("[name=confirmed]")
        page.click("main button[type=submit]")
        page.wait_for_url(f"**{PAGE}")
        assert "已登记：自2027-01-01起适用" in page.inner_text("main")
