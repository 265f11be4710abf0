"""Signing links: a partner without an account confirms by a one-time link and a code, and an old link never a changed text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bases.models import Agreement
from core import clock, outbox
from core.models import Document, InboxMessage, OutboxMessage, TransitionLog
from regulations import services
from tenants.models import ActionLink, PublicAttempt, UnitContact
from tenants.services import links
from tests.agreements.linked import ADDRESS, Holder, Linked, events, mailed, newest, row
from tests.agreements.test_amendments import NEW_TERM
from tests.agreements.world import amended
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.travel("2027-03-01T09:00"):
        yield Linked()


@pytest.fixture
def agreement(world) -> Agreement:
    return world.to_confirm(world.draft())


# --- whose address ---------------------------------------------------------------------------------------------------


def test_an_address_is_entered_by_one_and_verified_by_another(world):
    contact = world.enter()
    assert InboxMessage.objects.filter(user=world.admin.membership.user, title__contains="请核实链接办理人").exists()
    assert "可以核实的人" in main_of(world.secretary.get(world.contacts_url()))
    assert world.verify(contact, world.secretary).status_code == 403
    assert not UnitContact.objects.get().usable
    assert world.verify(contact).status_code == 302
    assert UnitContact.objects.get().verified_by == world.admin.membership
    assert "已核实" in main_of(world.secretary.get(f"/organisation/{world.units[0].pk}/"))
    assert [line.transition for line in TransitionLog.objects.filter(transition__startswith="contact_")] == [
        "contact_entered",
        "contact_verified",
    ]


def test_who_enters_through_one_office_does_not_verify_through_another(world):
    """The same person in two offices, and a second account with the same telephone number."""
    secretary = world.secretary.membership.user
    secretary.phone = "139 1234-0001"
    secretary.save()
    both = Person(factories.member(world.university, "graduate_office", secretary))
    twin = Person(factories.member(world.university, "graduate_office", factories.user(phone="13912340001")))
    contact = world.enter()
    for person in (both, twin):
        assert world.verify(contact, person).status_code == 403
    assert not UnitContact.objects.get().usable


@pytest.mark.parametrize(
    "more,said",
    [
        ({"email": ""}, "这个字段是必填项"),
        ({"email": "nobody"}, "请填写本人能收到邮件的电子邮箱"),
        ({"phone": ""}, "这个字段是必填项"),
        ({"phone": "电话："}, "请填写电话"),
        ({"name": "周" * 61}, "最多60个"),
    ],
)
def test_what_is_missing_is_said(world, more, said):
    given = {"name": "周若水", "email": ADDRESS, "phone": "0411-8800123"} | more
    refused(world.secretary.client.post(world.contacts_url(), given), said)
    assert not UnitContact.objects.exists()


def test_nobody_enters_themselves_or_somebody_with_an_account(world):
    own, contact = world.secretary.membership.user, world.contacts[0].membership.user
    for address, said in ((own.email.upper(), "是您自己的"), (contact.email, "请登录后办理")):
        given = {"name": "周若水", "email": address, "phone": "0411-8800123"}
        refused(world.secretary.client.post(world.contacts_url(), given), said)
    world.enter()
    again = {"name": "周若水", "email": ADDRESS.upper(), "phone": "0411-8800123"}
    refused(world.secretary.client.post(world.contacts_url(), again), "已登记为该单位")


def test_a_school_keeps_its_own_people(world):
    """What one school has verified another neither sees nor uses."""
    contact = world.verified()
    other = Person(factories.member(factories.university(), "graduate_office"))
    assert contact.name not in text_of(other.get(world.contacts_url()))
    assert world.verify(contact, other).status_code == 404
    assert world.contacts[0].get(world.contacts_url()).status_code == 404


def test_the_list_costs_the_same_with_thirty_people(world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert world.secretary.get(world.contacts_url()).status_code == 200
        return len(asked)

    world.enter()
    queries()
    one_row = queries()
    for number in range(29):
        UnitContact.objects.create(
            organisation=world.units[0],
            kept_by=world.university,
            name=f"某人{number}",
            email=f"p{number}@factory.invalid",
            phone=f"0411-88{number:05d}",
            entered_by=world.secretary.membership,
        )
    assert queries() == one_row


# --- the whole way ---------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_from_the_mail_to_the_confirmation(world, agreement):
    link = world.sent(agreement)
    assert [letter.to for letter in mailed()] == [[ADDRESS]]
    holder = Holder(link)
    first = text_of(holder.get())
    assert "z***@factory.invalid" in first and "3月3日（星期三）09:00" in first and "还有1天23小时" in first
    assert agreement.title not in first and ADDRESS not in first  # a preview learns nothing
    for path in ("text.pdf", "files/8b7ae1f0-33cd-4e84-9c43-2f9a4a3c5a11/"):
        assert holder.get(path).status_code == 404
    refused(holder.confirm(), "请先填写验证码")
    code = holder.code()
    refused(holder.post("enter", **{"f-code": "000000" if code != "000000" else "000001"}), "验证码不符")
    done(holder.post("enter", **{"f-code": code}))
    page = text_of(holder.get())
    for words in (
        agreement.title,
        "甲厂",
        "第六大学",
        "2027年3月2日 至 2029年3月1日，共二年",
        "第六大学与甲厂共建基地。",
    ):
        assert words in page, words
    pdf = holder.get("text.pdf")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF")
    refused(holder.post("positive"), "并勾选")
    assert fresh(agreement).steps().get(kind="confirmation").state == "open"
    done(holder.confirm())
    step = fresh(agreement).steps().get(kind="confirmation")
    assert (step.state, step.decided_by, step.membership_id, step.facts["link"]) == ("done", "周若水", None, link.pk)
    party = agreement.parties.get(organisation=world.units[0])
    assert party.confirmed_by == "周若水" and party.confirmed_sha256 == link.content
    line = TransitionLog.about(agreement).get(transition="act_on_step", step_key=step.key)
    assert (line.role, line.actor_name, line.organisation_name, line.user_id) == ("link", "周若水", "甲厂", None)
    assert line.facts["link"] == {
        "id": link.pk,
        "number": link.number,
        "address": "z***@factory.invalid",
        "sent_by": "学院秘书",
        "verified_by": "管理员老师",
        "content": link.content,
    }
    assert events(link) == ["made", "sent", "code", "wrong", "entered", "used"]
    assert "已于" in text_of(holder.get()) and "确认内容" in text_of(holder.get())
    assert holder.confirm().status_code == 200  # nothing happens any more
    trail = main_of(world.office.page(agreement))
    assert "链接办理人 周若水" in trail and link.number in trail and "z***@factory.invalid" in trail


def test_the_annexes_are_part_of_what_is_read(world):
    """Files of the text open behind the link, after the code and only those; the portal's own address asks for a log-in."""
    agreement = world.draft()
    world.write(agreement, annexes=[house.sent("附件一.pdf")])
    agreement = world.to_confirm(agreement)
    holder = Holder(world.sent(agreement))
    uid = Document.about(agreement).get().uid
    assert holder.get(f"files/{uid}/").status_code == 404
    holder.open()
    page = text_of(holder.get())
    assert f"{holder.path}files/{uid}/" in page and f'"/documents/{uid}/' not in page
    assert holder.get(f"files/{uid}/").status_code == 200
    other = Document.objects.create(
        case_kind="agreement",
        case_id=agreement.pk,
        name="纪要.pdf",
        content_type="application/pdf",
        size=1,
        purpose="x",
    )
    assert holder.get(f"files/{other.uid}/").status_code == 404


def test_the_sender_sees_neither_link_nor_code(world, agreement):
    link = world.sent(agreement)
    holder = Holder(link)
    code, token = holder.code(), holder.path.split("/")[2]
    for person in (world.secretary, world.office, world.admin):
        page = text_of(person.page(agreement))
        assert token not in page and code not in page
        assert token not in text_of(person.get(world.contacts_url()))
    page = main_of(world.secretary.page(agreement))
    assert "可发到微信的提醒（不含链接）" in page and "链接已发到您的邮箱z***@factory.invalid" in page
    assert "已打开，未办理" in page and link.number in page
    queued = OutboxMessage.objects.filter(kind="mail").values_list("payload", flat=True)
    assert all(token not in str(payload) and code not in str(payload) for payload in queued)


def test_the_clerk_does_not_answer_in_her_own_browser(world, agreement):
    """Whoever is logged in for another unit is told so, even with the link of the mail."""
    holder = Holder(world.sent(agreement))
    answer = world.secretary.client.get(holder.path)
    assert answer.status_code == 403 and "只供甲厂指定的人使用" in answer.content.decode()
    assert world.secretary.client.post(holder.path, {"act": "code"}).status_code == 403
    assert row(holder.link).codes_sent == 0


def test_previews_use_nothing_up(world, agreement):
    link = world.sent(agreement)
    holder, before = Holder(link), row(link)
    for _ in range(3):
        assert Client().get(holder.path).status_code == 200
        assert Client().head(holder.path).status_code == 200
    assert ActionLink.objects.filter(pk=link.pk).values().get() == {
        field.attname: getattr(before, field.attname) for field in ActionLink._meta.concrete_fields
    }
    assert events(link) == ["made", "sent"]


def test_a_decline_says_why(world, agreement):
    holder = Holder(world.sent(agreement))
    holder.open()
    refused(holder.decline(" "), "请写明不同意的理由")
    done(holder.decline("期限太长，请改为一年。"))
    agreement = fresh(agreement)
    assert agreement.state == "declined" and agreement.decline_reason == "期限太长，请改为一年。"
    assert "不予确认" in text_of(holder.get())


def test_the_address_may_be_typed_from_a_chat(world, agreement):
    holder = Holder(world.sent(agreement))
    token = holder.path.split("/")[2]
    assert len(token) == 14 and set(token) <= set(links.SIGNS + "-")
    typed = token.replace("-", "").lower().replace("0", "o").replace("1", "l")
    for way in (token, token.lower(), typed):
        assert Client().get(f"/q/{way}/").status_code == 200, way
    assert Client().get(f"/q/{token[:-1]}/").status_code == 404


# --- who may send, and when ------------------------------------------------------------------------------------------


def test_only_to_a_verified_address_and_not_by_who_verified_it(world, agreement):
    contact = world.enter()
    page = main_of(world.secretary.page(agreement))
    assert "邮箱核实后才能发送。可以核实的人" in page and "管理员老师" in page and "研究生处老师" in page
    refused(world.send(agreement, contact))
    done(world.verify(contact, world.office))
    with unchanged(agreement):
        refused(world.send(agreement, contact, world.office), "由您核实，不能再由您发送链接")
    assert not ActionLink.objects.exists()
    done(world.send(agreement, contact))


def test_the_partner_sends_nothing(world, agreement):
    contact = world.verified()
    assert world.send(agreement, contact, world.contacts[0]).status_code == 403


def test_once_a_day_and_renewed_by_one_click(world, agreement):
    contact = world.verified()
    old = Holder(world.sent(agreement, contact))
    old.open()
    with unchanged(agreement):
        refused(world.send(agreement, contact), "今天09:00已向周若水发送过链接，一天只发一次")
    assert "今天09:00已向周若水发送过链接" in main_of(world.secretary.page(agreement))
    with clock.travel("2027-03-02T00:01"):
        assert "重新发送" in main_of(world.secretary.page(agreement))
        done(world.send(agreement, contact))
        outbox.drain()
        gone = old.get()
        assert gone.status_code == 410 and "请用最新一封邮件中的链接" in gone.content.decode()
        assert old.confirm().status_code == 410
        new = Holder(newest())
        assert new.path != old.path
        new.open()
        done(new.confirm())
    assert row(old.link).closed_why == "renewed" and row(new.link).state == "used"


def test_a_mail_that_came_back_may_be_sent_again(world, agreement):
    contact = world.verified()
    world.sent(agreement, contact)
    OutboxMessage.objects.filter(key=f"step-link:{newest().pk}").update(
        failed_at=clock.real_now(), error="no such user"
    )
    assert "邮件未送达" in main_of(world.secretary.page(agreement))
    done(world.send(agreement, contact))


def test_a_link_whose_codes_are_spent_may_be_sent_again(world, agreement):
    contact = world.verified()
    link = world.sent(agreement, contact)
    ActionLink.objects.filter(pk=link.pk).update(codes_sent=links.CODES - 1)
    refused(world.send(agreement, contact), "一天只发一次")
    ActionLink.objects.filter(pk=link.pk).update(codes_sent=links.CODES)
    done(world.send(agreement, contact))


def test_whoever_is_asked_on_paper_gets_no_link(world, agreement):
    contact = world.verified()
    unit = world.units[0]
    unit.paper_only = True
    unit.save()
    assert "选择了只办纸质" in main_of(world.secretary.page(agreement))
    assert world.send(agreement, contact).status_code in (403, 409)
    assert not ActionLink.objects.exists()


# --- what ends a link ------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_an_old_link_never_confirms_a_changed_text(world, agreement):
    contact = world.verified()
    old = Holder(world.sent(agreement, contact))
    old.open()
    done(amended(world, agreement, **NEW_TERM))
    agreement = fresh(agreement)
    assert agreement.state == "checking" and row(old.link).closed_why == "changed"
    assert InboxMessage.objects.filter(
        user=world.secretary.membership.user, title__contains="办理链接作废，请重新发送"
    ).exists()
    gone = old.get()
    assert gone.status_code == 410 and "内容已有修改，此链接作废。学校会另发新的链接" in gone.content.decode()
    assert old.get("text.pdf").status_code == 404
    done(world.office.step(agreement, "check", {"opinion": "同意。"}))
    assert old.confirm().status_code == 410
    assert fresh(agreement).steps().get(kind="confirmation").state == "open"
    done(world.send(agreement, contact))  # the same day: another text
    outbox.drain()
    new = Holder(newest())
    new.open()
    assert "2030年3月1日" in text_of(new.get())
    done(new.confirm())
    assert agreement.parties.get(organisation=world.units[0]).confirmed_sha256 == fresh(agreement).content_hash()


def test_the_text_is_asked_about_even_if_nobody_closed_the_link(world, agreement):
    """The row left open, as if whatever changed the text had forgotten it: the hash says no, at the page and at the door."""
    holder = Holder(world.sent(agreement))
    holder.open()
    ActionLink.objects.filter(pk=holder.link.pk).update(content="0" * 64)
    assert holder.confirm().status_code == 410
    assert fresh(agreement).steps().get(kind="confirmation").state == "open"


def test_two_days_and_no_longer(world, agreement):
    holder = Holder(world.sent(agreement))
    holder.open()
    with clock.travel("2027-03-03T08:59"):
        assert holder.get().status_code == 200
    world.college.phone = "0411-8470001"
    world.college.save()
    with clock.travel("2027-03-03T09:01"):
        gone = holder.get()
        assert gone.status_code == 410
        for words in ("已过有效期", "某学院", "学院秘书", "0411-8470001"):
            assert words in gone.content.decode(), words
        assert holder.confirm().status_code == 410
    assert fresh(agreement).steps().get(kind="confirmation").state == "open"


def test_the_content_stays_open_for_two_hours_after_the_code(world, agreement):
    holder = Holder(world.sent(agreement))
    holder.open()
    with clock.travel("2027-03-01T10:59"):
        assert agreement.title in text_of(holder.get())
    with clock.travel("2027-03-01T11:01"):
        assert agreement.title not in text_of(holder.get())
        refused(holder.confirm(), "请先填写验证码")


@pytest.mark.parametrize("how", ["declined", "abandoned", "confirmed with an account", "withdrawn", "ended"])
def test_a_link_dies_with_what_it_is_for(world, agreement, how):
    contact = world.verified()
    holder = Holder(world.sent(agreement, contact))
    holder.open()
    said, why = {
        "declined": ("已用其他方式办理", "acted"),
        "abandoned": ("已不在本环节", "ended"),
        "confirmed with an account": ("已用其他方式办理", "acted"),
        "withdrawn": ("已由发送单位收回", "withdrawn"),
        "ended": ("已由发送单位收回", ""),
    }[how]
    if how == "declined":
        done(world.confirm(agreement, 0, "negative"))
    elif how == "abandoned":
        done(world.secretary.do(agreement, "abandon", {"reason": "不办了。"}))
    elif how == "confirmed with an account":
        done(world.confirm(agreement, 0))
    elif how == "withdrawn":
        step = agreement.steps().get(kind="confirmation")
        done(world.secretary.do(agreement, "withdraw_link", step=step.pk))
    else:
        done(world.secretary.client.post(world.contacts_url(), {"act": "end", "contact": contact.pk}))
    before = fresh(agreement).state, TransitionLog.about(agreement).count()
    answer = holder.confirm()
    assert answer.status_code == 410 and said in answer.content.decode()
    assert row(holder.link).closed_why == why
    assert (fresh(agreement).state, TransitionLog.about(agreement).count()) == before


# --- one person, one side --------------------------------------------------------------------------------------------


def test_who_acted_for_the_school_does_not_confirm_by_a_link(world, agreement):
    """Another mailbox, the same telephone number: the door knows the person."""
    checker = world.office.membership.user
    checker.phone = "139 1234-0001"
    checker.save()
    holder = Holder(world.sent(agreement, world.verified(phone="13912340001")))
    holder.open()
    refused(holder.confirm(), "同一人不能代表两方办理同一事项")
    assert fresh(agreement).steps().get(kind="confirmation").state == "open" and row(holder.link).state == "open"


def test_who_confirmed_by_a_link_does_not_act_for_the_school(world, agreement):
    holder = Holder(world.sent(agreement, world.verified(phone="13912340001")))
    holder.open()
    done(holder.confirm())
    late = Person(factories.member(world.university, "graduate_office", factories.user(phone="139-1234-0001")))
    with unchanged(agreement):
        refused(late.do(agreement, "begin_sealing"), "同一人不能代表两方办理同一事项")
    done(world.office.do(agreement, "begin_sealing"))


def test_a_link_is_no_signature(world, agreement):
    """Whatever the parties let an online confirmation count for: a link and a code are not the unit's signature."""
    for unit in (world.university, world.units[0]):
        services.enter_setting(world.version, "online", unit, "true", clock.today(), "双方约定")
    holder = Holder(world.sent(agreement))
    holder.open()
    done(holder.confirm())
    assert fresh(agreement).state == "confirming" and fresh(agreement).signed_on is None


# --- limits and races ------------------------------------------------------------------------------------------------


def test_codes_are_limited_by_network(world, agreement):
    holder = Holder(world.sent(agreement))
    done(holder.post("code"))
    kept = PublicAttempt.objects.get(what="step", outcome="code")
    for _ in range(19):
        PublicAttempt.objects.create(what="step", outcome="code", network_hash=kept.network_hash)
    with clock.travel("2027-03-01T09:02"):
        refused(holder.post("code"), "获取验证码过多", status=429)
    assert row(holder.link).codes_sent == 1


# --- where the school decides ----------------------------------------------------------------------------------------


def test_under_xcu_the_school_lets_it_or_not():
    """The regulation says nothing: the university's own setting, off until somebody enters it."""
    with clock.travel("2026-03-01T09:00"):
        school = house.xcu_school()
        agreement = house.xcu_draft(school, house.open_xcu_call(school)).agreement
        done(school.secretary.do(agreement, "submit"))
        done(school.office.step(agreement, "go_check", {"opinion": "同意。"}))
        agreement = fresh(agreement)
        assert agreement.link_steps() == []
        assert "学校没有开启凭链接办理" in main_of(school.secretary.page(agreement))
        key = "agreement.confirm_by_link"
        services.enter_setting(school.version, key, school.university, "true", clock.today(), "校内约定")
        agreement = fresh(agreement)
        assert [step.key for step in agreement.link_steps()] == ["partner_confirmation"]
        assert "还没有登记链接办理人" in main_of(school.secretary.page(agreement))
