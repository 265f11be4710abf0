"""What people see in person. Experts, students and mentors see nothing through their organisation: what is theirs comes
from object grants (`tenants.grants`) and from the narrow views that the rooms above register here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Q

from tenants import grants, roles

if TYPE_CHECKING:
    from tenants.models import Membership

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


def in_person(model: type, membership: Membership, on: dt.date) -> Q:
    """The cases of a model that are the membership's in person; an empty Q for none at all."""
    where = grants.visible_by_grant(model, membership, on)
    for label in ("", model._meta.label):
        if (membership.role, label) in _personal:
            where |= _personal[membership.role, label](membership, model, on)
    return where
