"""Twenty people write while the mail server hangs, refuses for now, refuses for good and dies in the middle, and while a
task kills its worker and another never ends. Workers are processes of their own; the mail server is a socket."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from core import clock, health, outbox
from core.models import InboxMessage, OutboxMessage, Serial
from tenants.models import Invitation
from tests.mail.server import MailServer, wait_for
from tests.scenarios.house import Person, text_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]

PEOPLE = 20
SILENCE = 9  # seconds that the worker waits for an answer of the mail server
QUICK = 7  # seconds within which all twenty are done on a busy machine: whoever waited for the server would take longer


@pytest.fixture
def server():
    with MailServer() as running:
        yield running


@pytest.fixture
def worker(server):
    """The outbox's worker on this test's database, with this test's mail server."""
    name = connection.settings_dict["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].replace("lianpei?", f"{name}?")
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mail.worker"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "EMAIL_TIMEOUT": str(SILENCE),
            "TASK_SECONDS": "2",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


@pytest.fixture
def college():
    return factories.college()


@pytest.fixture
def people(college):
    return [Person(factories.member(college, "secretary")) for _ in range(PEOPLE)]


def _everybody_invites(people, college, phase: str) -> float:
    """Each person invites somebody, all at the same moment; returns the longest that one of them waited, in seconds."""
    barrier, took = threading.Barrier(PEOPLE), [0.0] * PEOPLE

    def write(number: int) -> None:
        try:
            answer = {"role": "applicant", "name": f"{phase}{number}", "email": f"{phase}-{number}@example.invalid"}
            barrier.wait(10)
            began = time.monotonic()
            status = people[number].client.post(f"/organisation/{college.pk}/invite/", answer).status_code
            took[number] = time.monotonic() - began
            assert status == 302
        except Exception:
            took[number] = 1000
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return max(took)


def _healthz_says(part: str, words: str) -> None:
    """Wait until the page of `part` says so; a busy machine may take longer than one question is given."""
    wait_for(lambda: words in health.report()[part])
    wait_for(lambda: words in Client().get("/healthz").json().get(part, ""))


def _a_while_later(**which) -> None:
    """What was put off comes up again, without the test waiting for it."""
    waiting = OutboxMessage.objects.filter(sent_at=None, failed_at=None, attempts__gt=0, **which)
    waiting.exclude(fault="claimed").update(available_at=clock.real_now())


def test_nobody_waits_and_nothing_is_lost(server, worker, college, people):
    by = people[0].membership
    _healthz_says("scheduler", "ok")

    # It hangs. A task kills its worker, another never ends; others stand behind them.
    server.greets = False
    outbox.queue_task("tests.mail.tasks.kills", {}, key="kills", by=by)
    outbox.queue_task("tests.mail.tasks.never_ends", {}, key="never", by=by)
    for name in ("a", "b", "c"):
        outbox.queue_task("tests.mail.tasks.works", {"name": name}, key=f"works:{name}", by=by)
    assert _everybody_invites(people, college, "hang") < QUICK
    began = time.monotonic()
    assert Client().post("/accounts/password/reset/", {"email": by.user.email}).status_code == 302
    assert time.monotonic() - began < QUICK
    wait_for(lambda: Serial.objects.filter(name__startswith="done:").count() == 3)
    _healthz_says("mail", "does not answer")
    assert server.taken == [] and server.connections
    killer = OutboxMessage.objects.filter(key="kills")
    for deaths in range(3):
        wait_for(lambda n=deaths + 1: killer.filter(fault="claimed", attempts=n).exists())
        killer.update(available_at=clock.real_now())  # its lease is over
    wait_for(lambda: killer.filter(fault="killed", deaths=3).exists())
    assert OutboxMessage.objects.get(key="never").fault == "error"
    _healthz_says("tasks", "1 set aside")
    assert InboxMessage.objects.filter(user=by.user, title__contains="后台处理没有完成").count() == 1

    # It answers, and takes nothing for now.
    server.greets, server.everybody = True, "451 4.7.1 try again later"
    assert _everybody_invites(people, college, "later") < QUICK
    _healthz_says("mail", "takes nothing for now")
    assert not OutboxMessage.objects.filter(kind="mail", failed_at__isnull=False).exists()

    # It refuses some for good, and dies when it has taken others.
    refused = {f"mixed-{number}@example.invalid" for number in (3, 4)}
    dying = {f"mixed-{number}@example.invalid" for number in (7, 8, 9)}
    server.everybody = ""
    server.to_recipient = dict.fromkeys(refused, "550 5.1.1 no such user")
    server.to_data = dict.fromkeys(dying, "die")
    assert _everybody_invites(people, college, "mixed") < QUICK
    wait_for(lambda: not OutboxMessage.objects.filter(kind="mail", attempts=0).exists())
    wait_for(lambda: not OutboxMessage.objects.filter(kind="mail", fault="claimed").exists())
    server.to_data = {}
    for _ in range(2):  # what is in hand while the first call looks is put off afterwards
        wait_for(lambda: not OutboxMessage.objects.filter(kind="mail", fault="claimed").exists())
        _a_while_later(kind="mail")
    wait_for(lambda: not OutboxMessage.objects.filter(kind="mail", sent_at=None, failed_at=None).exists())

    addresses = set(Invitation.objects.values_list("email", flat=True)) | {by.user.email}
    assert len(addresses) == 3 * PEOPLE + 1
    assert {address for address, _name in server.taken} == addresses - refused
    named = dict(server.taken)
    assert {address for address in named if server.times[named[address]] > 1} == dying
    assert len(server.taken) == len(addresses) - len(refused) + len(dying)

    # Each failure is seen by its sender, on its page, and by nobody else.
    for number in range(PEOPLE):
        told = InboxMessage.objects.filter(user=people[number].membership.user, title__contains="邮件未送达")
        assert told.count() == (1 if number in (3, 4) else 0)
    came_back = Invitation.objects.get(email="mixed-3@example.invalid")
    assert "no such user" in text_of(people[0].get(f"/organisation/invitations/{came_back.pk}/"))
    for part in ("mail", "lanes", "ledger"):
        _healthz_says(part, "ok")

    # The administrator sees what was set aside, and deals with it.
    _healthz_says("tasks", "1 set aside")
    assert "多次中断后台进程" in text_of(people[1].get("/organisation/"))
    row = {"row": f"message-{killer.get().pk}", "act": "close"}
    assert people[1].client.post("/organisation/work/", row).status_code == 302
    _healthz_says("tasks", "ok")
