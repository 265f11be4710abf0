"""What people without an account try: counted to set limits, kept apart from the log of attempts, dropped after a while.

Mail and network addresses are kept as keyed hashes only.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core import clock
from tenants.models import ActionLink, PublicAttempt

KEPT_DAYS = 30


def _hash(value: str) -> str:
    return salted_hmac("tenants.attempt", value.casefold(), algorithm="sha256").hexdigest() if value else ""


def network_of(request: HttpRequest) -> str:
    """The network address that a request came from, behind the trusted proxies."""
    return get_adapter(request).get_client_ip(request)


def note(what: str, about_id: int, outcome: str, *, address: str = "", network: str = "") -> None:
    """Write one line."""
    PublicAttempt.objects.create(
        what=what, about_id=about_id, outcome=outcome, address_hash=_hash(address), network_hash=_hash(network)
    )


def count(
    what: str, outcome: str, *, hours: int, about_id: int | None = None, address: str = "", network: str = ""
) -> int:
    """How many in the last hours (of real time), about something, from a mail address or a network. One query."""
    since = clock.real_now() - dt.timedelta(hours=hours)
    rows = PublicAttempt.objects.filter(what=what, outcome=outcome, at__gte=since)
    if about_id is not None:
        rows = rows.filter(about_id=about_id)
    if address:
        rows = rows.filter(address_hash=_hash(address))
    if network:
        rows = rows.filter(network_hash=_hash(network))
    return rows.count()


def clean() -> dict:
    """Drop old lines, and links of the public that nobody used, with what they held. Says how many; a second run adds
    nothing."""
    old = clock.real_now() - dt.timedelta(days=KEPT_DAYS)
    lines, _by_model = PublicAttempt.objects.filter(at__lt=old).delete()
    unused = ActionLink.objects.filter(made_by=None, used_at=None, until__lt=clock.now() - dt.timedelta(days=KEPT_DAYS))
    links = unused.count()
    unused.delete()
    return {"attempts": lines, "links": links}
