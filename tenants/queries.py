"""What the pages of this room list, each in a bounded number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.listing import matching
from core.models import OutboxMessage
from tenants import roles
from tenants.models import Delegation, Invitation, Membership, Organisation
from tenants.services.invitations import mail_key

PAGE = 50


@dataclass(frozen=True)
class Slice:
    """One page of a list ordered by primary key, and where the next begins."""

    rows: list
    after: int | None
    filtered: bool = False


def keyset(queryset: QuerySet, after: str | None, filtered: bool = False) -> Slice:
    """The rows behind primary key `after` (anything that is no number: from the start), PAGE of them. One
    query.
    """
    at = int(after) if after and after.isascii() and after.isdigit() and len(after) < 19 else 0
    rows = list(queryset.filter(pk__gt=at).order_by("pk")[: PAGE + 1])
    more = len(rows) > PAGE
    return Slice(rows[:PAGE], rows[PAGE - 1].pk if more else None, filtered)


def members(organisation: Organisation, params: dict[str, Any]) -> Slice:
    """An organisation's members: standing ones first asked for, by role and name. Query `state=ended` for
    former.
    """
    rows = Membership.objects.filter(organisation=organisation).select_related("user")
    state, role, text = params.get("state", ""), params.get("role", ""), str(params.get("q", ""))
    rows = rows.filter(state="ended") if state == "ended" else rows.exclude(state="ended")
    if role in roles.ROLES[organisation.kind]:
        rows = rows.filter(role=role)
    elif not text:
        rows = rows.exclude(role="student")
    rows = matching(rows, ("user__name", "user__username"), text)
    slice_ = keyset(rows, params.get("after"), bool(role or text or state))
    for row in slice_.rows:
        row.organisation = organisation
    return slice_


def invitations(organisation: Organisation) -> list[Invitation]:
    """Invitations that wait or have run out, the newest first, at most a hundred."""
    waiting = Invitation.objects.filter(organisation=organisation, state__in=("invited", "expired"))
    rows = list(waiting.select_related("link").order_by("-pk")[:100])
    came_back = {message.key for message in undelivered(rows)}
    for row in rows:
        row.undelivered = mail_key(row) in came_back
    return rows


def undelivered(invitations: list[Invitation]) -> list[OutboxMessage]:
    """The mails with the present links of these invitations that could not be delivered. One query."""
    return list(OutboxMessage.objects.filter(key__in=[mail_key(row) for row in invitations], failed_at__isnull=False))


def partners(visible: QuerySet[Organisation], params: dict[str, Any]) -> Slice:
    """Partner units by name or code, of a kind."""
    rows = visible.filter(kind=roles.PARTNER, active=True)
    text, kind = str(params.get("q", "")), params.get("kind", "")
    rows = matching(rows, ("name", "uscc"), text)
    if kind in dict(roles.PARTNER_KINDS):
        rows = rows.filter(partner_kind=kind)
    return keyset(rows, params.get("after"), bool(text or kind))


def delegations(membership: Membership) -> tuple[list[Delegation], list[Delegation]]:
    """What a membership has lent, and what was lent to it, the newest first, at most fifty each."""
    related = ("from_membership__user", "to_membership__user")
    given = Delegation.objects.filter(from_membership=membership).select_related(*related).order_by("-pk")[:50]
    received = Delegation.objects.filter(to_membership=membership).select_related(*related).order_by("-pk")[:50]
    return list(given), list(received)
