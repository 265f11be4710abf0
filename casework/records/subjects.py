"""What a record is about: an organisation of the case, or what a room above registers (the case itself, its base)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core import subjects
from regulations import vocabulary

COLUMNS = ("authority", "university", "college", "partner")

# The profile's word for a subject -> how it is had from the case on whose page the record is entered.
_finders: dict[str, Callable[[Any], Any]] = {}


def register(word: str, find: Callable[[Any], Any]) -> None:
    """Let `subject: <word>` of a record type mean what `find(case)` gives, None where the case has none."""
    _finders[word] = find
    vocabulary.RECORD_SUBJECTS.add(word)


def subject_of(case, declared) -> Any:
    """What an entry of a record type is about when it is entered on a case, or None where there is no such thing."""
    if declared.subject in COLUMNS:
        return getattr(case, declared.subject)
    finder = _finders.get(declared.subject)
    return finder(case) if finder is not None else None


def belongs(case, declared) -> bool:
    """Whether records of a type are entered and read on a case's page: those about the organisation whose office the
    regulation names stand on the office's page and on no other, for they are no business of a base's partner."""
    office = case.profile.office
    return case.keeps_office == (office is not None and declared.subject == office.unit)


def kept_by(case) -> dict[str, Any]:
    """The record types of a case's profile that belong on its page, by key."""
    return {key: declared for key, declared in case.profile.records.items() if belongs(case, declared)}


def subjects_of(case) -> dict[tuple[str, int], Any]:
    """Everything that the records of a case's profile are about, as far as the case has it: (kind, number) -> subject."""
    asked = [subject_of(case, declared) for declared in kept_by(case).values()]
    return {(subjects.kind_of(subject), subject.pk): subject for subject in asked if subject is not None}


def is_actor(actor, case, named) -> bool:
    """Whether somebody acts in the unit and role that a profile names."""
    return named.role == actor.role and getattr(case, f"{named.unit}_id") == actor.organisation_id
