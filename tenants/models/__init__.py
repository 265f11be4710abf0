"""Organisations, people, memberships, invitations, and what ties a case to the organisations that may see
it.
"""

from tenants.models.contacts import UnitContact
from tenants.models.divisions import Division
from tenants.models.links import ActionLink, ActionLinkUse, PublicAttempt
from tenants.models.organisations import Organisation, PartnerSite
from tenants.models.people import Delegation, Invitation, Membership, User
from tenants.models.programmes import DegreeProgramme
from tenants.models.registrations import UnitRegistration
from tenants.models.reminding import CalendarFeed, MutedKind, ReminderDays, Robot
from tenants.models.scoped import Party, ScopedCase, ScopedManager, ScopedQuerySet

__all__ = [
    "ActionLink",
    "ActionLinkUse",
    "CalendarFeed",
    "DegreeProgramme",
    "Delegation",
    "Division",
    "Invitation",
    "Membership",
    "MutedKind",
    "Organisation",
    "PartnerSite",
    "Party",
    "PublicAttempt",
    "ReminderDays",
    "Robot",
    "ScopedCase",
    "ScopedManager",
    "ScopedQuerySet",
    "UnitContact",
    "UnitRegistration",
    "User",
]
