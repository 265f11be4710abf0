"""What a leaver leaves behind: listed by kind, handed over to a colleague of the same unit and role.

The rooms above register the kinds of work that stand under a person's name: the steps assigned to them, the drafts
they began, the experts' reviews. What belongs to a role in a unit needs no hand-over: the next in the role has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core import clock, outbox
from core.door import Actor, Refused
from core.findings import Finding
from core.language import shown
from tenants import rights
from tenants.models import Delegation, Invitation, Membership
from tenants.services.acts import allow, note
from tenants.services.members import WHO


@dataclass(frozen=True)
class OpenWork:
    """One thing under a leaver's name: what it is called, where it is seen, what else a line says."""

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of work. `listed(membership)` gives what is open; `pass_on(actor, leaver, successor)` hands it over and
    returns how many; None: it cannot be handed over, `advice` says what to do instead."""

    code: str
    label: Any
    listed: Callable[[Membership], Iterable[OpenWork]]
    pass_on: Callable[[Actor, Membership, Membership], int] | None = None
    advice: Any = ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Name a kind of work that stands under a person's name. Once for each code."""
    _kinds[kind.code] = kind


def open_work(membership: Membership) -> list[tuple[Kind, list[OpenWork]]]:
    """What stands under a member's name, by kind; kinds without any are left out."""
    work = [(kind, list(kind.listed(membership))) for kind in _kinds.values()]
    return [(kind, items) for kind, items in work if items]


def successors(membership: Membership) -> list[Membership]:
    """Colleagues of the same unit and role, other people, who may take over."""
    rows = Membership.objects.of(membership.organisation_id, membership.role).exclude(user_id=membership.user_id)
    return list(rows.order_by("pk"))


def hand_over(actor: Actor, leaver: Membership, successor: Membership) -> dict[str, int]:
    """Hand everything that can be handed over to a colleague, all or nothing; returns how many by kind. Also after the
    leaver's membership has ended. Raises Forbidden, Refused.
    """
    allow(actor, rights.MANAGE_MEMBERS, leaver.organisation, _(WHO))
    if successor.pk not in {row.pk for row in successors(leaver)}:
        message = _("只能移交给本单位同一身份的其他在任成员。请先邀请接任的人。")
        raise Refused(Finding("", "hard", message, field="to"))
    with transaction.atomic():
        done = {kind.code: kind.pass_on(actor, leaver, successor) for kind in _kinds.values() if kind.pass_on}
        done = {code: count for code, count in done.items() if count}
        if not done:
            raise Refused(_("%(name)s名下没有可移交的事项。") % {"name": leaver.name})
        note(
            leaver.organisation,
            "work_handed_over",
            gettext_noop("移交在办事项"),
            actor,
            member=leaver.name,
            to=successor.name,
            to_membership=successor.pk,
            kinds=done,
        )
        outbox.notify(
            [successor],
            _("%(name)s名下的在办事项已移交给您") % {"name": leaver.name},
            "；".join(f"{shown(str(_kinds[code].label))}{count}" for code, count in done.items()),
            "/todos/",
            key=f"hand-over:{leaver.pk}:{successor.pk}:{clock.now().isoformat()}",
        )
    return done


def _invitations(membership: Membership) -> list[OpenWork]:
    rows = Invitation.objects.filter(invited_by=membership, state="invited").select_related("link", "organisation")
    return [
        OpenWork(
            f"{row.name}（{row.role_label}）", f"/organisation/invitations/{row.pk}/", row.organisation.display_name
        )
        for row in rows.order_by("pk")[:100]
    ]


def _pass_invitations(actor: Actor, leaver: Membership, successor: Membership) -> int:
    return Invitation.objects.filter(invited_by=leaver, state="invited").update(invited_by=successor)


def _delegations(membership: Membership) -> list[OpenWork]:
    rows = Delegation.objects.filter(ended_at=None, until_on__gte=clock.today())
    given = rows.filter(from_membership=membership).select_related("to_membership__user")
    received = rows.filter(to_membership=membership).select_related("from_membership__user")
    return [
        *(OpenWork(_("委托给%(name)s") % {"name": row.to_membership.name}, note=str(row.until_on)) for row in given),
        *(
            OpenWork(_("受%(name)s委托") % {"name": row.from_membership.name}, note=str(row.until_on))
            for row in received
        ),
    ]


def declare() -> None:
    """This room's own kinds."""
    register(Kind("invitations", gettext_lazy("发出的邀请"), _invitations, _pass_invitations))
    register(
        Kind(
            "delegations",
            gettext_lazy("委托代办"),
            _delegations,
            advice=gettext_lazy("停用或结束身份时自动收回；需要代办的，由接任的人另行委托。"),
        )
    )
