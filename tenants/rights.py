"""What people may do with organisations and members, as permissions; and which organisations they see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tenants import roles
from tenants.models import Invitation, Membership, Organisation
from tenants.permissions import grant

VIEW_HISTORY = "tenants.view_history"
VIEW_MEMBERS = "tenants.view_members"
MANAGE_ORGANISATION = "tenants.manage_organisation"
MANAGE_MEMBERS = "tenants.manage_members"
CREATE_UNIT = "tenants.create_unit"
INTRODUCE_PARTNER = "tenants.introduce_partner"
ENTER_CONTACT = "tenants.enter_contact"
VERIFY_CONTACT = "tenants.verify_contact"

ADMINS = {(kind, role) for kind, role in roles.ADMIN_ROLE.items()}
AUDITORS = {(kind, "auditor") for kind, _label in roles.KINDS}
UNIT_ADMINS = {(roles.DEPARTMENT, "admin"), (roles.UNIVERSITY, "admin")}
STAFF = {
    (kind, role)
    for kind, _label in roles.KINDS
    for role in roles.ROLES[kind]
    if role not in roles.PERSONAL_ROLES | roles.READING_ROLES
}
INTRODUCERS = UNIT_ADMINS | {
    (roles.UNIVERSITY, "graduate_office"),
    (roles.COLLEGE, "secretary"),
    (roles.COLLEGE, "applicant"),
}

CONTACT_KEEPERS = {(roles.UNIVERSITY, "graduate_office"), (roles.COLLEGE, "secretary")}

# What an administrator of a kind of organisation may found below it.
CHILD_KIND = {roles.DEPARTMENT: roles.UNIVERSITY, roles.UNIVERSITY: roles.COLLEGE}


def own(membership: Membership, organisation: Organisation) -> bool:
    """Whether the organisation is the membership's own."""
    return organisation.pk == membership.organisation_id


def oversees(membership: Membership, organisation: Organisation) -> bool:
    """Whether the organisation is the membership's own, below it, or a partner unit introduced from there."""
    part = organisation.created_by if organisation.kind == roles.PARTNER else organisation
    while part is not None:
        if part.pk == membership.organisation_id:
            return True
        part = part.parent
    return organisation.pk == membership.organisation_id


def has_admin(organisation: Organisation) -> bool:
    """Whether somebody manages the organisation's members today."""
    return Membership.objects.of(organisation, roles.ADMIN_ROLE[organisation.kind]).exists()


def sponsors(membership: Membership, organisation: Organisation) -> bool:
    """Whether the membership stands in for an organisation that has nobody of its own yet: its parent's
    administrator, or, for a partner unit, somebody of the organisation that introduced it."""
    related = organisation.created_by_id if organisation.kind == roles.PARTNER else organisation.parent_id
    return related == membership.organisation_id and not has_admin(organisation)


def sponsors_of(organisation: Organisation) -> list:
    """The organisation that stands in for one without anybody of its own, with the roles that do."""
    partner = organisation.kind == roles.PARTNER
    related = organisation.created_by if partner else organisation.parent
    if related is None or has_admin(organisation):
        return []
    return [(related, [role for role in roles.ROLES[related.kind] if (related.kind, role) in INTRODUCERS])]


def confirming_units(invitation: Invitation) -> set[int]:
    """The organisations whose people may be the second pair of eyes on an invitation: those above the unit; for a
    partner unit those of whoever introduced it; for universities and departments, who have offices
    enough, the unit too.
    """
    unit = invitation.organisation
    start = unit.created_by if unit.kind == roles.PARTNER else unit.parent
    units = set()
    while start is not None:
        units.add(start.pk)
        start = start.parent
    if unit.kind in (roles.UNIVERSITY, roles.DEPARTMENT):
        units.add(unit.pk)
    return units


def confirms(membership: Membership, invitation: Invitation) -> bool:
    """Whether the membership's office may confirm the address of an invitation. Whose hand it is, is another question
    (`tenants.services.invitations.confirm`)."""
    office = (membership.kind, membership.role) in roles.CONFIRMERS
    return office and membership.usable() and membership.organisation_id in confirming_units(invitation)


def keeps_contacts(membership: Membership, organisation: Organisation) -> bool:
    """Whether the organisation is a partner unit, whose people who act by links schools keep."""
    return organisation.kind == roles.PARTNER


def verifies_contact(membership: Membership, contact) -> bool:
    """Whether the membership's office may verify the address of somebody who acts by links: in the university that keeps
    it, or in the department above. Whose hand it is, is another question (`tenants.services.contacts.verify`)."""
    office = (membership.kind, membership.role) in roles.CONFIRMERS
    return (
        office and membership.usable() and membership.organisation_id in (contact.kept_by_id, contact.kept_by.parent_id)
    )


def above(membership: Membership, organisation: Organisation) -> bool:
    """Whether the organisation is directly below the membership's own: a university's college."""
    return organisation.parent_id == membership.organisation_id


def parent_of(organisation: Organisation) -> list:
    """The organisation above, with the roles that manage its members."""
    return [(organisation.parent, ["admin"])] if organisation.kind == roles.COLLEGE and organisation.parent else []


def declare() -> None:
    """Enter this room's permissions into the registry."""
    grant(VIEW_MEMBERS, STAFF, scope=own)
    grant(VIEW_HISTORY, ADMINS | AUDITORS, scope=oversees)
    grant(MANAGE_ORGANISATION, ADMINS, scope=own)
    grant(MANAGE_MEMBERS, ADMINS, scope=own)
    grant(MANAGE_MEMBERS, {(roles.UNIVERSITY, "admin")}, scope=above, who=parent_of)
    grant(MANAGE_ORGANISATION, INTRODUCERS, scope=sponsors, who=sponsors_of)
    grant(MANAGE_MEMBERS, INTRODUCERS, scope=sponsors, who=sponsors_of)
    grant(ENTER_CONTACT, CONTACT_KEEPERS, scope=keeps_contacts)
    grant(VERIFY_CONTACT, roles.CONFIRMERS, scope=verifies_contact)
    grant(CREATE_UNIT, UNIT_ADMINS, scope=own)
    grant(INTRODUCE_PARTNER, INTRODUCERS | {(roles.DEPARTMENT, "officer")}, scope=own)


def visible_organisations(membership: Membership | None) -> QuerySet[Organisation]:
    """The organisations whose data page exists for a membership: its own, its parent, those below it, and,
    for departments and schools, the partner units, which belong to nobody. Members are another question.
    """
    if membership is None or not membership.usable():
        return Organisation.objects.none()
    where = Q(pk=membership.organisation_id)
    if membership.role not in roles.PERSONAL_ROLES:
        where |= Q(parent_id=membership.organisation_id)
        if membership.organisation.parent_id:
            where |= Q(pk=membership.organisation.parent_id)
        if membership.kind != roles.PARTNER and membership.role not in roles.READING_ROLES:
            where |= Q(kind=roles.PARTNER)
        elif membership.kind != roles.PARTNER:  # an auditor: those introduced from there, with how they came in
            home = membership.organisation_id
            where |= Q(created_by=home) | Q(created_by__parent=home) | Q(created_by__parent__parent=home)
    return Organisation.objects.filter(where)
