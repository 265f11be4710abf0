"""Links by which somebody acts without logging in: made, confirmed by a second person, used once with a code.

A room that has a new use for them names it here with `purpose`: the address under which its page answers. The page's
GET changes nothing (a preview of a chat or a mail filter opens links too); its POST passes `enter` and `use`, or, where
the act locks a case first, `enter` and, under that lock, `spend`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from core import clock, outbox, text
from core.door import Forbidden, Refused
from core.findings import Finding
from tenants.models import ActionLink, ActionLinkUse, Membership, UnitContact
from tenants.persons import same_person

CODE_MINUTES = 30  # how long a mailed code stays good
PAUSE_SECONDS = 60  # between two mails with a code
CODES = 5  # mails with a code for one link
TRIES = 5  # wrong codes before another has to be sent

# Short tokens: 12 signs out of 32, that is 60 bits, none of which is read for another one (no I, L, O, U).
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

_addresses: dict[str, str] = {}
_short: set[str] = set()


def purpose(code: str, address: str, *, short: bool = False) -> None:
    """Name what links are for: `address` is the page's, with `{}` for the token. `short`: people read the token out of
    a chat and type it, so it has three groups of four signs in either case."""
    _addresses[code] = address
    if short:
        _short.add(code)


def _token(wanted: str, nonce: str) -> str:
    made = salted_hmac("tenants.link", nonce, algorithm="sha256")
    if wanted not in _short:
        return made.hexdigest()
    number = int.from_bytes(made.digest()[:8])
    signs = "".join(SIGNS[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, LENGTH, 4))


def _typed(wanted: str, token: str) -> str:
    """A token as `_token` writes it, from one that somebody may have typed."""
    if wanted not in _short:
        return token
    signs = text.code(token).translate(_READ_AS)
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(link: ActionLink) -> str:
    """The full address of the link, or "" where the secret has changed since and another has to be made."""
    token = _token(link.purpose, link.nonce)
    if not constant_time_compare(_hash(token), link.token_hash):
        return ""
    return settings.SITE_URL + _addresses[link.purpose].format(token)


def find(wanted: str, token: str) -> ActionLink | None:
    """The link of a token, whatever its state, or None."""
    return ActionLink.objects.filter(purpose=wanted, token_hash=_hash(_typed(wanted, token))).first()


def code_of(link: ActionLink) -> str:
    """The code that belongs to the link now: six digits; "" where none has been sent."""
    if not link.code_nonce:
        return ""
    return f"{int(salted_hmac('tenants.link.code', f'{link.pk}:{link.code_nonce}').hexdigest(), 16) % 1_000_000:06d}"


def _note(link: ActionLink, event: str, by: Membership | None = None) -> None:
    ActionLinkUse.objects.create(link=link, event=event, by=by)


def make(
    wanted: str,
    about_id: int,
    *,
    until: dt.datetime,
    name: str = "",
    address: str = "",
    made_by: Membership | None = None,
    needs_second: bool = False,
    payload: dict | None = None,
    contact: UnitContact | None = None,
    content: str = "",
) -> ActionLink:
    """Make a link. Without a mail `address` its code is told by telephone, by whoever may see it (`code_of`)."""
    if wanted not in _addresses:
        raise LookupError(wanted)
    nonce = secrets.token_hex(16)
    with transaction.atomic():
        link = ActionLink.objects.create(
            purpose=wanted,
            about_id=about_id,
            name=name,
            address=address,
            payload=payload or {},
            contact=contact,
            content=content,
            made_by=made_by,
            needs_second=needs_second,
            until=until,
            nonce=nonce,
            token_hash=_hash(_token(wanted, nonce)),
            code_nonce="" if address else secrets.token_hex(16),
        )
        _note(link, "made", made_by)
    return link


def _locked(link: ActionLink) -> ActionLink:
    return ActionLink.objects.select_for_update(of=("self",)).get(pk=link.pk)


def close(link: ActionLink, by: Membership | None = None, why: str = "") -> None:
    """Make a link useless; nothing happens to one that is used or closed. `why`: one of `ActionLink.CLOSED`."""
    with transaction.atomic():
        fresh = _locked(link)
        if fresh.used_at is None and fresh.closed_at is None:
            fresh.closed_at, fresh.closed_why, fresh.payload = clock.now(), why, {}
            fresh.save(update_fields=["closed_at", "closed_why", "payload"])
            _note(fresh, "closed", by)


def confirm(link: ActionLink, by: Membership) -> ActionLink:
    """The second pair of eyes: somebody has checked with the unit that the address is that person's. Raises Forbidden
    for who made the link (in whatever account), Refused where it is no longer open."""
    with transaction.atomic():
        fresh = _locked(link)
        if fresh.state != "unconfirmed":
            raise Refused(_("此链接不在等待核实，没有改动任何内容。"))
        if fresh.made_by is not None and same_person(fresh.made_by.user, by.user):
            raise Forbidden(_("须由发出人以外的另一人核实。"))
        fresh.confirmed_by, fresh.confirmed_at = by, clock.now()
        fresh.save(update_fields=["confirmed_by", "confirmed_at"])
        _note(fresh, "confirmed", by)
    return fresh


def send_code(link: ActionLink) -> None:
    """Mail a fresh code to the link's address; the older one is dead. Raises Refused: too often, or no longer open."""
    with transaction.atomic():
        fresh = _locked(link)
        _open(fresh)
        if not fresh.address:
            raise Refused(_("此链接的验证码由发出单位电话告知，不发邮件。"))
        if fresh.codes_sent >= CODES:
            raise Refused(_("验证码已发送%(n)s次，不能再发。请联系发出单位重新生成链接。") % {"n": CODES})
        if fresh.code_at and clock.now() < fresh.code_at + dt.timedelta(seconds=PAUSE_SECONDS):
            raise Refused(_("验证码刚刚发送，请%(n)s秒后再试。") % {"n": PAUSE_SECONDS})
        fresh.code_nonce, fresh.code_at = secrets.token_hex(16), clock.now()
        fresh.codes_sent, fresh.tries = fresh.codes_sent + 1, 0
        fresh.save(update_fields=["code_nonce", "code_at", "codes_sent", "tries"])
        _note(fresh, "code")
        outbox.queue_composed(
            "tenants.tasks.code_mail",
            {"pk": fresh.pk, "nonce": fresh.code_nonce},
            to=fresh.address,
            url="",  # the page is the link itself, which nobody keeps
            key=f"link-code:{fresh.pk}:{fresh.code_nonce}",
        )


def sent(link: ActionLink, by: Membership | None = None) -> None:
    """Keep that the link was mailed."""
    _note(link, "sent", by)


def entered(link: ActionLink) -> None:
    """Keep that the code came back and the content was opened."""
    _note(link, "entered")


def spend(link: ActionLink) -> None:
    """Use the link up, inside the transaction of what it is for. Raises Refused where it is no longer open."""
    fresh = _locked(link)
    _open(fresh)
    fresh.used_at, fresh.payload = clock.now(), {}
    fresh.save(update_fields=["used_at", "payload"])
    _note(fresh, "used")


def _open(link: ActionLink) -> None:
    if link.state != "open":
        raise Refused(_("此链接现在不能使用。"))


def enter(link: ActionLink, typed: str) -> None:
    """Check a code before the link is used. Raises Refused; a wrong one counts, whatever else becomes of the act."""
    typed = text.code(typed)
    with transaction.atomic():
        fresh = _locked(link)
        _open(fresh)
        dead = fresh.address and (
            fresh.code_at is None or fresh.code_at + dt.timedelta(minutes=CODE_MINUTES) <= clock.now()
        )
        exhausted = fresh.tries >= TRIES
        right = not dead and not exhausted and constant_time_compare(code_of(fresh), typed)
        if not right and not exhausted:
            fresh.tries += 1
            fresh.save(update_fields=["tries"])
            _note(fresh, "wrong")
    if right:
        return
    if exhausted:
        message = _("验证码已输错%(n)s次，不能再用。请重新获取。") % {"n": TRIES}
    elif dead:
        message = _("还没有发送验证码，或验证码已过%(n)s分钟。请重新获取。") % {"n": CODE_MINUTES}
    else:
        message = _("验证码不符，请核对后再填。")
    raise Refused(Finding("", "hard", message, field="code"))


def use(link: ActionLink, act: Callable[[], Any]) -> Any:
    """Do what the link is for and spend it, both or neither. Raises Refused where it is no longer open."""
    with transaction.atomic():
        _open(_locked(link))
        done = act()
        spend(link)
    return done
