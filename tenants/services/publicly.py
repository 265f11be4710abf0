"""What somebody without an account sends: it waits in a link for the code that went to their address, within limits against
floods, and then counts once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from core.door import Refused
from core.findings import Finding
from tenants.models import ActionLink
from tenants.services import attempts, links

OPEN_HOURS = 24  # how long it waits for its code


class TooMany(Refused):
    """A limit against floods: nothing is wrong with what was sent."""


@dataclass(frozen=True)
class Limits:
    """How many codes are mailed: for one address about one thing, for one thing an hour, for one network an hour."""

    address: int
    thing: int
    network: int


def within(purpose: str, about_id: int, limits: Limits, address: str, network: str, *, hours: int, own: str, busy: str):
    """Raise TooMany beyond the limits: `own` is said where the address has sent its number within `hours` (it names the
    number as n), `busy` where too many others have. Call it under the lock of what it is about: the limits count."""
    if attempts.count(purpose, "code", hours=hours, about_id=about_id, address=address) >= limits.address:
        raise TooMany(Finding("", "hard", own % {"n": limits.address}, field="email"))
    crowded = attempts.count(purpose, "code", hours=1, about_id=about_id) >= limits.thing
    if crowded or attempts.count(purpose, "code", hours=1, network=network) >= limits.network:
        raise TooMany(busy)


def begin(purpose: str, about_id: int, address: str, network: str, keep: Callable[[], ActionLink]) -> ActionLink:
    """Keep what was sent in the link that `keep` makes, and mail its code; counted whatever becomes of it. Raises what
    `keep` raises (Refused, TooMany)."""
    try:
        with transaction.atomic():
            link = keep()
            links.send_code(link)
            attempts.note(purpose, about_id, "code", address=address, network=network)
            return link
    except Refused as error:
        outcome = "limited" if isinstance(error, TooMany) else "refused"
        attempts.note(purpose, about_id, outcome, address=address, network=network)
        raise


def confirm(link: ActionLink, about_id: int, code: str, network: str, act: Callable[[ActionLink], str]) -> str:
    """The code came back: `act` makes of it what counts, once, and gives its number, which stays with the link. Raises
    Refused, and what `act` raises."""
    try:
        links.enter(link, code)
    except Refused:
        attempts.note(link.purpose, about_id, "wrong", address=link.address, network=network)
        raise
    with transaction.atomic():
        number = links.use(link, lambda: act(link))
        ActionLink.objects.filter(pk=link.pk).update(payload={"number": number})
    attempts.note(link.purpose, about_id, "taken", address=link.address, network=network)
    return number
