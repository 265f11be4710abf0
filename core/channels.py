"""Ways out besides mail: text messages and robots of group chats, each a POST to an address. Off until configured.

The outbox sends them in a lane of their own (`core.outbox.lanes`); nothing of a student and no title goes into a text
message. A robot's address is a secret of its organisation; it is put in when the message is sent.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from core.ledger.digests import Told, channel
from core.models import OutboxMessage
from core.outbox.failures import Fault
from core.outbox.lanes import SENDERS
from core.outbox.queueing import COMPOSERS
from core.text import normal

MOST_ANSWER = 64 * 1024
URGENT = dt.timedelta(days=7)  # a text message goes out for what is late or due within
MOBILE = re.compile(r"1\d{10}")
WAIT = {45009, 130101}  # error codes of the robots that mean "too many at the moment"


def ready() -> None:
    """Let the outbox send them."""
    SENDERS.update(dict.fromkeys(("sms", "robot"), send))


def sms_configured() -> bool:
    return bool(settings.SMS_URL)


def robot_prefixes() -> list[str]:
    """What a robot's address has to begin with: nobody makes the portal call anything else."""
    return list(settings.ROBOT_PREFIXES)


def is_robot_address(url: str) -> bool:
    return len(url) <= 500 and url.isascii() and url.isprintable() and url.startswith(tuple(robot_prefixes()))


@channel
def text_messages(told: list[Told], on: dt.date) -> list[OutboxMessage]:
    """A text message to each whose digest has something late or due soon, and who has given a mobile number."""
    if not sms_configured():
        return []
    rows = []
    for each in told:
        number = re.sub(r"[\s-]", "", normal(each.member.user.phone or "")).removeprefix("+86")
        first = min(row.entry.due_on for row in each.rows)
        if not MOBILE.fullmatch(number) or not (each.late or first <= on + URGENT):
            continue
        words = _("您有%(n)s项到期提醒（逾期%(late)s项），最早%(day)s。请登录联培平台查看。") % {
            "n": each.total,
            "late": each.late,
            "day": first.isoformat(),
        }
        payload = {"to": number, "text": words, "subject": words}
        rows.append(
            OutboxMessage(
                kind="sms",
                key=f"sms:{each.digest.membership_id}:{each.digest.on.isoformat()}",
                payload=payload,
                organisation_id=each.member.organisation_id,
            )
        )
    return rows


def send(message: OutboxMessage) -> None:
    """Hand a message to its address, outside any transaction. Raises Fault, which says whether it is worth another try."""
    if message.kind == "sms":
        if not sms_configured():
            raise Fault("refused", "SMS_URL is not set")
        body = {settings.SMS_TO_FIELD: message.payload["to"], settings.SMS_TEXT_FIELD: message.payload["text"]}
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        _post(settings.SMS_URL, {**body, "id": message.key}, headers)
        return
    composed = COMPOSERS[message.payload["compose"]](**message.payload["arguments"])
    if composed is None:  # there is no robot any more, or nothing left to say
        return
    url, body = composed
    if not is_robot_address(url):
        raise Fault("refused", "the address of the robot is none that the portal calls")
    answer = _post(url, body, {})
    code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
    if code:
        raise Fault("put_off" if code in WAIT else "refused", f"{code} {answer.get('errmsg', '')}"[:300])


def robot_words(kind: str, title: str, lines: list[str]) -> dict:
    """What a robot of a kind is sent."""
    text = "\n".join([f"**{title}**", *lines])
    if kind == "wecom":
        while len(text.encode()) > 4000:  # it takes 4,096 bytes
            text = text.rpartition("\n")[0]
        return {"msgtype": "markdown", "markdown": {"content": text}}
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text.replace("\n", "\n\n")}}


def signed(url: str, secret: str) -> str:
    """A DingTalk robot's address with the signature that its secret asks for."""
    if not secret:
        return url
    stamp = str(round(clock.real_now().timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"{url}&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


class _Here(urllib.request.HTTPRedirectHandler):
    """No redirects: the portal calls the address that was given and no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler(), _Here())


def _post(url: str, body: dict, headers: dict[str, str]) -> Any:
    """Send JSON; the answer as JSON where it is some. An error never holds the address: it is a secret."""
    request = urllib.request.Request(  # noqa: S310 - the address is the deployment's, or begins as `robot_prefixes` say
        url,
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8", **headers},
        method="POST",
    )
    try:
        with _opener.open(request, timeout=settings.CHANNEL_TIMEOUT) as response:
            content = response.read(MOST_ANSWER)
    except urllib.error.HTTPError as error:
        later = error.code >= 500 or error.code in (408, 429)
        raise Fault("put_off" if later else "refused", f"HTTP {error.code}") from None
    except TimeoutError:
        raise Fault("no_answer", "no answer in time") from None
    except OSError as error:
        raise Fault("unreachable", type(error).__name__) from None
    try:
        return json.loads(content)
    except ValueError:
        return None
