"""Who comes through the door: a membership (`tenants`), the portal itself, or the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from core.models import Case


class Actor(Protocol):
    """Who acts: a membership, or the system or the public below."""

    user_id: int | None
    membership_id: int | None
    organisation_id: int | None
    organisation_name: str
    role: str
    name: str

    def may(self, permission: str, obj: Any) -> bool: ...

    def sees(self, case: Case) -> bool: ...


@dataclass(frozen=True)
class SystemActor:
    """A scheduled job, or what follows of itself. May only make moves declared `system`."""

    name: str = "系统"
    role: str = "system"
    user: Any = None
    user_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""

    def may(self, permission: str, obj: Any) -> bool:
        return False

    def sees(self, case: Case) -> bool:
        return True


@dataclass(frozen=True)
class PublicActor(SystemActor):
    """A member of the public, named as they name themselves. May only make moves declared `public`."""

    name: str = "社会公众"
    role: str = "public"
