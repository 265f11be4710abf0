"""Settings: the values code reads by name, and what an organisation puts where the regulation is silent (RR-4).

A setting marked `local` may be filled in by dated rows of the owning organisation: the value on day D is the newest
row with `from_on` ≤ D, entered latest; else the deployment's default in the profile, which is shown as local too. A
value that the regulation itself gives can be changed by nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model, prefetch_related_objects

from regulations import vocabulary
from regulations.models import LocalSetting
from regulations.schema import Profile, Setting
from regulations.schema.base import Ref
from regulations.schema.values import typed

PARTIES = frozenset({"university", "partner"})


@dataclass(frozen=True)
class SettingValue:
    """A setting's value on a day. `local`: not the regulation's own; `source`: its clause, `row`: the local row."""

    key: str
    value: Any
    local: bool
    source: str
    row: Any = None

    @property
    def stamp(self) -> dict:
        """What a product keeps of it: value, whether local, from which day."""
        return {
            "key": self.key,
            "value": str(self.value) if isinstance(self.value, Decimal | dt.date) else self.value,
            "local": self.local,
            "clause": self.source,
            "from_on": self.row.from_on.isoformat() if self.row else None,
        }


def setting(
    profile: Profile, key: str, organisation: Any, on: dt.date, rows: dict[str, Any] | None = None
) -> SettingValue:
    """The value of a setting for an organisation on a day; `value` is None where nobody gave one.

    `organisation`: the owner, or one below it. None reads the profile's own value. `rows`: what `local_rows` found,
    to read many settings with one query. Raises KeyError for a key the profile does not have.
    """
    declared = profile.settings[key]
    row = None
    if declared.local and rows is not None:
        row = rows.get(key)
    elif declared.local:
        owner = _owner(profile, key, organisation)
        row = _rows(profile, [owner], on).filter(key=key).first() if owner is not None else None
    return _value(key, declared, row)


def of_cases(
    profile: Profile, key: str, cases: Sequence[Any], on: dt.date, organisation: Any = None
) -> dict[Any, SettingValue]:
    """The value of a setting for each of several cases of one kind by pk, with one query for their local rows.

    `organisation`: whose local settings apply to all of them; default: that of the owner of each (`owner_of`). Raises
    KeyError for a key the profile does not have.
    """
    declared = profile.settings[key]
    if not declared.local:
        return {case.pk: _value(key, declared, None) for case in cases}
    if organisation is None:
        _fetch_owners([case for case in cases if isinstance(case, Model)], owners(profile, key))
    owners_by_case = {case.pk: _owner(profile, key, organisation or owner_of(profile, case, key)) for case in cases}
    asked = {owner.pk: owner for owner in owners_by_case.values() if owner is not None}
    in_force: dict[int, Any] = {}
    for row in _rows(profile, list(asked.values()), on).filter(key=key) if asked else ():
        in_force.setdefault(row.organisation_id, row)
    return {
        pk: _value(key, declared, in_force.get(owner.pk) if owner is not None else None)
        for pk, owner in owners_by_case.items()
    }


def _fetch_owners(cases: list[Model], columns: frozenset[str]) -> None:
    """Fetch for all cases at once the organisations that `owner_of` looks at."""
    if "university" in columns:
        prefetch_related_objects(cases, "university")
        return
    prefetch_related_objects(cases, "authority")
    prefetch_related_objects([case for case in cases if case.authority is None], "university__parent")


def _value(key: str, declared: Setting, row: Any) -> SettingValue:
    value = declared.value
    if row is not None:
        value = None if row.value is None else clean(declared, row.value)
    return SettingValue(
        key=key,
        value=value,
        local=declared.local,
        source=declared.clause or "",
        row=row,
    )


def figure(profile: Profile, declared: Any, organisation: Any, on: dt.date) -> Any:
    """A figure that the profile gives, or takes from a setting of the organisation (`Ref`); None where nobody gave one."""
    return setting(profile, declared.setting, organisation, on).value if isinstance(declared, Ref) else declared


def local_rows(profile: Profile, organisation: Any, on: dt.date) -> dict[str, Any]:
    """The row in force of every setting for an organisation on a day, with one query."""
    owners_by_key = {
        key: _owner(profile, key, organisation) for key, declared in profile.settings.items() if declared.local
    }
    by_key: dict[str, Any] = {}
    for row in _rows(profile, [owner for owner in owners_by_key.values() if owner is not None], on):
        owner = owners_by_key.get(row.key)
        if row.key not in by_key and owner is not None and owner.pk == row.organisation_id:
            by_key[row.key] = row
    return by_key


def _rows(profile: Profile, organisations: list[Any], on: dt.date):
    """Local rows of the organisations until a day, the one in force first."""
    return LocalSetting.objects.filter(
        organisation__in=organisations, regulation__code=profile.code, from_on__lte=on
    ).order_by("-from_on", "-pk")


def clean(declared: Setting, value: Any) -> Any:
    """The typed value of a setting from a plain one. Raises SettingError."""
    return typed(value, declared.type, declared.options, declared.min, declared.max, declared.keys)


def owners(profile: Profile, key: str) -> frozenset[str]:
    """Columns whose organisations may set it: `university`, `authority`, or each party of an agreement its own."""
    declared = profile.settings[key].owner
    if declared == "party":
        return PARTIES
    if declared:
        return frozenset({declared})
    counts = profile.agreement.online_counts_as_seal if profile.agreement else None
    if counts is not None and counts.setting == key:
        return PARTIES
    return frozenset({vocabulary.LEVEL_OWNERS[profile.level]})


def owner_of(profile: Profile, case: Any, key: str) -> Any:
    """The organisation whose local setting of `key` a case runs under.

    The case's university, or the authority it lies with: before it has been sent there, the department above the
    university.
    """
    university = getattr(case, "university", None)
    if "university" in owners(profile, key):
        return university
    return getattr(case, "authority", None) or getattr(university, "parent", None)


def _owner(profile: Profile, key: str, organisation: Any) -> Any:
    """The organisation itself, or the one above it that owns the setting."""
    allowed, owner = owners(profile, key), organisation
    while owner is not None and owner.column not in allowed:
        owner = owner.parent
    return owner
