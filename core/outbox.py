"""The outbox: what has to leave the portal is written inside the transaction and sent after it.

A message whose transaction did not commit never existed; one whose worker died is still there. Each message is
taken under a lock and marked in the same transaction, and a mail's Message-ID is derived from its key, so that a
mail system that gets it twice recognises it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.module_loading import import_string

from core import clock
from core.models import InboxMessage, OutboxMessage

MAX_ATTEMPTS = 8
TASKS: dict[str, object] = {}


def task(function):
    """Mark a function as one that the outbox may run: a payload never names any other."""
    TASKS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def queue_mail(to: str, subject: str, body: str, key: str, *, by=None, case=None) -> None:
    """Have a plain-text mail sent after the commit; a second message with the same key adds nothing.

    `by` is the actor who caused it and `case` what it is about: both are told where it cannot be delivered.
    """
    _queue("mail", key, {"to": to, "subject": subject, "body": body}, by, case)


def queue_task(path: str, payload: dict, key: str, *, by=None, case=None) -> None:
    """Have the function at the dotted `path`, marked with `task`, run after the commit with the JSON `payload`."""
    _queue("task", key, {"path": path, "arguments": payload}, by, case)


def _queue(kind: str, key: str, payload: dict, by, case) -> None:
    OutboxMessage.objects.get_or_create(key=key, defaults={"kind": kind, "payload": payload, **_about(by, case)})


def _about(by, case) -> dict:
    """Who caused a message and what it is about, as its row keeps them."""
    return {
        "case_kind": case.case_kind if case else "",
        "case_id": case.pk if case else None,
        "organisation_id": by.organisation_id if by else None,
        "membership_id": by.membership_id if by else None,
    }


@dataclass(frozen=True)
class Notice:
    """Something said to people in the portal and by mail. `key` makes it unique for each of them; `membership_id` and
    `organisation_id` say who caused it, `case_kind` and `case_id` what it is about."""

    memberships: Iterable
    title: str
    body: str
    url: str
    key: str
    case_kind: str = ""
    case_id: int | None = None
    organisation_id: int | None = None
    membership_id: int | None = None


def notify(memberships: Iterable, title: str, body: str, url: str, *, key: str, by=None, case=None) -> None:
    """Write an in-site message to each person and queue a mail to those who have an address.

    `by` is the actor who caused it and `case` what it is about: both are told of a mail that cannot be delivered.
    """
    notify_all([Notice(memberships, title, body, url, key, **_about(by, case))])


def notify_all(notices: Iterable[Notice]) -> None:
    """Say many things at once, in two statements."""
    told, mails = [], []
    for notice in notices:
        title, body = str(notice.title), str(notice.body)
        link = f"{settings.SITE_URL}{notice.url}"
        for membership in notice.memberships:
            told.append(
                InboxMessage(
                    user_id=membership.user_id,
                    membership_id=membership.pk,
                    title=title[:200],
                    body=body,
                    url=notice.url,
                )
            )
            if address := membership.user.email:
                mails.append(
                    OutboxMessage(
                        kind="mail",
                        key=f"{notice.key}:{membership.pk}",
                        payload={
                            "to": address,
                            "subject": title,
                            "body": f"{body}\n\n{link}\n" if body else f"{link}\n",
                        },
                        case_kind=notice.case_kind,
                        case_id=notice.case_id,
                        organisation_id=notice.organisation_id,
                        membership_id=notice.membership_id,
                    )
                )
    InboxMessage.objects.bulk_create(told, batch_size=1000)
    OutboxMessage.objects.bulk_create(mails, batch_size=1000, ignore_conflicts=True)


def drain(limit: int = 200) -> int:
    """Send what is waiting; returns how many messages were dealt with. Safe to run in several workers at once."""
    done = 0
    for _ in range(limit):
        if not _send_one():
            break
        done += 1
    return done


def _send_one() -> bool:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, available_at__lte=clock.real_now(), attempts__lt=MAX_ATTEMPTS)
            .order_by("id")
            .first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            with transaction.atomic():
                _deliver(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message stays and is tried again
            message.error = f"{type(error).__name__}: {error}"[:2000]
            message.available_at = clock.real_now() + dt.timedelta(seconds=30 * 2**message.attempts)
        else:
            message.sent_at, message.error = clock.real_now(), ""
        message.save(update_fields=["attempts", "error", "available_at", "sent_at"])
    return True


def _deliver(message: OutboxMessage) -> None:
    payload = message.payload
    if message.kind == "mail":
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        EmailMessage(
            payload["subject"].replace("\n", " "),
            payload["body"],
            to=[payload["to"]],
            headers={"Message-ID": f"<{digest}@lianpei>"},
        ).send()
        return
    import_string(payload["path"])
    TASKS[payload["path"]](**payload["arguments"])
