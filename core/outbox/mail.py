"""One mail to the mail server, and what its answer means. And the backend that Django and allauth send through: it only
queues, so that no request ever talks to a mail server."""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import uuid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from core.models import OutboxMessage
from core.outbox.failures import Fault
from core.outbox.queueing import COMPOSERS


def send(message: OutboxMessage) -> None:
    """Hand a queued mail to the mail server. Raises Fault, which says whether it is worth another try."""
    mail = _written(message)
    if mail is None:
        return
    # Bound in time: each wait for the server lasts EMAIL_TIMEOUT at most.
    connection = get_connection(settings.MAIL_TRANSPORT, timeout=settings.EMAIL_TIMEOUT)
    try:
        _hand_over(connection, mail)
    finally:
        with contextlib.suppress(Exception):  # it has been taken, or not, whatever the server says on parting
            connection.close()


def _written(message: OutboxMessage) -> EmailMultiAlternatives | None:
    """The mail of a row; None where there is nothing to send any more."""
    payload = message.payload
    subject, body = payload.get("subject", ""), payload.get("body", "")
    if path := payload.get("compose"):
        composed = COMPOSERS[path](**payload["arguments"])
        if composed is None:
            return None
        subject, body = composed
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return EmailMultiAlternatives(
        " ".join(subject.split()),
        body,
        from_email=payload.get("from") or None,
        to=[payload["to"]],
        headers={**payload.get("headers", {}), "Message-ID": f"<{digest}@lianpei>"},
        alternatives=[tuple(part) for part in payload.get("alternatives", [])],
    )


def _hand_over(connection, mail: EmailMultiAlternatives) -> None:
    try:
        connection.open()
    except OSError as error:  # refused, unknown, silent, or it does not let us in: nothing that this mail could help
        raise Fault("unreachable", error) from error
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise Fault(_verdict(code), _text(code, answer)) from error
    except smtplib.SMTPDataError as error:
        raise Fault(_verdict(error.smtp_code), _text(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:  # an address that this server cannot write to
        raise Fault("refused", error) from error
    except smtplib.SMTPResponseException as error:  # greeting, log-in, our own sender's address
        raise Fault("unreachable", _text(error.smtp_code, error.smtp_error)) from error
    except OSError as error:  # silent for too long, or gone in the middle: it may have taken it
        raise Fault("no_answer", error) from error
    except ValueError as error:  # no address
        raise Fault("refused", error) from error


def _verdict(code: int) -> str:
    """4xx: try again. 5xx: never."""
    return "refused" if 500 <= code < 600 else "put_off"


def _text(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {words}"


class QueueingBackend(BaseEmailBackend):
    """Django's e-mail backend of the portal: every mail goes through the outbox. The real one is MAIL_TRANSPORT."""

    def send_messages(self, email_messages: list) -> int:
        """Queue each mail once for each recipient; its text is not kept longer than until it has been sent."""
        rows = [
            OutboxMessage(
                kind="mail",
                key=f"mail:{uuid.uuid4()}",
                payload={
                    "to": address,
                    "from": mail.from_email,
                    "subject": str(mail.subject),
                    "body": str(mail.body),
                    "headers": dict(mail.extra_headers),
                    "alternatives": [[str(text), kind] for text, kind in getattr(mail, "alternatives", [])],
                    "private": True,
                },
            )
            for mail in email_messages
            for address in mail.recipients()
        ]
        OutboxMessage.objects.bulk_create(rows)
        return len(email_messages)
