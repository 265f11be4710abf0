"""Writing into the outbox, inside the transaction that the message belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from core.models import InboxMessage, OutboxMessage

# What a row may name: functions marked with `task` or `composer`, by their dotted path.
TASKS: dict[str, Callable] = {}
COMPOSERS: dict[str, Callable] = {}


def task(function: Callable) -> Callable:
    """Mark a function as one that the outbox may run: a payload never names any other. It runs outside any transaction
    and may run twice."""
    TASKS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def composer(function: Callable) -> Callable:
    """Mark a function that writes a mail when it is sent, for what the queue must not hold (a link that lets in). It
    returns (subject, body), or None where there is nothing to send any more."""
    COMPOSERS[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def queue_mail(to: str, subject: str, body: str, key: str, *, by=None, case=None) -> None:
    """Have a plain-text mail sent after the commit; a second message with the same key adds nothing.

    `by` is the actor who caused it and `case` what it is about: both are told where it cannot be delivered.
    """
    _queue("mail", key, {"to": to, "subject": subject, "body": body}, by, case)


def queue_composed(path: str, arguments: dict, to: str, key: str, *, url: str, by=None, case=None) -> None:
    """Have a mail sent whose subject and body the function at the dotted `path`, marked with `composer`, writes then.
    `url` is the page of what it is about, for the sender where it cannot be delivered."""
    _queue("mail", key, {"to": to, "compose": path, "arguments": arguments, "url": url}, by, case)


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
        "user_id": by.user_id if by else None,
    }


@dataclass(frozen=True)
class Notice:
    """Something said to people in the portal and by mail. `key` makes it unique for each of them; user, membership
    and organisation say who caused it, `case_kind` and `case_id` what it is about; `asks` what it asks for, where it
    does (see `core.models.InboxMessage`)."""

    memberships: Iterable
    title: str
    body: str
    url: str
    key: str
    case_kind: str = ""
    case_id: int | None = None
    organisation_id: int | None = None
    membership_id: int | None = None
    user_id: int | None = None
    asks: str = ""


def notify(
    memberships: Iterable, title: str, body: str, url: str, *, key: str, by=None, case=None, asks: str = ""
) -> None:
    """Write an in-site message to each person and queue a mail to those who have an address.

    `by` is the actor who caused it and `case` what it is about: both are told of a mail that cannot be delivered.
    `asks` names what the message asks for, until `answered` is called with it.
    """
    notify_all([Notice(memberships, title, body, url, key, **_about(by, case), asks=asks)])


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
                    case_kind=notice.case_kind,
                    case_id=notice.case_id,
                    asks=notice.asks,
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
                        user_id=notice.user_id,
                    )
                )
    InboxMessage.objects.bulk_create(told, batch_size=1000)
    OutboxMessage.objects.bulk_create(mails, batch_size=1000, ignore_conflicts=True)
