"""Who is told of what is due: the ledger's questions about people (`core.ledger.people`), for many rows at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from core import clock
from core.ledger import kinds
from core.ledger.people import Place, Tenant
from tenants import roles
from tenants.models import Delegation, Membership, MutedKind, Organisation, ReminderDays

ADMINS = tuple(sorted(set(roles.ADMIN_ROLE.values())))


class Directory:
    """Answers from memberships and delegations as they stand today."""

    def holders(self, places: Collection[Place]) -> dict[Place, list[Membership]]:
        """Whose something is at each place, colleagues who stand in for them included. At most six queries.

        What belongs to a person who has left falls to their role in the unit, and without a role to whoever manages
        the unit's members.
        """
        answers = self._standing(places)
        orphans = {
            place: Place(place.organisation_id, place.role or "admin")
            for place in places
            if place.membership_id and not answers[place]
        }
        if orphans:
            heirs = self._standing(set(orphans.values()))
            answers |= {place: heirs[heir] for place, heir in orphans.items()}
        return answers

    def tenants(self) -> list[Tenant]:
        """A department; a university with its colleges; the partner units, who belong to many, together; what no
        organisation owes. One query."""
        tops = Organisation.objects.filter(kind__in=(roles.DEPARTMENT, roles.UNIVERSITY)).order_by("pk")
        units = Organisation.objects.exclude(kind=roles.DEPARTMENT)
        return [
            *(
                Tenant(
                    str(pk),
                    units.filter(Q(pk=pk) | Q(parent=pk, kind=roles.COLLEGE)).values("pk")
                    if kind == roles.UNIVERSITY
                    else (pk,),
                )
                for pk, kind in tops.values_list("pk", "kind")
            ),
            Tenant(roles.PARTNER, units.filter(kind=roles.PARTNER).values("pk")),
            Tenant("", ()),
        ]

    def people(self, membership_ids: Collection[int]) -> dict[int, Membership]:
        """The memberships by key. One query."""
        return Membership.objects.select_related("user", "organisation").in_bulk(membership_ids)

    def muted(self, user_ids: Collection[int]) -> set[tuple[int, str]]:
        """What people have switched off. One query."""
        return set(MutedKind.objects.filter(user_id__in=user_ids).values_list("user_id", "kind"))

    def stages(self, organisation_id: int | None, kind: str, on: dt.date) -> tuple[int, ...]:
        """What the organisation has set, else the nearest above it that has, else the four colours. Two queries at most."""
        usual = kinds.of(kind).days
        if organisation_id is None:
            return usual
        line = above(organisation_id)
        rows = ReminderDays.objects.filter(organisation_id__in=line, kind=kind, from_on__lte=on)
        said = {row.organisation_id: tuple(row.days) for row in rows.order_by("from_on", "pk")}
        return next((said[pk] for pk in line if pk in said), usual)

    def leaders(self, organisation_ids: Collection[int]) -> dict[int, list[Membership]]:
        """The members who lead each organisation. One query."""
        rows = Membership.objects.usable().filter(
            organisation_id__in=organisation_ids, role__in=set(roles.LEADER_ROLE.values())
        )
        answers = defaultdict(list)
        for row in rows.select_related("user", "organisation").order_by("pk"):
            if roles.LEADER_ROLE[row.organisation.kind] == row.role:
                answers[row.organisation_id].append(row)
        return dict(answers)

    def _standing(self, places: Collection[Place]) -> dict[Place, list[Membership]]:
        usable = Membership.objects.usable().select_related("user", "organisation")
        units = [place for place in places if place.organisation_id and not place.membership_id]
        wanted = Q(pk__in={place.membership_id for place in places if place.membership_id})
        wanted |= Q(
            organisation_id__in={place.organisation_id for place in units if place.role},
            role__in={name for place in units if place.role for name in _names(place.role)},
        )
        wanted |= Q(organisation_id__in={place.organisation_id for place in units if not place.role})
        rows = list(usable.filter(wanted).order_by("pk"))
        today = clock.today()
        lent = defaultdict(list)
        for giver, receiver in Delegation.objects.filter(
            from_membership__in=[row.pk for row in rows], from_on__lte=today, until_on__gte=today, ended_at=None
        ).values_list("from_membership_id", "to_membership_id"):
            lent[giver].append(receiver)
        standing_in = usable.in_bulk({pk for receivers in lent.values() for pk in receivers}) if lent else {}
        by_pk = {row.pk: row for row in rows}
        by_unit = defaultdict(list)
        for row in rows:
            by_unit[row.organisation_id].append(row)
        answers = {}
        for place in places:
            if place.membership_id:
                own = [by_pk[place.membership_id]] if place.membership_id in by_pk else []
            else:
                own = [
                    row
                    for row in by_unit.get(place.organisation_id, [])
                    if not place.role or row.role in _names(place.role)
                ]
            told = {row.pk: row for row in own}
            for row in own:
                told |= {pk: standing_in[pk] for pk in lent[row.pk] if pk in standing_in}
            answers[place] = list(told.values())
        return answers


def above(organisation_id: int) -> list[int]:
    """An organisation and those above it, the nearest first. One query."""
    rows = Organisation.objects.filter(pk=organisation_id).values_list("pk", "parent_id", "parent__parent_id")
    return [pk for row in rows for pk in row if pk is not None]


def below(organisation_id: int) -> list[int]:
    """An organisation and those below it. One query."""
    rows = Organisation.objects.filter(
        Q(pk=organisation_id) | Q(parent=organisation_id) | Q(parent__parent=organisation_id)
    )
    return list(rows.values_list("pk", flat=True))


def _names(role: str) -> tuple[str, ...]:
    """The roles that a place's role stands for: "admin" is whoever manages the members, called as each kind of unit
    calls it."""
    return ADMINS if role == "admin" else (role,)
