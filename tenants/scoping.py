"""What a membership sees: one equality on the column of its kind, and the dated parts of everybody else.

Experts, students and mentors see nothing through their organisation: what is theirs in person comes from
object grants (`tenants.grants`) and from the narrow views that the rooms above register here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from core import clock
from tenants import roles
from tenants.models import Membership, Party

# role → model label ("" for every model) → (membership, model, day) → Q. Filled by the rooms that know the
# persons' parts.
_personal: dict[tuple[str, str], Callable] = {}


def personal_view(role: str, model_label: str, where: Callable[[Membership, type, dt.date], Q]) -> None:
    """Say which cases of a model ("trainees.Placement") a person of a personal role sees:
    `where(membership, model, day)` gives a Q without joins that multiply rows. Raises ValueError for a role
    that sees by column.
    """
    if role not in roles.PERSONAL_ROLES:
        raise ValueError(f"{role} sees through its organisation's column")
    _personal[role, model_label] = where


def visible(queryset: QuerySet, membership: Membership | None, on: dt.date | None = None) -> QuerySet:
    """Narrow a queryset of scoped cases to those that exist for the membership on a day (default today)."""
    on = on or clock.today()
    if membership is None or not membership.usable(on):
        return queryset.none()
    where = Q()
    if membership.role in roles.PERSONAL_ROLES:
        where = _in_person(queryset.model, membership, on)
        return queryset.filter(where) if where else queryset.none()
    where = Q(**{f"{membership.organisation.column}_id": membership.organisation_id})
    part = Party.objects.filter(
        Q(until_on=None) | Q(until_on__gte=on),
        case_kind=queryset.model.case_kind,
        organisation_id=membership.organisation_id,
        from_on__lte=on,
    )
    return queryset.filter(where | Q(pk__in=part.values("case_id")))


def in_column(membership: Membership, case: Any) -> bool:
    """Whether the membership sees the case through its organisation's column."""
    return (
        membership.usable()
        and membership.role not in roles.PERSONAL_ROLES
        and getattr(case, f"{membership.organisation.column}_id") == membership.organisation_id
    )


def _in_person(model: type, membership: Membership, on: dt.date) -> Q:
    from tenants import grants

    where = grants.visible_by_grant(model, membership, on)
    for label in ("", model._meta.label):
        if (membership.role, label) in _personal:
            where |= _personal[membership.role, label](membership, model, on)
    return where
