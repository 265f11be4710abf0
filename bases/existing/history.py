"""What a base brings along from before the portal: grades so far and its mentors, as records of the house's own types.

A grade of that time counts wherever the last grade of a base is asked for; a name on the list of mentors is no appointment.
The types bear a dot, which no type of a profile can.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bases.existing.checking import Ready, graded_on
from bases.existing.columns import MENTORS
from bases.models import Recognition
from bases.pastgrades import GRADE
from casework.models import Record
from regulations import wording

MENTOR = "past.mentor"
SIDES = dict(zip(MENTORS, ("university", "base"), strict=True))


def records_of(entry: Ready, recognition: Recognition, actor) -> Iterable[Record]:
    """The records of one base, not kept yet."""
    profile, written = recognition.profile, entry.written
    own = {
        **Record.about_values(recognition),
        "subject_kind": "recognition",
        "subject_id": recognition.pk,
        "organisation_id": actor.organisation_id,
        "regulation_version_id": recognition.regulation_version_id,
        "entered_by": actor.name,
    }
    kinds = profile.evaluations
    for grade in written.grades:
        kind = grade.get("kind") or (next(iter(kinds)) if len(kinds) == 1 else "")
        title = wording.words(kinds[kind].title) if kind in kinds else _("考核评价")
        answers = {"kind": kind, "year": int(grade["year"]), "grade": grade["grade"], "dated": "graded_on" in grade}
        yield Record(**own, type=GRADE, title=title, on=graded_on(grade), code=grade["grade"][:60], answers=answers)
    today = recognition.created_at.date()
    for key in MENTORS:
        for name in dict.fromkeys(written.mentors(key)):
            yield Record(**own, type=MENTOR, title=_("导师名单"), on=today, code=SIDES[key], person=name[:80])


def mentors(recognition: Recognition) -> dict[str, list[str]]:
    """The names on the list, by side: "university", "base". One query."""
    names: dict[str, list[str]] = {}
    for side, name in Record.about(recognition).filter(type=MENTOR).order_by("pk").values_list("code", "person"):
        names.setdefault(side, []).append(name)
    return names
