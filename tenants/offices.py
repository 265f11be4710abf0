"""Which offices may do something, in words: for closed buttons and refusals.

Says only what an organisation's record says: its name, its office, its telephone. No person is named here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.language import beside, bracketed, listed
from tenants import permissions, roles
from tenants.models.organisations import Organisation


@dataclass(frozen=True)
class Office:
    """Roles in one organisation; `organisation` None: in whichever organisation of the kind it is."""

    organisation: Organisation | None
    kind: str
    roles: tuple[str, ...]

    def __str__(self) -> str:
        names = listed(roles.role_label(role) for role in self.roles)
        unit = self.organisation
        if unit is None:
            return beside(dict(roles.KINDS)[self.kind], names)
        phone = _("电话%(phone)s") % {"phone": unit.phone} if unit.phone else ""
        contact = listed((part for part in (unit.office, phone) if part), "，")
        return bracketed(beside(unit.display_name, names), contact)


def offices(code: str, obj: Any) -> list[Office]:
    """The offices to which a permission on an object belongs: of the object's own organisations where they are known,
    else the kinds of organisation and roles. Asks the database nothing that the object does not bring along.
    """
    known: dict[int, tuple[Organisation, list[str]]] = {}
    anywhere: dict[str, list[str]] = {}
    for rule in permissions.rules(code):
        for unit, named in _of_rule(rule, obj):
            kept = known.setdefault(unit.pk, (unit, []))[1]
            kept += [role for role in named if role not in kept]
        for kind, _columns in roles.COLUMNS.items():
            kept = anywhere.setdefault(kind, [])
            kept += [role for role in rule.of_kind(kind) if role not in kept]
    if known:
        return [Office(unit, unit.kind, tuple(named)) for unit, named in known.values() if named]
    return [Office(None, kind, tuple(named)) for kind, named in anywhere.items() if named]


def _of_rule(rule: permissions.Grant, obj: Any) -> Iterable[tuple[Organisation, Iterable[str]]]:
    if rule.who is not None:
        return [(unit, named) for unit, named in rule.who(obj) if unit is not None]
    if isinstance(obj, Organisation):
        while obj is not None and not rule.of_kind(obj.kind):
            obj = obj.parent
        return [(obj, rule.of_kind(obj.kind))] if obj is not None else []
    if rule.scope is not None:
        return []
    pairs = []
    for kind, own in roles.COLUMNS.items():
        unit = getattr(obj, rule.column or own, None)
        if unit is not None and unit.kind == kind and rule.of_kind(kind):
            pairs.append((unit, rule.of_kind(kind)))
    return pairs


def who_may(code: str, objects: Iterable[Any]) -> str:
    """In words, whose business something is: on one of the objects. "" for what is nobody's."""
    names: dict[str, None] = {}
    for obj in objects:
        names |= {str(office): None for office in offices(code, obj)}
    return _("或").join(names)
