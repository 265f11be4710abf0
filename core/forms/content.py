"""What people confirm when they confirm a content: its terms. Facts are what it rests on, contacts how to reach somebody.

A field says which of the three its answer is (`holds`); where it says nothing, its type does. A change of a term makes a
confirmation void that covered it; a change of a fact or a contact makes none void.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.forms.fields import Field, FormSpec, Section
from core.forms.plain import plain_json
from core.forms.reading import flat

_CONTACTS = frozenset({"phone", "email"})
NO_ANSWER = frozenset({"note", "signature"})


@dataclass(frozen=True)
class Change:
    """One difference between two contents: where, what, of which class, how each reads."""

    section: str
    key: str
    label: str
    holds: str
    old: str
    new: str

    def as_data(self) -> dict[str, str]:
        return asdict(self)


def holds_of(field: Field) -> str:
    """Which of the three an answer is: what the field says, else a contact for telephone numbers and addresses of mail."""
    return field.holds or ("contact" if field.type in _CONTACTS else "term")


def _fields(spec: FormSpec) -> Iterator[tuple[Section, Field]]:
    for section in spec.sections:
        for field in section.fields:
            if field.type not in NO_ANSWER:
                yield section, field


def _answer(field: Field, answers: dict) -> dict[str, Any]:
    """The field's answer, with the text of its other choice; nothing where it was left empty."""
    keys = (field.key, f"{field.key}_other") if field.other else (field.key,)
    return {key: answers[key] for key in keys if answers.get(key) not in (None, "", [], {})}


def answers_that(spec: FormSpec, answers: dict, holds: str, section: str = "") -> dict[str, Any]:
    """The answers of one class, of one section where one is named."""
    given: dict[str, Any] = {}
    for part, field in _fields(spec):
        if holds_of(field) == holds and section in ("", part.key):
            given |= _answer(field, answers)
    return given


def keys_of(spec: FormSpec, holds: str) -> list[str]:
    """The fields of one class, answered or not, in the form's order."""
    return [field.key for _section, field in _fields(spec) if holds_of(field) == holds]


def digest(content: Any) -> str:
    """SHA-256 of a content in canonical JSON."""
    canonical = json.dumps(plain_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def differences(spec: FormSpec, old: dict, new: dict, resolver=None) -> list[Change]:
    """Field by field in the form's order, what two contents say differently."""
    changes = []
    before, after = plain_json(old), plain_json(new)
    for section, field in _fields(spec):
        if _answer(field, before) != _answer(field, after):
            said = [flat(field, answers, resolver) for answers in (old, new)]
            changes.append(Change(section.key, field.key, str(field.label), holds_of(field), *said))
    return changes


def only(spec: FormSpec, holds: str) -> Iterable[Section]:
    """The sections with the fields of one class, those that have any."""
    for section in spec.sections:
        fields = tuple(field for field in section.fields if field.type not in NO_ANSWER and holds_of(field) == holds)
        if fields:
            yield replace(section, fields=fields)
