"""Who looks after students, and whose placements are whose in person."""

from __future__ import annotations

from django.db.models import Q

from casework import records
from casework.records import confirming
from tenants.permissions import grant
from tenants.roles import PARTY_COMMITTEE
from tenants.scoping import personal_view
from tenants.services.invitations import when_joined
from trainees.during import course, persons
from trainees.during.moves import CONFIRM, ENTER, WRITE
from trainees.models import Placement
from trainees.services import APPLY, MANAGE
from trainees.students import inviting, private


def declare() -> None:
    """Enter the room's permissions and views in person; called when the app is ready."""
    keepers = {("university", "graduate_office"), ("college", "secretary")}
    grant(MANAGE, keepers)
    grant(
        APPLY,
        {*keepers, ("university", "student"), ("college", "student")},
        scope=_applies,
        who=lambda placement: [
            (placement.college, ["student", "secretary"]),
            (placement.university, ["graduate_office"]),
        ],
    )
    grant(
        "trainees.own",
        {("university", "student"), ("college", "student")},
        scope=_applies,
        who=lambda placement: [(placement.college or placement.university, ["student"])],
    )
    people = {("university", "student"), ("college", "student"), ("college", "mentor"), ("partner", "base_mentor")}
    writers = people | {
        ("university", "graduate_office"),
        ("university", "supervisor"),
        ("college", "secretary"),
        ("partner", "contact"),
    }
    grant(WRITE, writers, scope=_has_to_do_with)
    grant(CONFIRM, writers, scope=confirming.may, who=confirming.who)
    grant(ENTER, keepers, scope=_looks_after, who=_lookers)
    course.declare()
    persons.declare()
    records.register(
        Placement.case_kind,
        lambda case: case if case.case_kind == Placement.case_kind else None,
        page=Placement.case_kind,
    )
    personal_view("student", "trainees.Placement", _students_own)
    personal_view("mentor", "trainees.Placement", _guided_by("university_mentor"))
    personal_view("base_mentor", "trainees.Placement", _guided_by("base_mentor"))
    personal_view(PARTY_COMMITTEE, "trainees.Placement", _party_members)
    private.declare()
    when_joined(inviting.link)


def _applies(membership, placement) -> bool:
    """The student, in whichever seat of theirs is linked, and whoever looks after them."""
    if membership.role == "student":
        seat = placement.student.seat
        return seat is not None and seat.user_id == membership.user_id
    return membership.may(MANAGE, placement)


def _stay_of(confirmation) -> Placement:
    return Placement.objects.get(pk=confirmation.record.subject_id)


def _looks_after(membership, confirmation) -> bool:
    """Whether somebody looks after the student whose record waits for a confirmation."""
    return membership.may(MANAGE, _stay_of(confirmation))


def _lookers(confirmation) -> list:
    placement = _stay_of(confirmation)
    units = ((placement.college, ["secretary"]), (placement.university, ["graduate_office"]))
    return [(unit, roles) for unit, roles in units if unit is not None]


def _has_to_do_with(membership, placement) -> bool:
    """Whether somebody may be an author of a stay's records: who sees it. Which types are whose their profile says."""
    return membership.sees(placement)


def _students_own(membership, model, on) -> Q:
    """A student's own, whichever of their seats is linked."""
    return Q(student__seat__user=membership.user_id)


def _party_members(membership, model, on) -> Q:
    """The stays of its college's Party members (JLU-3.4c)."""
    return Q(student__college=membership.organisation_id, student__private__party_member=True)


def _guided_by(column: str):
    """The placements that a person guides for this organisation, in whichever seat of theirs there they were named."""
    return lambda membership, model, on: Q(
        **{f"{column}__user": membership.user_id, f"{column}__organisation": membership.organisation_id}
    )
