"""What becomes of a message that was not delivered: it is put off, or it is closed and whoever caused it is told."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.language import in_source_language
from core.models import InboxMessage, OutboxMessage

log = logging.getLogger("lianpei.outbox")

MOST_TRIES = 8  # of a task that fails
MOST_DEATHS = 3  # of a message that no worker survives
GIVE_UP = dt.timedelta(days=3)  # of a mail whose recipient's side does not take it
CLOSED = ("refused", "given_up", "killed")


class Fault(Exception):
    """Why a message was not delivered: `kind` is one of OutboxMessage.FAULTS."""

    def __init__(self, kind: str, reason: object):
        self.kind = kind
        super().__init__(f"{type(reason).__name__}: {reason}" if isinstance(reason, Exception) else str(reason))


def fault_of(error: Exception) -> Fault:
    """The error as a fault; whatever is not one yet is worth another try."""
    return error if isinstance(error, Fault) else Fault("error", error)


def report(message: OutboxMessage, fault: Fault) -> None:
    """Keep the fault: the message is put off, or closed where another try is not worth it."""
    kind = _worn_out(message, fault.kind)
    log.warning("%s %s: %s: %s", message.kind, message.pk, kind, fault)
    if kind in CLOSED:
        close(message, kind, str(fault))
        return
    now = clock.real_now()
    OutboxMessage.objects.filter(pk=message.pk).update(
        fault=kind, error=str(fault)[:2000], tried_at=now, available_at=now + _pause(kind, message.attempts)
    )


def close(message: OutboxMessage, kind: str, error: str) -> None:
    """End a message without delivery, and say so to whoever caused it."""
    now = clock.real_now()
    private = bool(message.payload.get("private"))  # somebody's lost password: nobody's to see to
    with in_source_language(), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(
            fault=kind,
            error=error[:2000],
            tried_at=now,
            failed_at=now,
            dealt_with_at=now if private else None,
            payload=kept_payload(message),
        )
        if message.user_id:
            InboxMessage.objects.create(
                user_id=message.user_id, membership_id=message.membership_id, **_words(message, error)
            )


def kept_payload(message: OutboxMessage) -> dict:
    """The payload as it is kept once the message is over: without the text of what was private (a link that lets in)."""
    if not message.payload.get("private"):
        return message.payload
    return {name: message.payload[name] for name in ("to", "subject", "private")}


def _worn_out(message: OutboxMessage, kind: str) -> str:
    """The kind of fault, or "given_up" where it has been tried often or long enough."""
    if kind == "error" and message.attempts >= MOST_TRIES:
        return "given_up"
    if kind in ("no_answer", "put_off") and clock.now() - message.created_at > GIVE_UP:
        return "given_up"
    return kind


def _pause(kind: str, attempts: int) -> dt.timedelta:
    """Twice as long each time. Our own server is asked again soon; it is not the mail's fault."""
    longest = dt.timedelta(minutes=15) if kind == "unreachable" else dt.timedelta(hours=6)
    return min(dt.timedelta(seconds=30) * 2 ** min(attempts, 12), longest)


def _words(message: OutboxMessage, error: str) -> dict:
    """What whoever caused it reads."""
    url = f"/cases/{message.case_kind}/{message.case_id}/" if message.case_id else message.payload.get("url", "/")
    if message.kind == "task":
        return {
            "title": _("【未完成】后台处理没有完成"),
            "body": _(
                "这件事项的一项后台处理（生成或签章文件）多次未成，已停止。单位管理员可在“单位与人员”中查看并再试。"
            ),
            "url": url,
        }
    subject = message.payload.get("subject") or _("邀请")
    return {
        "title": (_("【邮件未送达】%(subject)s") % {"subject": subject})[:200],
        "body": _(
            "发往%(to)s的邮件未能送达。邮件系统答复：%(answer)s。系统不再重发。请核对邮箱地址；急件请电话告知对方。"
        )
        % {"to": message.payload["to"], "answer": error[:300]},
        "url": url,
    }
