"""The outbox: what has to leave the portal is written inside the transaction and sent after it.

A message whose transaction did not commit never existed; one whose worker died is still there. Each message is
taken under a lock and marked in the same transaction, and a mail's Message-ID is derived from its key, so that a
mail system that gets it twice recognises it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

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


def queue_mail(to: str, subject: str, body: str, key: str) -> None:
    """Have a plain-text mail sent after the commit; a second message with the same key adds nothing."""
    OutboxMessage.objects.get_or_create(
        key=key, defaults={"kind": "mail", "payload": {"to": to, "subject": subject, "body": body}}
    )
    _wake()


def queue_task(path: str, payload: dict, key: str) -> None:
    """Have the function at the dotted `path`, marked with `task`, run after the commit with the JSON `payload`."""
    OutboxMessage.objects.get_or_create(
        key=key, defaults={"kind": "task", "payload": {"path": path, "arguments": payload}}
    )
    _wake()


def notify(memberships: Iterable, title: str, body: str, url: str, *, key: str) -> None:
    """Write an in-site message to each person and queue a mail to those who have an address."""
    title, body = str(title), str(body)
    for membership in memberships:
        InboxMessage.objects.create(
            user_id=membership.user_id, membership_id=membership.pk, title=title[:200], body=body, url=url
        )
        address = membership.user.email
        if address:
            link = f"{settings.SITE_URL}{url}"
            queue_mail(address, title, f"{body}\n\n{link}\n" if body else f"{link}\n", key=f"{key}:{membership.pk}")


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


def _wake() -> None:
    """Ask a worker to drain soon; if the broker is away, the schedule does it."""
    if getattr(settings, "OUTBOX_WAKE", False):
        transaction.on_commit(_send_wake, robust=True)


def _send_wake() -> None:
    from core.tasks import drain_outbox

    drain_outbox.apply_async(ignore_result=True, retry=False)
