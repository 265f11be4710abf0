"""Organisations, people, memberships, invitations, and what ties a case to the organisations that may see
it.
"""

from tenants.models.divisions import Division
from tenants.models.links import ActionLink, ActionLinkUse, PublicAttempt
from tenants.models.organisations import Organisation, PartnerSite
from tenants.models.people import Delegation, Invitation, Membership, User
from tenants.models.programmes import DegreeProgramme
from tenants.models.scoped import Party, ScopedCase, ScopedManager, ScopedQuerySet

__all__ = [
    "ActionLink",
    "ActionLinkUse",
    "DegreeProgramme",
    "Delegation",
    "Division",
    "Invitation",
    "Membership",
    "Organisation",
    "PartnerSite",
    "Party",
    "PublicAttempt",
    "ScopedCase",
    "ScopedManager",
    "ScopedQuerySet",
    "User",
]
