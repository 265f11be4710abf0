"""The outbox in small: what each answer of a mail server means, lanes, claims, bounded time, who is told, health."""

from __future__ import annotations

import datetime as dt
import socket
import time

import pytest
from django.core import mail
from django.core.mail import send_mail

from core import clock, health, heartbeat, ledger, outbox
from core.models import Heartbeat, InboxMessage, LedgerEntry, OutboxMessage, Serial
from core.outbox import lanes, state
from tests.mail import tasks
from tests.mail.server import MailServer
from tests.scenarios import house
from tests.scenarios.house import text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db

TO = "somebody@example.invalid"


@pytest.fixture
def server(settings):
    with MailServer() as running:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 0.3
        yield running


@pytest.fixture
def sender():
    return factories.member(factories.college(), "secretary")


def _sent(sender, to: str = TO) -> OutboxMessage:
    outbox.queue_mail(to, "请阅", "正文", key="one", by=sender)
    outbox.drain()
    return OutboxMessage.objects.get(key="one")


@pytest.mark.parametrize(
    ("behaviour", "fault", "closed"),
    [
        ({}, "", False),
        ({"to_recipient": {TO: "450 4.2.1 busy"}}, "put_off", False),
        ({"to_recipient": {TO: "499 x"}}, "put_off", False),
        ({"to_recipient": {TO: "500 x"}}, "refused", True),
        ({"to_recipient": {TO: "550 5.1.1 unknown"}}, "refused", True),
        ({"to_recipient": {TO: ""}}, "no_answer", False),
        ({"to_data": {TO: "452 4.3.1 full"}}, "put_off", False),
        ({"to_data": {TO: "554 5.7.1 spam"}}, "refused", True),
        ({"to_data": {TO: ""}}, "no_answer", False),
        ({"to_data": {TO: "die"}}, "no_answer", False),
        ({"greets": False}, "unreachable", False),
    ],
)
def test_what_an_answer_means(server, sender, behaviour, fault, closed):
    for name, value in behaviour.items():
        setattr(server, name, value)
    message = _sent(sender)
    assert (message.fault, bool(message.failed_at), bool(message.sent_at)) == (fault, closed, not fault)
    assert message.attempts == 1
    if not fault or closed:
        assert not lanes.claim("retries", {"mail", "task"})
    else:
        assert message.available_at > clock.real_now()
    assert InboxMessage.objects.filter(user=sender.user).count() == closed


def test_a_closed_port_is_the_servers_fault_and_others_keep_their_first_try(settings, sender):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    for name in ("a", "b", "c"):
        outbox.queue_mail(TO, name, "", key=name)
    assert outbox.drain() == 1
    assert [row.attempts for row in OutboxMessage.objects.order_by("pk")] == [1, 0, 0]


def test_what_is_no_address_is_refused(server, sender):
    message = _sent(sender, "no address at all@")
    assert message.fault == "refused" and server.taken == []
    told = InboxMessage.objects.get(user=sender.user)
    assert "邮件未送达" in told.title and "no address at all@" in told.body


@pytest.mark.parametrize(
    ("behaviour", "days", "fault"),
    [
        ({"to_recipient": {TO: "451 later"}}, 2.9, "put_off"),
        ({"to_recipient": {TO: "451 later"}}, 3.1, "given_up"),
        ({"greets": False}, 30, "unreachable"),
    ],
)
def test_a_recipient_is_given_up_after_three_days_but_not_for_our_own_servers_fault(
    server, sender, behaviour, days, fault
):
    for name, value in behaviour.items():
        setattr(server, name, value)
    _sent(sender)
    age = clock.now() - dt.timedelta(days=days)
    OutboxMessage.objects.update(created_at=age, available_at=clock.real_now())
    outbox.drain()
    message = OutboxMessage.objects.get()
    assert (message.fault, message.attempts) == (fault, 2)
    assert InboxMessage.objects.filter(user=sender.user).exists() == (fault == "given_up")


def test_new_messages_wait_for_none_that_failed(server):
    """A hundred that fail stand before it by number and by time: a new mail goes with the first run of its lane."""
    for number in range(100):
        outbox.queue_mail(f"bad{number}@example.invalid", "旧", "", key=f"old{number}")
    OutboxMessage.objects.update(attempts=3, available_at=clock.real_now() - dt.timedelta(hours=1))
    outbox.queue_mail(TO, "新", "", key="new")
    assert outbox.drain(1, "mails") == 1
    assert [address for address, _name in server.taken] == [TO]


def test_a_slow_address_stops_no_other(server):
    server.to_recipient = {"slow@example.invalid": ""}
    for address in ("slow@example.invalid", "a@example.invalid", "b@example.invalid"):
        outbox.queue_mail(address, "请阅", "", key=address)
    outbox.drain(lane="mails")
    assert [address for address, _name in server.taken] == ["a@example.invalid", "b@example.invalid"]


def test_a_task_that_never_ends_is_ended_and_one_that_fails_is_given_up(settings, sender):
    settings.TASK_SECONDS = 0.2
    outbox.queue_task(f"{tasks.__name__}.never_ends", {}, key="never", by=sender)
    outbox.queue_task("os.system", {"command": "true"}, key="forbidden", by=sender)
    outbox.queue_task(f"{tasks.__name__}.works", {"name": "x"}, key="works", by=sender)
    began = time.monotonic()
    outbox.drain()
    assert time.monotonic() - began < 10
    assert Serial.objects.filter(name="done:x").exists()
    never, forbidden = (OutboxMessage.objects.get(key=key) for key in ("never", "forbidden"))
    assert never.fault == "error" and "longer than 0.2 s" in never.error
    assert forbidden.fault == "error" and "no such task" in forbidden.error
    for _ in range(8):
        OutboxMessage.objects.filter(key="forbidden").update(available_at=clock.real_now())
        outbox.drain(lane="retries")
    forbidden.refresh_from_db()
    assert (forbidden.fault, forbidden.attempts) == ("given_up", 8)
    assert state.set_aside() == "1 set aside"


def test_a_message_that_no_worker_survives_is_set_aside_after_three(sender):
    outbox.queue_task(f"{tasks.__name__}.kills", {}, key="kills", by=sender)
    for attempts in (1, 2, 3):  # claimed, and no word ever after
        message = lanes.claim("tasks" if attempts == 1 else "retries", {"task"})
        assert message.attempts == attempts
        assert lanes.claim("retries", {"task"}) is None, "its lease holds"
        OutboxMessage.objects.update(available_at=clock.real_now())
    assert lanes.claim("retries", {"task"}) is None
    message = OutboxMessage.objects.get()
    assert (message.fault, message.attempts, message.deaths) == ("killed", 3, 3)
    state.retry(message)
    assert lanes.claim("tasks", {"task"}).attempts == 1


def test_a_lane_has_so_many_places():
    with lanes.place("tasks", 2) as first, lanes.place("tasks", 2) as second, lanes.place("tasks", 2) as third:
        assert (first, second, third) == (True, True, False)
        with lanes.place("mails", 1) as other:
            assert other
        outbox.queue_task(f"{tasks.__name__}.works", {"name": "x"}, key="works")
        assert outbox.drain(lane="tasks") == 0
    assert outbox.drain(lane="tasks") == 1


def test_every_mail_of_the_portal_is_queued_and_a_private_text_is_not_kept(client, sender):
    """A lost password: nothing but a row is written in the request; the link goes out, and does not stay behind."""
    assert client.post("/accounts/password/reset/", {"email": sender.user.email}).status_code == 302
    message = OutboxMessage.objects.get()
    assert mail.outbox == [] and "/accounts/password/reset/key/" in message.payload["body"]
    outbox.drain()
    assert mail.outbox[0].to == [sender.user.email] and "/accounts/password/reset/key/" in mail.outbox[0].body
    message.refresh_from_db()
    assert message.sent_at and "body" not in message.payload


def test_a_refused_private_mail_is_nobodys_to_see_to(server):
    server.everybody = "550 no"
    send_mail("密码重设", "链接", None, [TO])
    outbox.drain()
    message = OutboxMessage.objects.get()
    assert message.fault == "refused" and message.dealt_with_at and "body" not in message.payload


def test_the_case_says_that_a_mail_came_back_to_the_senders_unit_only(server):
    region = house.nm_region()
    call = house.open_nm_call(region)
    OutboxMessage.objects.all().delete()
    server.everybody = "550 5.1.1 unknown"
    expert = factories.member(region.university, "expert", factories.user("评审甲", email="expert@example.invalid"))
    outbox.notify([expert], "请评审", "", call.get_absolute_url(), key="x", by=region.officer.membership, case=call)
    outbox.drain()
    assert "发往expert@example.invalid的邮件未能送达" in text_of(region.officer.page(call))
    other = region.office.page(call)
    assert other.status_code == 200 and "expert@example.invalid" not in text_of(other)


# --- health ------------------------------------------------------------------------------------------------------------


def test_health_tells_of_the_scheduler():
    assert health.scheduler() == "no job has run yet"
    for lane in lanes.LANES:
        heartbeat.beat(heartbeat.LANE + lane)
    heartbeat.beat(heartbeat.DUE, {"acted": 0})
    assert health.scheduler() == "ok"
    Heartbeat.objects.filter(name="lane:mails").update(at=clock.real_now() - dt.timedelta(minutes=4))
    assert health.scheduler() == "late: lane:mails"
    Heartbeat.objects.filter(name="due").update(at=clock.real_now() - dt.timedelta(minutes=41))
    assert health.scheduler() == "late: due, lane:mails"
    Heartbeat.objects.update(at=clock.real_now() - dt.timedelta(hours=1))
    assert health.scheduler().startswith("late: no job has run since")


def test_health_tells_of_lanes_and_the_ledger(sender):
    assert (state.lanes(), health.ledger()) == ("ok", "ok")
    outbox.queue_mail(TO, "请阅", "", key="one")
    OutboxMessage.objects.update(available_at=clock.real_now() - dt.timedelta(minutes=4))
    assert state.lanes() == "ok"
    OutboxMessage.objects.update(available_at=clock.real_now() - dt.timedelta(minutes=6))
    assert state.lanes().startswith("mails: 1 waiting since")
    today = clock.today()
    ledger.owe("x", kind="x", title="x", due_on=today - dt.timedelta(days=2), organisation_id=None, handler="no.such")
    assert health.ledger() == "1 acts are late"
    assert ledger.run_due(today)["failed"] == 1
    assert health.ledger() == "1 due entries fail"


def test_reminders_come_in_a_fixed_number_of_queries(sender, django_assert_max_num_queries):
    """A thousand rows of many kinds of holder cost no more than one."""
    people = [factories.member(sender.organisation, "mentor") for _ in range(5)]

    def owed(number: int) -> None:
        for row in range(number):
            ledger.owe(
                f"{number}:{row}",
                kind="report",
                title=f"第{row}份",
                due_on=clock.today() + dt.timedelta(days=1),
                organisation_id=sender.organisation_id,
                role="secretary",
                membership=people[row % 5] if row % 2 else None,
            )

    owed(1)
    with django_assert_max_num_queries(60) as few:
        assert ledger.run_due(clock.today())["reminded"] == 1
    owed(300)
    # The people of three more places, not three hundred rows.
    with clock.travel(clock.now() + dt.timedelta(days=1)), django_assert_max_num_queries(len(few) + 8):
        assert ledger.run_due(clock.today())["reminded"] == 300
    assert InboxMessage.objects.filter(user=sender.user).count() == 2, "one message a day"
    assert OutboxMessage.objects.filter(kind="mail").count() == 7, "one mail a person and day"
    assert InboxMessage.objects.filter(user=people[0].user).get().title == "【到期提醒】30项"


@pytest.mark.both_databases
def test_one_bad_row_of_a_chunk_stops_no_other(sender):
    """A row that nothing can be made of keeps its error; the rest of the chunk is reminded of."""
    for number in range(5):
        entry = ledger.owe(
            f"r{number}",
            kind="report",
            title=f"第{number}份",
            due_on=clock.today(),
            organisation_id=sender.organisation_id,
            role="secretary",
        )
        LedgerEntry.objects.filter(pk=entry.pk, key="r3").update(stages=["soon"])
    said = ledger.run_due(clock.today())
    assert (said["reminded"], said["failed"]) == (4, 1)
    assert [row.key for row in LedgerEntry.objects.filter(failures=1)] == ["r3"]
    assert InboxMessage.objects.count() == 4
