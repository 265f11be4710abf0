"""The persons of a stay, as a profile names them (`person: base_mentor`), and the stays of a person."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.steps import persons
from trainees.models import Placement

# Word -> the path from a placement to the person's seat.
SEATS = {"student": "student__seat", "university_mentor": "university_mentor", "base_mentor": "base_mentor"}
TITLES = {"student": _("研究生本人"), "university_mentor": _("校内导师"), "base_mentor": _("基地导师")}
ALONG = tuple(f"{path}__{more}" for path in SEATS.values() for more in ("user", "organisation"))


def _seat(path: str):
    def resolve(placement):
        value = placement
        for name in path.split("__"):
            value = getattr(value, name) if value is not None else None
        return value

    return resolve


def declare() -> None:
    """Enter the words."""
    for word, path in SEATS.items():
        persons.register(Placement.case_kind, word, TITLES[word], _seat(path))


def stays_of(membership, word: str) -> QuerySet[Placement]:
    """The stays in which a person is meant by a word, in whichever seat of theirs in this organisation; of a role's word
    (`partner.contact`) those of its unit."""
    if word in SEATS:
        path = SEATS[word]
        own = Q(**{f"{path}__user": membership.user_id, f"{path}__organisation": membership.organisation_id})
        return Placement.objects.filter(own | Q(**{f"{path}__in": membership.acting_for}))
    column, _dot, role = word.partition(".")
    if membership.organisation.column != column or membership.role != role:
        return Placement.objects.none()
    return Placement.objects.filter(**{f"{column}_id": membership.organisation_id})
