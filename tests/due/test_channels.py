"""Text messages and robots against a real server: off by default, once a day, no student and no secret in them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from core import clock, ledger, outbox
from core.models import OutboxMessage
from tenants.models import Robot
from tests.due.server import WebServer
from tests.scenarios.house import Person, text_of
from tests.tenants import factories

pytestmark = pytest.mark.django_db

D = dt.date.fromisoformat
MORNING = "2027-03-01T08:00"


@pytest.fixture
def server(settings):
    with WebServer() as running:
        settings.SMS_URL, settings.SMS_TOKEN = f"{running.url}/sms", "secret-token"
        settings.ROBOT_PREFIXES = [f"{running.url}/robot/"]
        settings.CHANNEL_TIMEOUT = 0.5
        yield running


@pytest.fixture
def clerk():
    person = factories.user(phone="139 0000 1999")
    return factories.member(factories.university(name="测试大学"), "graduate_office", person)


def owe(clerk, day: str = "2027-03-03", kind: str = "report", title: str = "月度报告") -> None:
    ledger.owe(
        f"{kind}:{title}",
        kind=kind,
        title=title,
        due_on=D(day),
        organisation_id=clerk.organisation_id,
        role=clerk.role,
    )


def run(lane: str = "channels", at: str = MORNING) -> None:
    with clock.travel(at):
        ledger.run_scheduled()
    OutboxMessage.objects.update(available_at=clock.real_now())
    outbox.drain(50, lane)


def test_nothing_goes_out_unless_it_is_configured(server, settings, clerk):
    settings.SMS_URL = ""
    owe(clerk)
    run()
    assert not server.taken and not OutboxMessage.objects.exclude(kind="mail").exists()


def test_a_text_message_says_how_much_and_nothing_else(server, clerk):
    owe(clerk, title="张同学实践期满", kind="placement_ends")
    run()
    ((path, headers, body),) = server.taken
    assert (path, headers["Authorization"], body["to"]) == ("/sms", "Bearer secret-token", "13900001999")
    assert "1项到期提醒" in body["text"] and "2027-03-03" in body["text"] and "张同学" not in body["text"]
    run(at="2027-03-01T15:00")
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("day", "messages"), [("2027-05-30", 0), ("2027-03-09", 0), ("2027-03-08", 1), ("2027-03-01", 1)]
)
def test_a_text_message_goes_out_for_what_is_near(server, clerk, day, messages):
    owe(clerk, day, kind="construction")
    run()
    assert len(server.taken) == messages


@pytest.mark.parametrize(
    ("status", "fault", "closed"),
    [
        (200, "", False),
        (500, "put_off", False),
        (429, "put_off", False),
        (400, "refused", True),
        (302, "refused", True),
    ],
)
def test_what_the_answer_means(server, clerk, status, fault, closed):
    """A redirect is not followed: the portal calls the address that was given."""
    server.status, server.location = status, f"{server.url}/elsewhere" if status == 302 else ""
    owe(clerk)
    run()
    message = OutboxMessage.objects.get(kind="sms")
    assert (message.fault, bool(message.failed_at), bool(message.sent_at)) == (fault, closed, status == 200)
    assert server.paths == ["/sms"]


def test_a_silent_server_holds_up_nothing_else(server, clerk):
    server.pause = 1.0
    owe(clerk)
    run()
    assert OutboxMessage.objects.get(kind="sms").fault == "no_answer"
    run(lane="mails")
    assert OutboxMessage.objects.get(kind="mail").sent_at
    server.server.server_close()
    server.server.shutdown()


def test_a_group_hears_once_a_day_of_what_its_unit_was_told(server, clerk):
    """WeCom: the administrator enters the address, which is shown to nobody again; two colleagues, one post."""
    factories.member(clerk.organisation, "graduate_office")
    admin = Person(factories.member(clerk.organisation, "admin"))
    address = f"{server.url}/robot/send?key=top-secret"
    admin.client.post("/due/settings/", {"act": "robot", "kind": "wecom", "url": "https://evil.example/robot/"})
    assert not Robot.objects.exists()
    admin.client.post("/due/settings/", {"act": "robot", "kind": "wecom", "url": address})
    assert "top-secret" not in text_of(admin.get("/due/settings/")) and Robot.objects.get().url == address
    owe(clerk)
    owe(clerk, kind="placement_ends", title="张同学实践期满")
    run()
    (body,) = [body for path, _headers, body in server.taken if path.startswith("/robot/")]
    words = body["markdown"]["content"]
    assert body["msgtype"] == "markdown" and "2项" in words and "2027-03-03 月度报告" in words and "实践期满" in words
    assert "张同学" not in words
    assert "top-secret" not in str(list(OutboxMessage.objects.values()))
    run(at="2027-03-01T16:00")
    assert sum(path.startswith("/robot/") for path in server.paths) == 1
    admin.client.post("/due/settings/", {"act": "robot_end", "kind": "wecom"})
    assert not Robot.objects.exists()


def test_dingtalk_is_signed_and_its_refusal_is_seen(server, clerk):
    Robot.objects.create(
        organisation=clerk.organisation,
        kind="dingtalk",
        url=f"{server.url}/robot/send?access_token=t",
        secret="s1",
        by="甲",
    )
    owe(clerk)
    server.answer = {"errcode": 310000, "errmsg": "sign not match"}
    run()
    ((path, _headers, body),) = [row for row in server.taken if row[0].startswith("/robot/")]
    query = parse_qs(urlsplit(path).query)
    digest = hmac.new(b"s1", f"{query['timestamp'][0]}\ns1".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()] and body["markdown"]["title"].startswith("到期提醒")
    message = OutboxMessage.objects.get(kind="robot")
    assert message.fault == "refused" and "310000" in message.error and message.failed_at
    admin = Person(factories.member(clerk.organisation, "admin"))
    assert "钉钉群机器人" in text_of(admin.get("/organisation/"))
