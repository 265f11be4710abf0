"""What waits for a reader's confirmation, over all their students: a fixed number of queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from bases import specs
from casework.models import Confirmation
from casework.models.regulated import with_regulation
from casework.records import confirming
from core import door
from core.forms.reading import ReadingPart, reading
from core.forms.spec import parse_form
from core.models import Document
from trainees.during import persons
from trainees.models import Placement

SHOWN = 100


def waiting_for(membership) -> QuerySet[Confirmation]:
    """The confirmations that a membership is asked for, the oldest first."""
    column = membership.organisation.column
    where = Q(pk__in=())
    for word in (*persons.SEATS, f"{column}.{membership.role}"):
        where |= Q(who=word, record__subject_id__in=persons.stays_of(membership, word).order_by().values("pk"))
    rows = Confirmation.objects.filter(
        where, confirmed_at=None, record__subject_kind=Placement.case_kind, record__replaced_by=None
    )
    return rows.select_related("record").order_by("pk")


@dataclass
class Waiting:
    """One entry that waits for its reader."""

    row: Confirmation
    parts: list[ReadingPart]


@dataclass
class Stay:
    """A stay with the entries that wait on it."""

    placement: Placement
    entries: list[Waiting] = field(default_factory=list)


class _Files:
    """Answers for many stays at once: their files were read before."""

    def __init__(self, documents: dict[int, Document]):
        self.held = documents

    def organisation(self, pk: int) -> None:
        return None

    def documents(self, pks: Iterable[int]) -> dict[int, Document]:
        return {pk: self.held[pk] for pk in pks if pk in self.held}

    def catalogue(self, name: str) -> dict[str, str]:
        return {}


def stays(membership, rows: Iterable[Confirmation]) -> list[Stay]:
    """The entries by stay, each as it reads. Two queries beside that of the rows."""
    by_stay = defaultdict(list)
    for row in rows:
        by_stay[row.record.subject_id].append(row)
    held_by = with_regulation(Placement.objects.filter(pk__in=by_stay))
    held_by = held_by.select_related("student", "recognition__base", "university", "college", "partner", *persons.ALONG)
    documents = _documents(row for rows_of in by_stay.values() for row in rows_of)
    made, forms = [], {}
    for placement in held_by.order_by("pk"):
        own = confirming.own(placement, membership, by_stay[placement.pk])
        stay = Stay(placement)
        for row in own:
            key = (placement.regulation_version_id, row.record.type)
            if key not in forms:
                forms[key] = parse_form(specs.record(placement, membership, {"type": row.record.type}, placement))
            files = {pk: held for pk, held in documents.items() if held.case_id == placement.pk}
            stay.entries.append(Waiting(row, reading(forms[key], row.record.answers, _Files(files))))
        if stay.entries:
            made.append(stay)
    return made


def _documents(rows: Iterable[Confirmation]) -> dict[int, Document]:
    wanted: set[int] = set()
    cases: set[int] = set()
    for row in rows:
        cases.add(row.record.subject_id)
        for value in row.record.answers.values():
            if isinstance(value, list):
                wanted |= {pk for pk in value if isinstance(pk, int) and not isinstance(pk, bool)}
    if not wanted:
        return {}
    held = Document.objects.filter(case_kind=Placement.case_kind, case_id__in=cases, pk__in=wanted)
    return {row.pk: row for row in held}


def confirm(membership, numbers: Iterable[int], comment: str = "", link: dict[str, Any] | None = None) -> int:
    """Confirm entries by their numbers, each stay's through the door; what is not the reader's, or was confirmed in the
    meantime, is left out. Returns how many were confirmed."""
    by_stay = defaultdict(list)
    for row in waiting_for(membership).filter(record__in=list(numbers)):
        by_stay[row.record.subject_id].append(row.record_id)
    placements = Placement.objects.in_bulk(by_stay)
    for pk in sorted(by_stay):
        data = {"records": by_stay[pk], "comment": comment} | ({"link": link} if link else {})
        door.perform(placements[pk], "confirm_records", membership, data)
    return sum(map(len, by_stay.values()))
