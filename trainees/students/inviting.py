"""A student is asked for an account: an invitation as a student of their college, and the seat that comes of it is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.door import Forbidden, Refused
from tenants import rights
from tenants.models import Invitation, Membership, Organisation
from tenants.services import invitations
from trainees.models import Student


@dataclass(frozen=True)
class Invited:
    """What became of asking one student: the invitation, or why there is none."""

    student: Student
    invitation: Invitation | None = None
    refused: str = ""


def home_of(student: Student) -> Organisation:
    """Where a student is a member: their college, the university where they have none."""
    return student.college or student.university


def may_invite(actor: Membership, organisation: Organisation) -> bool:
    """Whether the actor manages the members there."""
    return actor.may(rights.MANAGE_MEMBERS, organisation)


def invite(actor: Membership, student: Student) -> Invitation:
    """Ask one student, by the mail address that stands with them. Once more: a fresh link, the old one is dead.
    Raises Forbidden, and Refused for one who has an account, has left, or has no address."""
    with transaction.atomic():
        student = (
            Student.objects.select_for_update(of=("self",)).select_related("college", "university").get(pk=student.pk)
        )
        if student.seat_id is not None:
            raise Refused(_("%(who)s已有账号，不需要邀请。") % {"who": student})
        if not student.studying:
            raise Refused(_("%(who)s已离校。") % {"who": student})
        if not student.email:
            raise Refused(_("%(who)s没有登记电子邮箱，请先补充。") % {"who": student})
        standing = student.invitation
        if (
            standing is not None
            and standing.current_state in invitations.PENDING
            and standing.email.casefold() == student.email.casefold()
            and standing.organisation_id == home_of(student).pk
        ):
            return invitations.resend(actor, standing)
        if standing is not None and standing.current_state in invitations.PENDING:
            invitations.withdraw(actor, standing)  # it went to another address or college
        made = invitations.invite(
            actor, home_of(student), "student", name=student.name, email=student.email, phone=student.phone
        )
        Student.objects.filter(pk=student.pk).update(invitation=made)
    return made


def invite_many(actor: Membership, students: Iterable[Student]) -> list[Invited]:
    """Ask each of them; what stands against one keeps nobody else from being asked."""
    made: list[Invited] = []
    for student in students:
        try:
            made.append(Invited(student, invite(actor, student)))
        except (Forbidden, Refused) as refusal:
            made.append(Invited(student, refused=str(refusal)))
    return made


def link(invitation: Invitation, membership: Membership) -> None:
    """Whoever accepted the invitation that went to a student logs in as that student."""
    Student.objects.filter(invitation=invitation, seat=None).update(seat=membership)
