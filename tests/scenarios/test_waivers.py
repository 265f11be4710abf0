"""A stamped paper that comes later (盖章件后补): asked for, let wait until a day, owed, overdue, supplied, compared."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Override
from config.stories import czmc
from core import clock, ledger, outbox
from core.models import InboxMessage, LedgerEntry, StampedCopy, TransitionLog
from tests.browser import assert_clean, picture
from tests.scenarios import house, house_czmc
from tests.scenarios.house import done, fresh, refused, sent, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db
WHY = "法定代表人出差，公章随身外带，月底前不能用印。"
OPINION = {"opinion": "同意共建。"}


@pytest.fixture
def school():
    """Annex 1 handed in on 2026-03-02; the partner's stamped opinion is wanted."""
    with clock.travel("2026-03-02T09:00"):
        made = house.xcu_school()
        made.application = house.xcu_submitted(made, house.open_xcu_call(made))
    return made


def ask(school, day="2026-04-10", why=WHY, person=None):
    return (person or school.contact).do(
        school.application, "ask_waiver", {"due_on": day, "reason": why}, step="partner_opinion"
    )


def granted(school, **more):
    """Asked for and let wait; the exception."""
    done(ask(school))
    override = Override.objects.get(subject_id=school.application.pk)
    done(school.office.do(override, "grant", {"reason": "同意后补。", **more}))
    return fresh(override)


def test_without_an_exception_the_scan_is_required(school):
    with clock.travel("2026-03-03T09:00"):
        refused(school.contact.step(school.application, "partner_opinion", OPINION), "盖章件扫描件")


def test_what_stands_against_asking(school):
    with clock.travel("2026-03-03T09:00"):
        refused(ask(school, day="2026-03-02"), "补交期限2026-03-02早于今天2026-03-03")
        refused(ask(school, why="忙"), "理由")
        for person in (school.office, school.other_secretary):
            assert ask(school, person=person).status_code in (403, 404)
        assert ask(school, person=house.Person(factories.member(factories.partner(), "contact"))).status_code == 404
        assert not Override.objects.exists()
        done(ask(school))
        refused(ask(school), "已提交，正在审批")
        override = Override.objects.get()
        for person in (school.contact, school.secretary):
            assert person.do(override, "grant", {"reason": "同意。"}).status_code == 403
        stranger = house.Person(factories.member(factories.university(), "graduate_office"))
        assert stranger.page(override).status_code == 404
        refused(school.office.do(override, "grant", {"reason": "可", "due_on": "2026-03-01"}), "早于今天")
        assert fresh(override).state == "requested" and not LedgerEntry.objects.filter(kind="supply").exists()
        done(school.office.do(override, "refuse", {"reason": "不同意。"}))
        refused(school.contact.step(school.application, "partner_opinion", OPINION), "盖章件扫描件")


def test_nobody_grants_what_they_asked_for():
    """The graduate office asks for its own paper: a colleague decides, no further account of the asker's does."""
    with clock.travel("2026-03-02T09:00"):
        made = house_czmc.school()
        application = house_czmc.draft(made, house_czmc.standing_call(made))
        done(made.secretary.do(application, "submit"))
        czmc.visited(made.dean.hand, application, "2026-03-02")
        asked = {"due_on": "2026-05-10", "reason": WHY}
        done(made.office.do(application, "ask_waiver", asked, step="office_review"))
        override = Override.objects.get(subject_id=application.pk)
        asker = made.office.membership.user
        asker.phone = "13800001234"
        asker.save()
        account = factories.user(phone="138 0000 1234")
        second = house.Person(factories.member(made.university, "graduate_office", account))
        for person in (made.office, second):
            refused(person.do(override, "grant", {"reason": "同意。"}), "同一人不能批准自己的申请")
            assert fresh(override).state == "requested"
        colleague = house.Person(factories.member(made.university, "graduate_office"))
        done(colleague.do(override, "grant", {"reason": "同意后补。"}))
    assert fresh(override).state == "granted"


def test_the_whole_way(school):
    application = school.application
    with clock.travel("2026-03-03T09:00"):
        override = granted(school, due_on="2026-04-15")
        assert (override.due_on, override.requester, override.unit) == (
            dt.date(2026, 4, 15),
            school.partner,
            school.university,
        )
        entry = LedgerEntry.objects.get(kind="supply")
        assert (entry.due_on, entry.organisation_id, entry.role, entry.case_id) == (
            override.due_on,
            school.partner.pk,
            "contact",
            application.pk,
        )
        done(school.contact.step(application, "partner_opinion", OPINION))
        step = fresh(application).steps().get(key="partner_opinion")
        assert (step.state, step.scan) == ("done", "")
        done(school.secretary.step(application, "college_opinion", house.dean_opinion(decided_on="2026-03-03")))
        house.match_all(school.office, application)
        assert fresh(application).state == "reviewing", "the case goes on without the paper"
        page = text_of(school.office.page(application))
        assert "补交盖章件：合作单位意见（附件1第五部分），补交期限2026-04-15" in page and WHY in page
        home = text_of(school.contact.get("/"))
        assert "补交盖章件：合作单位意见" in home and "2026-04-15" in home
        assert "补交盖章件" not in text_of(school.office.get("/"))
    said = ledger.run_due(dt.date(2026, 4, 8))
    outbox.drain(100)
    assert said["reminded"] >= 1
    assert InboxMessage.objects.filter(user=school.contact.membership.user, title__contains="补交盖章件").count() == 1
    with clock.travel("2026-04-16T09:00"):
        assert "补交期限2026-04-15，已逾期" in text_of(school.office.page(application))
        todos = school.contact.get("/").context["todos"]
        assert todos.overdue == 1
        assert school.secretary.do(application, "supply_paper", {"scan": [sent()]}, step=override.pk).status_code == 403
        refused(school.contact.do(application, "supply_paper", {}, step=override.pk), "盖章件扫描件")
        done(school.contact.do(application, "supply_paper", {"scan": [sent("盖章.pdf")]}, step=override.pk))
        assert "待核对" in text_of(school.office.page(application))
        assert school.contact.get("/").context["todos"].overdue == 0
        no = {"result": "mismatch", "note": "缺骑缝章"}
        assert school.contact.do(application, "match_supplied", no, step=override.pk).status_code == 403
        done(school.office.do(application, "match_supplied", no, step=override.pk))
        assert school.contact.get("/").context["todos"].overdue == 1, "owed again, on the same day"
        assert fresh(application).steps().get(key="partner_opinion").state == "done", "the step stays done"
        done(school.contact.do(application, "supply_paper", {"scan": [sent("盖章.pdf")]}, step=override.pk))
        done(school.office.do(application, "match_supplied", {"result": "matched", "kept_at": "柜3"}, step=override.pk))
        override = fresh(override)
        assert (override.supplied_on, override.settled_on) == (dt.date(2026, 4, 16), dt.date(2026, 4, 16))
        assert "补交期限" not in text_of(school.office.page(application)).partition('id="log"')[0]
        assert school.contact.do(application, "supply_paper", {"scan": [sent()]}, step=override.pk).status_code in (
            403,
            409,
        )
    copies = StampedCopy.objects.filter(step_key="partner_opinion").order_by("pk")
    assert [copy.state for copy in copies] == ["mismatch", "matched"]
    lines = list(
        TransitionLog.objects.filter(case_kind="application", case_id=application.pk)
        .order_by("pk")
        .values_list("transition", "step_key")
    )
    assert ("ask_waiver", "partner_opinion") in lines and ("supply_paper", "partner_opinion") in lines
    asked = TransitionLog.objects.get(case_kind="application", transition="ask_waiver")
    assert asked.reason == WHY and asked.data["due_on"] == "2026-04-10"
    assert TransitionLog.objects.get(case_kind="override", transition="grant").data["due_on"] == "2026-04-15"


def test_a_paper_that_comes_with_the_step_is_not_owed(school):
    with clock.travel("2026-03-03T09:00"):
        override = granted(school)
        done(school.contact.step(school.application, "partner_opinion", {**OPINION, "scan": [sent("盖章.pdf")]}))
        assert fresh(override).settled_on == dt.date(2026, 3, 3)
        assert LedgerEntry.objects.get(kind="supply").done_at is not None
        assert fresh(school.application).steps().get(key="partner_opinion").scan == "to_match"


def test_the_case_page_asks_for_exceptions_once(school):
    with clock.travel("2026-03-03T09:00"):
        granted(school)
        school.office.page(school.application)
        with CaptureQueriesContext(connection) as asked:
            school.office.page(school.application)
    about = [
        one["sql"] for one in asked if 'FROM "casework_override" WHERE' in one["sql"] and "EXISTS" not in one["sql"]
    ]
    assert len(about) == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_looks_right(school, browser_page):
    with clock.travel("2026-03-03T09:00"):
        page = browser_page(school.contact.membership)
        page.goto(school.application.get_absolute_url())
        page.get_by_role("link", name="申请后补盖章件").click()
        assert_clean(page)
        picture(page, "waiver-ask")
        page.fill("[name=f-due_on]", "2026-04-10")
        page.fill("[name=f-reason]", WHY)
        page.click(".act-buttons button[type=submit]")
        page.wait_for_url("**/cases/application/*/")
        override = Override.objects.get()
        office = browser_page(school.office.membership)
        office.goto(f"{override.get_absolute_url()}do/grant/")
        assert_clean(office)
        picture(office, "waiver-grant")
        done(school.office.do(override, "grant", {"reason": "同意后补。"}))
        done(school.contact.step(school.application, "partner_opinion", OPINION))
    with clock.travel("2026-04-12T09:00"):
        page = browser_page(school.contact.membership)
        page.goto("/")
        assert_clean(page)
        picture(page, "waiver-home")
        page.goto(school.application.get_absolute_url())
        assert_clean(page)
        picture(page, "waiver-case")
