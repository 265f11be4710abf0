"""Who is told of a row of the ledger. The core knows no memberships: the room `tenants` answers for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from core.models import LedgerEntry


@dataclass(frozen=True)
class Place:
    """Whose something is: a person's (`membership_id`), else that of a role in a unit ("" = of the whole unit)."""

    organisation_id: int | None
    role: str = ""
    membership_id: int | None = None


class Directory(Protocol):
    """What the ledger asks of the room that knows people. Each answer costs a fixed number of queries."""

    def holders(self, places: Collection[Place]) -> dict[Place, list]:
        """The memberships whose something at a place is today, those who stand in for them included."""

    def leaders(self, organisation_ids: Collection[int]) -> dict[int, list]:
        """Organisation → the memberships that lead it today."""


class Nobody:
    """Until a room registers: nobody is told."""

    def holders(self, places: Collection[Place]) -> dict[Place, list]:
        return {}

    def leaders(self, organisation_ids: Collection[int]) -> dict[int, list]:
        return {}


directory: Directory = Nobody()


def place_of(entry: LedgerEntry) -> Place:
    """Whose an entry is."""
    return Place(entry.organisation_id, entry.role, entry.membership_id)
