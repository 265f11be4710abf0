"""Who looks after students, and whose placements are whose in person."""

from __future__ import annotations

from django.db.models import Q

from tenants.permissions import grant
from tenants.scoping import personal_view
from trainees.services import APPLY, MANAGE


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
    personal_view("student", "trainees.Placement", _students_own)
    personal_view("mentor", "trainees.Placement", _guided_by("university_mentor"))
    personal_view("base_mentor", "trainees.Placement", _guided_by("base_mentor"))


def _applies(membership, placement) -> bool:
    """The student, in whichever seat of theirs is linked, and whoever looks after them."""
    if membership.role == "student":
        seat = placement.student.seat
        return seat is not None and seat.user_id == membership.user_id
    return membership.may(MANAGE, placement)


def _students_own(membership, model, on) -> Q:
    """A student's own, whichever of their seats is linked."""
    return Q(student__seat__user=membership.user_id)


def _guided_by(column: str):
    """The placements that a person guides for this organisation, in whichever seat of theirs there they were named."""
    return lambda membership, model, on: Q(
        **{f"{column}__user": membership.user_id, f"{column}__organisation": membership.organisation_id}
    )
