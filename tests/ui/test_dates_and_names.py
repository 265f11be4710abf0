"""Dates that count for the reader, names that tell bases apart, and demo accounts that stay everybody's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from bases.models import Recognition
from core import clock
from core.models import LedgerEntry, TransitionLog
from tenants.models import Organisation, User
from tests.browser import assert_clean, picture
from tests.placing import placed
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        made = house.nm_region()
        made.call = house.open_nm_call(made)
        made.application = house.nm_draft(made, made.call)
    return made


def extended(region, day="2027-08-15"):
    done(
        region.officer.do(
            region.call,
            "extend",
            {"organisation": str(region.university.pk), "until": day, "letter": "函〔2027〕3号", "reason": "停电"},
        )
    )


def test_an_extension_moves_every_date_of_the_unit_and_nobody_elses(region):
    closes = clock.local(region.call.closes_at).strftime("%Y-%m-%d %H:%M")
    with clock.travel("2027-03-02T09:00"):
        assert f"截止 {closes}" in text_of(region.office.get("/"))
        assert closes in text_of(region.secretary.page(region.application))
        extended(region)
        for person in (region.office, region.secretary):
            assert "延期至 2027-08-15 23:59" in text_of(person.get("/"))
        assert "延期至" not in text_of(region.other_office.get("/"))
        assert "延期至 2027-08-15 23:59" in text_of(region.secretary.page(region.application))
        assert "延期至 2027-08-15 23:59" in text_of(region.office.page(region.call))
        assert "延期至 2027-08-15" not in text_of(region.other_office.page(region.call))
    rows = {row.organisation_id: row.due_on for row in LedgerEntry.objects.filter(kind="call")}
    assert rows[region.university.pk] == dt.date(2027, 8, 15)
    assert rows[region.other_university.pk] == clock.local(region.call.closes_at).date()


def test_the_universitys_own_date_is_what_its_colleges_see(region):
    with clock.travel("2027-03-02T09:00"):
        done(region.office.do(region.call, "set_school_deadline", {"day": "2027-03-20"}))
        home = text_of(region.secretary.get("/"))
        assert "校内截止时间 2027-03-20 23:59" in home
        assert "校内截止时间 2027-03-20" not in text_of(region.other_secretary.get("/"))
        assert "2027-03-20 23:59" in text_of(region.secretary.page(region.application))
    with clock.travel("2027-03-21T09:00"):
        refused(region.secretary.do(region.application, "submit"), "2027-03-20 23:59", "不在申报期内")


def test_a_returned_case_says_until_when_on_every_page(region):
    with clock.travel("2027-03-02T09:00"):
        done(region.secretary.do(region.application, "submit"))
        done(
            region.office.step(
                region.application,
                "six_aspects",
                {"opinion": "经费部分请补充。", "correction_due": "2027-03-12"},
                outcome="return",
            )
        )
        page = text_of(region.secretary.page(region.application))
        assert "退回修改，补正期限2027-03-12" in page and "补正期限" in page
        home = region.secretary.get("/")
        assert "2027-03-12" in text_of(home) and home.context["todos"].returned == 1
    with clock.travel("2027-03-13T09:00"):
        refused(region.secretary.do(region.application, "submit"), "补正期限2027-03-12已过")
        assert region.secretary.get("/").context["todos"].overdue == 1


@pytest.fixture
def bases():
    """Two bases of one school, to which the regulation gives one title."""
    school = house.xcu_school()
    with clock.travel("2026-03-01T09:00"):
        call = house.open_xcu_call(school)
    house.xcu_approved(school, call)
    first = Recognition.objects.get()
    base = first.base
    base.pk, base.number, base.name, base.category_code = (
        None,
        "JD-2",
        "青岐学院—河谷试验站研究生联合培养基地",
        "0854",
    )
    base.save()
    first = fresh(first)
    second = placed(
        Recognition,
        "active",
        number="RD-2",
        title=first.title,
        base=base,
        regulation_version=first.regulation_version,
        level="school",
        decided_on=first.decided_on,
        university=first.university,
        college=first.college,
        partner=first.partner,
    )
    return school, first, second


def test_bases_of_one_title_are_told_apart(bases, django_assert_max_num_queries):
    school, first, second = bases
    assert first.title == second.title == "西昌学院研究生联合培养基地"
    assert first.listed_title == f"{first.base.name}（校级）" != second.listed_title
    found = school.office.get("/search/", q="联合培养基地").context["rows"]
    titles = [row["title"] for row in found if row["number"] in (first.number, second.number)]
    assert sorted(titles) == sorted([first.listed_title, second.listed_title])
    assert [row["number"] for row in school.office.get("/search/", q="河谷试验站").context["rows"]] == ["RD-2"]
    page = text_of(Client().get("/public/bases/"))
    assert second.base.name in page
    application = house.Application.objects.get()
    assert first.listed_title in text_of(school.office.page(application))
    line = TransitionLog.objects.filter(case_kind="recognition", case_id=first.pk).first()
    assert line is None or line.case_title == first.listed_title


@pytest.fixture
def demo():
    person = factories.member(factories.university(), "graduate_office", factories.user("演示人", is_demo=True))
    Organisation.objects.filter(pk=person.organisation_id).update(is_demo=True)
    return house.Person(person)


SHUT = ("password/change/", "2fa/totp/activate/", "2fa/recovery-codes/generate/")


def test_a_demo_account_keeps_its_password(demo):
    before = User.objects.get(pk=demo.membership.user_id).password
    new = {"oldpassword": factories.PASSWORD, "password1": "another-horse-88", "password2": "another-horse-88"}
    for path in SHUT:
        for answer in (demo.get(f"/accounts/{path}"), demo.client.post(f"/accounts/{path}", new)):
            assert answer.status_code == 403
            assert "演示账号由所有体验者共用，密码和两步验证不能修改" in text_of(answer)
    assert User.objects.get(pk=demo.membership.user_id).password == before
    assert "/accounts/password/change/" not in text_of(demo.get("/"))


def test_any_other_account_may_change_its_password():
    person = house.Person(factories.member(factories.university(), "graduate_office"))
    assert "/accounts/password/change/" in text_of(person.get("/"))
    new = {"oldpassword": factories.PASSWORD, "password1": "another-horse-88", "password2": "another-horse-88"}
    done_or_shown = person.client.post("/accounts/password/change/", new)
    assert done_or_shown.status_code == 302
    assert User.objects.get(pk=person.membership.user_id).check_password("another-horse-88")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_looks_right(region, demo, browser_page, new_page):
    with clock.travel("2027-03-02T09:00"):
        extended(region)
        page = browser_page(region.secretary.membership)
        page.goto("/")
        assert_clean(page)
        picture(page, "extended-home", full=True)
        page.goto(region.application.get_absolute_url())
        assert_clean(page)
        picture(page, "extended-case")
    new_page.watch.expected.append("403")
    page = browser_page(demo.membership)
    page.goto("/accounts/password/change/")
    picture(page, "demo-password")
