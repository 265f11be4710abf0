"""What a record is about: an organisation of the case, or what a room above registers (the case itself, its base); and
whose business it is: roles in the case's units, persons whom it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.steps import persons
from core import subjects
from regulations import vocabulary
from tenants.models import Membership, Party

COLUMNS = ("authority", "university", "college", "partner")

# The profile's word for a subject -> how it is had from the case on whose page the record is entered.
_finders: dict[str, Callable[[Any], Any]] = {}


def register(word: str, find: Callable[[Any], Any], *, page: str = "") -> None:
    """Let `subject: <word>` of a record type mean what `find(case)` gives, None where the case has none. `page`: the kind of
    case on whose page these records stand, and on no other; no other records stand there."""
    _finders[word] = find
    vocabulary.RECORD_SUBJECTS.add(word)
    if page:
        vocabulary.RECORD_PAGES[word] = page


def subject_of(case, declared) -> Any:
    """What an entry of a record type is about when it is entered on a case, or None where there is no such thing."""
    if declared.subject in COLUMNS:
        return getattr(case, declared.subject)
    finder = _finders.get(declared.subject)
    return finder(case) if finder is not None else None


def belongs(case, declared) -> bool:
    """Whether records of a type are entered and read on a case's page: those about the organisation whose office the
    regulation names stand on the office's page and on no other, for they are no business of a base's partner; those about
    a kind of case with records of its own on that page, which has no others."""
    pages = vocabulary.RECORD_PAGES
    if case.case_kind in pages.values() or declared.subject in pages:
        return pages.get(declared.subject) == case.case_kind
    office = case.profile.office
    return case.keeps_office == (office is not None and declared.subject == office.unit)


def kept_by(case) -> dict[str, Any]:
    """The record types of a case's profile that belong on its page, by key."""
    return {key: declared for key, declared in case.profile.records.items() if belongs(case, declared)}


def subjects_of(case) -> dict[tuple[str, int], Any]:
    """Everything that the records of a case's profile are about, as far as the case has it: (kind, number) -> subject."""
    return _among(case, kept_by(case).values())


def around(case) -> dict[tuple[str, int], Any]:
    """The same of every record type of its profile, wherever these stand: a placement's base and its sides too."""
    office = case.profile.office
    types = [kind for kind in case.profile.records.values() if office is None or kind.subject != office.unit]
    return _among(case, types)


def _among(case, types) -> dict[tuple[str, int], Any]:
    asked = [subject_of(case, declared) for declared in types]
    return {(subjects.kind_of(subject), subject.pk): subject for subject in asked if subject is not None}


def person_of(case, word: str | None) -> Membership | None:
    """Whom a person's word means on a case, None where it means nobody who is there today."""
    member = persons.meant(case, word) if word else None
    return member if member is not None and member.usable() else None


def is_actor(actor, case, named) -> bool:
    """Whether somebody acts in the unit and role that a profile names, or is the person whom it names: the same person in
    another seat in the same organisation too."""
    word = getattr(named, "person", None)
    member = person_of(case, word)
    if member is not None:
        same = (member.user_id, member.organisation_id) == (actor.user_id, actor.organisation_id)
        return same or member.pk in getattr(actor, "acting_for", ())
    if named.role is None or named.role != actor.role:
        return False
    if not named.unit.startswith(vocabulary.PARTY):
        return getattr(case, f"{named.unit}_id") == actor.organisation_id
    part = {"role": vocabulary.column_of(named.unit), "organisation_id": actor.organisation_id, "until_on": None}
    return Party.about(case).filter(**part).exists()


def owner_of(case, named) -> dict[str, Any]:
    """Whose what a record type names is, in the terms of the ledger: a person's, else a role's in its unit."""
    member = person_of(case, getattr(named, "person", None))
    if member is not None:
        return {"organisation_id": member.organisation_id, "role": "", "membership": member.pk}
    unit = getattr(case, f"{named.unit}_id") if named.unit else None
    return {"organisation_id": unit, "role": named.role or "", "membership": None}
