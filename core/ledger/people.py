"""Who is told of a row of the ledger. The core knows no memberships: the room `tenants` answers for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from core.ledger.kinds import STAGES
from core.models import LedgerEntry


@dataclass(frozen=True)
class Place:
    """Whose something is: a person's (`membership_id`), else that of a role in a unit ("" = of the whole unit)."""

    organisation_id: int | None
    role: str = ""
    membership_id: int | None = None


@dataclass(frozen=True)
class Tenant:
    """Organisations whose rows are told of in one run of their own; none at all: the rows that no organisation owes;
    None: every row."""

    code: str
    organisations: Any = None  # their keys, or a query for them


class Directory(Protocol):
    """What the ledger asks of the room that knows people. Each answer costs a fixed number of queries."""

    def holders(self, places: Collection[Place]) -> dict[Place, list]:
        """The memberships whose something at a place is today, those who stand in for them included."""

    def leaders(self, organisation_ids: Collection[int]) -> dict[int, list]:
        """Organisation → the memberships that lead it today."""

    def tenants(self) -> list[Tenant]:
        """Who is told apart from whom, so that one's fault does not stop the others."""

    def people(self, membership_ids: Collection[int]) -> dict[int, object]:
        """The memberships by key, with their user and organisation, whatever they are today."""

    def muted(self, user_ids: Collection[int]) -> set[tuple[int, str]]:
        """(user, kind of row) of which a person wants to hear nothing."""

    def stages(self, organisation_id: int | None, kind: str, on: dt.date) -> tuple[int, ...]:
        """The days before its end on which an organisation is reminded of a row of a staged kind, the longest first."""


class Nobody:
    """Until a room registers: nobody is told."""

    def holders(self, places: Collection[Place]) -> dict[Place, list]:
        return {}

    def leaders(self, organisation_ids: Collection[int]) -> dict[int, list]:
        return {}

    def tenants(self) -> list[Tenant]:
        return [Tenant("")]

    def people(self, membership_ids: Collection[int]) -> dict[int, object]:
        return {}

    def muted(self, user_ids: Collection[int]) -> set[tuple[int, str]]:
        return set()

    def stages(self, organisation_id: int | None, kind: str, on: dt.date) -> tuple[int, ...]:
        return STAGES


directory: Directory = Nobody()


def place_of(entry: LedgerEntry) -> Place:
    """Whose an entry is."""
    return Place(entry.organisation_id, entry.role, entry.membership_id)
