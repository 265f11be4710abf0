"""Claiming and sending. New mails, new tasks, what goes out another way (text messages, robots) and what has failed
before each have a lane of their own, and a worker takes only from one: nothing new waits behind something old that fails.

On one machine a lane has a fixed number of places (locks on files, which end with their process), so that what hangs in
one lane never takes the workers of another.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from core import clock
from core.deadline import deadline
from core.models import OutboxMessage
from core.outbox import mail
from core.outbox.failures import MOST_DEATHS, Fault, close, fault_of, kept_payload, report
from core.outbox.queueing import TASKS

LANES = {
    "tasks": Q(kind="task", attempts=0),
    "mails": Q(kind="mail", attempts=0),
    "channels": Q(kind__in=("sms", "robot"), attempts=0),
    "retries": Q(attempts__gt=0),
}
PLACES = {"tasks": 2, "mails": 1, "channels": 1, "retries": 1}
# Kind of message → what sends it, where it is neither mail nor task.
SENDERS: dict[str, Callable[[OutboxMessage], None]] = {}
WAITING = Q(sent_at=None, failed_at=None)
RUN_SECONDS = 45  # after which a run takes nothing new


def limit_of(kind: str) -> int:
    """How long one message may take, in seconds."""
    return settings.TASK_SECONDS if kind == "task" else settings.MAIL_SECONDS


def drain(limit: int = 200, lane: str = "") -> int:
    """Send what waits in a lane, or in all of them; returns how many messages were dealt with.

    Safe in several workers at once. Where all places of a lane are taken, those who have them do the work.
    """
    done = 0
    for name in [lane] if lane else LANES:
        with place(name, PLACES[name]) as mine:
            if mine:
                done += _drain_lane(name, limit - done)
    return done


def _drain_lane(lane: str, limit: int) -> int:
    until = time.monotonic() + RUN_SECONDS
    done = silent = 0
    kinds = {code for code, _label in OutboxMessage.KINDS}
    while done < limit and time.monotonic() < until and kinds:
        message = claim(lane, kinds)
        if message is None:
            break
        done += 1
        fault = attempt(message)
        silent = silent + 1 if fault == "no_answer" else 0
        if fault == "unreachable" or silent == 2:  # that server's turn to recover: others keep their claims
            kinds.discard(message.kind)
    return done


def claim(lane: str, kinds: set[str]) -> OutboxMessage | None:
    """Take the message that has waited longest in a lane, and commit that before anything is done with it.

    A claim lasts a little longer than the work may take. One whose worker never reported counts as its death; after
    MOST_DEATHS the message is set aside.
    """
    while True:
        with transaction.atomic():
            now = clock.real_now()
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(LANES[lane], WAITING, available_at__lte=now, kind__in=kinds)
                .order_by("available_at", "pk")
                .first()
            )
            if message is None:
                return None
            message.deaths += message.fault == "claimed"
            dead = message.deaths >= MOST_DEATHS
            if not dead:
                message.attempts += 1
            message.fault = "claimed"
            message.available_at = now + dt.timedelta(seconds=limit_of(message.kind) + 30)
            message.save(update_fields=["attempts", "deaths", "fault", "available_at"])
        if not dead:
            return message
        close(message, "killed", f"no worker survived it, {message.deaths} times")


def attempt(message: OutboxMessage) -> str:
    """Deliver a claimed message, outside any transaction, and keep what came of it. Returns the kind of fault, or ""."""
    try:
        with deadline(limit_of(message.kind)):
            deliver(message)
    except Exception as error:  # noqa: BLE001 - whatever it was, the message stays
        fault = fault_of(error)
        report(message, fault)
        return fault.kind
    now = clock.real_now()
    OutboxMessage.objects.filter(pk=message.pk).update(
        sent_at=now, tried_at=now, fault="", error="", payload=kept_payload(message)
    )
    return ""


def deliver(message: OutboxMessage) -> None:
    """Send the mail, or run the task."""
    if message.kind == "mail":
        mail.send(message)
        return
    if message.kind in SENDERS:
        SENDERS[message.kind](message)
        return
    if message.payload["path"] not in TASKS:
        raise Fault("error", f"no such task: {message.payload['path']}")
    TASKS[message.payload["path"]](**message.payload["arguments"])


@contextlib.contextmanager
def place(name: str, places: int = 1) -> Iterator[bool]:
    """One of `places` places in the lane `name` of this database on this machine; False where all are taken."""
    folder = settings.VAR / "lanes"
    folder.mkdir(exist_ok=True)
    database = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    with contextlib.ExitStack() as stack:
        files = (stack.enter_context((folder / f"{name}-{number}-{database}").open("a")) for number in range(places))
        yield any(_locked(file) for file in files)


def _locked(file: IO) -> bool:
    """Whether the lock on the file is this process's now, until the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
