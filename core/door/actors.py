"""Who comes through the door: a membership (`tenants`), the holder of a link, the portal itself, or the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from core.models import Case


class Actor(Protocol):
    """Who acts: a membership, or one of those below."""

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


@dataclass(frozen=True)
class LinkActor:
    """A named person without an account, who acts once by a link and the code sent to their address.

    They may do `permission` to `subject` (a step of the case) for `organisation`, and nothing else. `user` is an account
    that was never saved, with their address and telephone number: persons are compared by them. `link_id` is the row
    of the link.
    """

    name: str
    organisation: Any
    permission: str
    subject: Any
    user: Any
    link_id: int
    role: str = "link"
    user_id: int | None = None
    membership_id: int | None = None

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk

    @property
    def organisation_name(self) -> str:
        return self.organisation.display_name

    def may(self, permission: str, obj: Any) -> bool:
        return permission == self.permission and obj == self.subject

    def sees(self, case: Case) -> bool:
        return (case.case_kind, case.pk) == (self.subject.case_kind, self.subject.case_id)

    def acts_as(self, wanted: Any) -> bool:
        """They have no role."""
        return False
