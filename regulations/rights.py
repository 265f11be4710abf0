"""Who may do what with regulations: the administrators of an organisation that a regulation governs."""

from __future__ import annotations

from regulations.services import adopts, governed_by
from tenants import roles
from tenants.permissions import grant

PUBLISH = "regulations.publish_version"
ENTER = "regulations.enter_setting"
ADOPT = "regulations.adopt"

SETTERS = {("partner", "contact")}
ADMINS = {("department", "admin"), ("university", "admin")}


def _adopts(membership, version) -> bool:
    """Whether the member's organisation itself adopted the version's regulation, now or later."""
    return adopts(membership.organisation_id, version.regulation_id)


def _owns(membership, version) -> bool:
    """Whether the regulation governs the member's organisation: adopted by itself or by one above it.

    A partner unit belongs to no university; it may set what is each party's own under any published text.
    """
    if membership.organisation.column == "partner":
        return version.status != "draft"
    return governed_by(membership.organisation, version.regulation_id)


def declare() -> None:
    """Register this room's permissions. A reading page is open to everybody who is logged in."""
    grant(ADOPT, ADMINS, scope=lambda membership, organisation: organisation.pk == membership.organisation_id)
    grant(PUBLISH, ADMINS, scope=_adopts)
    grant(ENTER, ADMINS | SETTERS, scope=_owns)


def reads_adoptions(membership) -> bool:
    """Whether the timelines of adoptions are the membership's to read: offices above partner units."""
    return membership is not None and not (
        membership.role in roles.PERSONAL_ROLES or membership.organisation.kind == roles.PARTNER
    )
