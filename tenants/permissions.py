"""The registry of permissions: which role may do what, and in which column of the object it must stand.
    grant("applications.submit", {("college", "secretary")})
    grant("casework.act_on_step", EVERYBODY, scope=lambda membership, step: step.unit_id == …)

`user.has_perm(code, obj)` is answered from here by `tenants.backends.MembershipBackend` and from nowhere
else, but for the exceptions granted to one person on one object (`tenants.grants`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core import clock
from tenants import roles as known
from tenants.models import Party


@dataclass(frozen=True)
class Grant:
    """One rule: these roles, standing in this column of the object (or for whom `scope` holds)."""

    code: str
    roles: frozenset[tuple[str, str]]
    column: str | None = None
    scope: Callable[[Any, Any], bool] | None = None
    parties: frozenset[str] = frozenset()
    who: Callable[[Any], Iterable[tuple[Any, Iterable[str]]]] | None = None

    def of_kind(self, kind: str) -> list[str]:
        """The rule's roles in a kind of organisation, in the order in which roles are offered."""
        return [role for role in known.ROLES.get(kind, ()) if (kind, role) in self.roles]

    def holds(self, membership, obj) -> bool:
        """Whether the rule gives the permission to the membership on the object."""
        kind = membership.organisation.kind
        if not membership.acts_as(self.of_kind(kind)):
            return False
        if self.scope is not None:
            return bool(self.scope(membership, obj))
        column = self.column or known.COLUMNS[kind]
        if getattr(obj, f"{column}_id", None) == membership.organisation_id:
            return True
        return bool(self.parties) and _has_part(membership, obj, self.parties)


_grants: dict[str, list[Grant]] = {}


def grant(
    code: str,
    roles: Iterable[tuple[str, str]],
    *,
    column: str | None = None,
    scope: Callable[[Any, Any], bool] | None = None,
    parties: Iterable[str] = (),
    who: Callable[[Any], Iterable[tuple[Any, Iterable[str]]]] | None = None,
) -> None:
    """Give a permission ("app.code") to roles, as (kind of organisation, role) pairs.

    The object's `column` must hold the membership's organisation; by default the column of the membership's
    kind. `parties` are roles of `Party` rows that count like the column (a second partner). An object that
    has no such columns needs `scope(membership, obj) -> bool` instead; `who(obj)` then gives the organisations
    and roles for whom the scope holds, for the sentence that says whose business it is (`tenants.offices`).
    Granting one code several times adds up; granting the same rule twice changes nothing. Raises ValueError
    for a role or column that does not exist.
    """
    pairs = frozenset(roles)
    if unknown := [pair for pair in pairs if pair[1] not in known.ROLES.get(pair[0], ())]:
        raise ValueError(f"{code}: no such roles {unknown}")
    if column is not None and column not in known.COLUMNS.values():
        raise ValueError(f"{code}: no such column {column!r}")
    if "." not in code:
        raise ValueError(f"{code!r} names no room")
    rule = Grant(code, pairs, column, scope, frozenset(parties), who)
    rules = _grants.setdefault(code, [])
    if rule not in rules:
        rules.append(rule)


def rules(code: str) -> list[Grant]:
    """The rules of a permission; empty for one that nobody granted."""
    return _grants.get(code, [])


def codes() -> list[str]:
    """Every permission that has been granted to some role."""
    return sorted(_grants)


def roles_with(code: str) -> set[str]:
    """Who holds a permission, as "kind.role" — for the table of state × move × role, and for "who may"."""
    return {f"{kind}.{role}" for rule in rules(code) for kind, role in rule.roles}


def _has_part(membership, obj, parts: frozenset[str]) -> bool:
    on = clock.today()
    return Party.objects.filter(
        Q(until_on=None) | Q(until_on__gte=on),
        case_kind=getattr(obj, "case_kind", ""),
        case_id=obj.pk,
        organisation_id=membership.organisation_id,
        role__in=parts,
        from_on__lte=on,
    ).exists()
