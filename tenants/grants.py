"""Exceptions: what one person may do to one object because somebody assigned it to them.

The assignment (a row of another room) is the truth; guardian's row is its projection, written in the same
transaction. Every answer asks both: a row whose assignment is closed today opens nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from guardian.models import UserObjectPermission

from core import clock


@dataclass(frozen=True)
class Register:
    """A permission that is given person by person, with the check that the reason for it stands today."""

    permission: str
    is_open: Callable[[Any, Any], bool]
    open_ids: Callable[[Any, type, dt.date], QuerySet | Iterable[int]] | None
    roles: frozenset[str]
    shows: bool


_registered: dict[str, Register] = {}


def register(
    permission: str,
    is_open: Callable[[Any, Any], bool],
    *,
    open_ids: Callable[[Any, type, dt.date], QuerySet | Iterable[int]] | None = None,
    roles: Iterable[str] = ("expert",),
    shows: bool = True,
) -> None:
    """Declare a permission ("casework.view_dossier") that is given by assignment.

    `is_open(user, obj)` says whether the assignment stands today. `open_ids(user, model, day)` gives the
    primary keys of the model's objects whose assignment stands on a day, as a subquery of one column: with
    it and `shows` the assigned cases appear in the person's lists. The grant counts only while the person
    acts in one of `roles`.
    """
    _registered[permission] = Register(permission, is_open, open_ids, frozenset(roles), shows)


def _codename(permission: str) -> str:
    return permission.rpartition(".")[2]


def give(user, permission: str, obj) -> None:
    """Write the row for a person on an object. Call it where the assignment is written, in its transaction.

    Raises LookupError for a permission that is not registered.
    """
    if permission not in _registered:
        raise LookupError(f"{permission} is not given by assignment")
    kind = ContentType.objects.get_for_model(obj)
    with transaction.atomic():
        row, _ = Permission.objects.get_or_create(
            content_type=kind, codename=_codename(permission), defaults={"name": permission}
        )
        UserObjectPermission.objects.get_or_create(user=user, permission=row, content_type=kind, object_pk=str(obj.pk))


def take(user, permission: str, obj) -> None:
    """Remove the row again; nothing happens where there is none."""
    kind = ContentType.objects.get_for_model(obj)
    UserObjectPermission.objects.filter(
        user=user, permission__codename=_codename(permission), content_type=kind, object_pk=str(obj.pk)
    ).delete()


def holds(user, permission: str, obj) -> bool:
    """Whether the person has the row and the assignment behind it stands today, and acts in the role for
    it.
    """
    declared = _registered.get(permission)
    membership = user.active_membership
    if declared is None or membership is None or membership.role not in declared.roles:
        return False
    kind = ContentType.objects.get_for_model(obj)
    return UserObjectPermission.objects.filter(
        user=user, permission__codename=_codename(permission), content_type=kind, object_pk=str(obj.pk)
    ).exists() and bool(declared.is_open(user, obj))


def visible_by_grant(model: type, membership, on: dt.date | None = None) -> Q:
    """The cases of a model that a person sees by assignment on a day (default today); an empty Q for none
    at all.
    """
    on = on or clock.today()
    where = Q()
    for declared in _registered.values():
        if not declared.shows or declared.open_ids is None or membership.role not in declared.roles:
            continue
        rows = (
            UserObjectPermission.objects.filter(
                user_id=membership.user_id,
                permission__codename=_codename(declared.permission),
                content_type=ContentType.objects.get_for_model(model),
            )
            .annotate(case_pk=Cast("object_pk", BigIntegerField()))
            .values("case_pk")
        )
        where |= Q(pk__in=rows) & Q(pk__in=declared.open_ids(membership.user, model, on))
    return where
