"""Confirmations of entries by those whom their type names (`confirmed_by`): asked for when the entry is made, given by the
person on a page or by the link in a mail, or entered by the office with the name of who said it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from casework.models import Confirmation, Record
from casework.records.subjects import is_actor, kept_by, person_of, subjects_of
from core import clock
from core.door import Act, Refused
from core.findings import Finding
from core.forms.plain import plain_id
from tenants.models import Membership


def ask(case, declared, entry: Record, act: Act) -> None:
    """Ask everybody whom the type names; who made the entry and is to confirm it has done so with it."""
    for hand in declared.confirmed_by:
        row = Confirmation(record=entry, who=hand.code)
        if is_actor(act.actor, case, hand):
            _give(row, act.now, clock.today(), act.actor.name, "page")
        row.save()


def _give(row: Confirmation, now: dt.datetime, on: dt.date, by: str, way: str, **more: str) -> None:
    row.confirmed_at, row.on, row.by, row.way = now, on, by, way
    for name, value in more.items():
        setattr(row, name, value)


def waiting(case) -> list[Confirmation]:
    """What on the case's page still waits for somebody's confirmation, the oldest first. One query."""
    types = [key for key, declared in kept_by(case).items() if declared.confirmed_by]
    among = Q(pk__in=())
    for kind, number in subjects_of(case):
        among |= Q(record__subject_kind=kind, record__subject_id=number)
    rows = Confirmation.objects.filter(among, confirmed_at=None, record__type__in=types, record__replaced_by=None)
    return list(rows.select_related("record").order_by("pk")) if types else []


def hand_of(case, row: Confirmation):
    """Whom the profile names for a confirmation, or None where it names nobody of the sort any more."""
    declared = case.profile.records.get(row.record.type)
    return next((hand for hand in declared.confirmed_by if hand.code == row.who), None) if declared else None


def own(case, actor, rows: Collection[Confirmation]) -> list[Confirmation]:
    """Those of the confirmations that the actor gives."""
    return [row for row in rows if (hand := hand_of(case, row)) is not None and is_actor(actor, case, hand)]


def asked_of(case, row: Confirmation) -> tuple[str, Membership | None]:
    """The name of whoever is asked, with their seat where it is a person."""
    hand = hand_of(case, row)
    member = person_of(case, hand.person) if hand is not None else None
    if member is not None:
        return member.name, member
    unit = getattr(case, hand.unit) if hand is not None and hand.unit else None
    return (unit.display_name if unit is not None else _("未指定")), None


def may(membership, case) -> bool:
    """Whether somebody is one whom a record type of the case's profile names."""
    hands = [hand for declared in kept_by(case).values() for hand in declared.confirmed_by]
    return any(is_actor(membership, case, hand) for hand in hands)


def who(case) -> list:
    """The organisations and roles that records of the case's profile are confirmed by."""
    hands = [hand for declared in kept_by(case).values() for hand in declared.confirmed_by]
    units = [(getattr(case, hand.unit), [hand.role]) for hand in hands if hand.unit]
    members = [person_of(case, hand.person) for hand in hands if hand.person]
    return [pair for pair in units if pair[0] is not None] + [
        (m.organisation, [m.role]) for m in members if m is not None
    ]


def _chosen(case, act: Act) -> list[Confirmation]:
    """The confirmations that an act names (`records`: numbers of entries); the actor's own that wait. A number that is none
    of these is refused: whoever confirmed it in the meantime was quicker, or it is not theirs."""
    rows = {row.record_id: row for row in own(case, act.actor, waiting(case))}
    wanted = {plain_id(str(number)) for number in act.raw.get("records") or []} - {None}
    return [rows[number] for number in sorted(wanted) if number in rows]


def findings(case, act: Act) -> list[Finding]:
    """Something that waits for this very person is named."""
    if _chosen(case, act):
        return []
    text = _("没有等待您确认的记录，可能已经确认。")
    return [Finding("", "hard", text, {"records": [str(number) for number in act.raw.get("records") or []]})]


def confirm(case, act: Act) -> None:
    """The person confirms, on the page or by a link; what they say beside it stands with it."""
    way = "link" if act.raw.get("link") else "page"
    comment = str(act.raw.get("comment") or "").strip()[:500]
    for row in _chosen(case, act):
        _give(row, act.now, clock.today(), act.actor.name, way, comment=comment)
        row.save()
        act.facts.setdefault("records", []).append(row.record_id)
    if act.raw.get("link"):
        act.facts["link"] = act.raw["link"]


def enter(case, act: Act) -> None:
    """The office enters what somebody said elsewhere: their name stands with it, and who entered it. `subject`: the
    confirmation."""
    row: Confirmation = act.subject
    if row.confirmed_at is not None:
        raise Refused(_("没有等待确认的记录，可能已经确认。"))
    name, _member = asked_of(case, row)
    on = dt.date.fromisoformat(act.data["on"])
    _give(row, act.now, on, name, "entered", entered_by=act.actor.name, comment=act.data.get("comment") or "")
    row.save()
    act.facts |= {"records": [row.record_id], "said_by": name}


def enter_findings(case, act: Act) -> list[Finding]:
    """Said on a day between the entry and today."""
    on = act.data.get("on")
    row: Confirmation = act.subject
    if not on or row.record.on <= dt.date.fromisoformat(on) <= clock.today():
        return []
    text = _("确认日期应在%(a)s至%(b)s之内。") % {"a": row.record.on, "b": clock.today()}
    return [Finding("", "hard", text, {"on": on}, field="on")]
