"""What a page that only shows a case has read of it, so that nothing on it is asked for twice.

Never prefetched in the door: there the rows are read under the lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import Prefetch

from casework.models import Assignment, Effect, ListEntry, Override, Parcel, Step
from casework.steps.kind import kind_of
from core.models import Document, LedgerEntry, OutboxMessage, Paper, StampedCopy
from tenants.models import Membership, Organisation

# Of an assignment all, of the expert who and whence.
ASSIGNED = (
    *(field.name for field in Assignment._meta.concrete_fields),
    "expert__name",
    "expert__employer_name",
    "expert__employer__name",
    "expert__employer__is_demo",
)
COLUMNS = ("authority", "university", "college", "partner")
# What few cases have: by name the rows about a case, and what makes them count.
RARE = {
    "acts": (LedgerEntry, "done_at IS NULL AND handler <> ''"),
    "effects": (Effect, "lifted_on IS NULL"),
    "failures": (OutboxMessage, "failed_at IS NOT NULL AND dealt_with_at IS NULL"),
    "lists": (ListEntry, "removed_at IS NULL"),
    "overrides": (Override, "1 = 1"),
    "parcels": (Parcel, "1 = 1"),
}


def bring_organisations(rows: Iterable, columns: Iterable[str], known: dict[int, Organisation]) -> None:
    """Put organisations into columns of rows: those `known` already, which nearly all of them are, and with one query
    the others, which become known too. Joins to that wide table take longer.
    """
    ids = {getattr(row, f"{column}_id") for row in rows for column in columns}
    if missing := ids - {None, *known}:
        known.update(Organisation.objects.in_bulk(missing))
    for row in rows:
        for column in columns:
            setattr(row, column, known.get(getattr(row, f"{column}_id")))


@cache
def _any_of_them(vendor: str) -> str:
    """One statement that answers with the names of RARE of which a case has any: five queries would mostly find nothing,
    and each costs a page more than all of this."""
    asked = []
    for name, (model, counts) in RARE.items():
        kind, number = getattr(model, "about_columns", ("case_kind", "case_id"))
        table = connection.ops.quote_name(model._meta.db_table)
        asked.append(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {table} WHERE {kind} = %s AND {number} = %s AND {counts})"
        )
    return " UNION ALL ".join(asked)


class Prefetched:
    """The rows of one case, each kind read once when first wanted. `page` fills `case.prefetched` with it."""

    def __init__(self, case: Any, round_number: int):
        self.case, self.round = case, round_number
        self._own = {"case_kind": case.case_kind, "case_id": case.pk}

    @cached_property
    def steps(self) -> list[Step]:
        """The steps of the round, in the order of the route, with their units; with their persons where one has any,
        which is too rare for three joins on every page."""
        rows = Step.objects.filter(**self._own, round=self.round).select_related("decision").order_by()
        steps = sorted(rows, key=lambda row: (row.position, row.pk))
        bring_organisations(steps, ("unit",), self._known)
        wanted = {row.assignee_id for row in steps} - {None}
        persons = Membership.objects.select_related("user", "organisation").in_bulk(wanted) if wanted else {}
        for row in steps:
            row.of_case = self.case
            if row.assignee_id is not None:
                row.assignee = persons[row.assignee_id]
        return steps

    @cached_property
    def rare(self) -> set[str]:
        """The names of RARE of which the case has any."""
        with connection.cursor() as cursor:
            cursor.execute(_any_of_them(connection.vendor), [self.case.case_kind, self.case.pk] * len(RARE))
            return {name for (name,) in cursor}

    @cached_property
    def _known(self) -> dict[int, Organisation]:
        return {
            organisation.pk: organisation
            for column in COLUMNS
            if (organisation := getattr(self.case, column)) is not None
        }

    def current_steps(self) -> list[Step] | None:
        """The steps of the case's current round, or None where the page shows an earlier one."""
        return self.steps if self.round == self.case.round else None

    @cached_property
    def documents(self) -> list[Document]:
        """The case's files with who brought them, the oldest first."""
        rows = Document.objects.filter(**self._own).select_related("uploaded_by")
        brief = rows.only(
            "uid",
            "name",
            "content_type",
            "size",
            "purpose",
            "uploaded_at",
            "uploaded_as",
            "organisation_id",
            "uploaded_by__name",
        )
        return sorted(brief, key=lambda row: row.pk)

    @cached_property
    def papers(self) -> list[Paper]:
        """The case's papers with their scans, the newest first."""
        scans = Prefetch("stamped", StampedCopy.objects.select_related("document"))
        return sorted(Paper.objects.filter(**self._own).prefetch_related(scans), key=lambda row: -row.pk)

    @cached_property
    def assignments(self) -> list[Assignment]:
        """The experts' assignments of the round's panels. No query where there is no panel."""
        panels = {step.pk: step for step in self.steps if kind_of(step).experts}
        if not panels:
            return []
        rows = Assignment.objects.filter(step_id__in=panels).select_related("expert__employer")
        assignments = sorted(rows.only(*ASSIGNED), key=lambda row: row.pk)
        for row in assignments:
            row.step = panels[row.step_id]
        return assignments

    @cached_property
    def parcels(self) -> list[Parcel]:
        """What was sent by courier, the latest first."""
        if "parcels" not in self.rare:
            return []
        parcels = sorted(Parcel.about(self.case), key=lambda row: (row.sent_on, row.pk), reverse=True)
        bring_organisations(parcels, ("unit",), self._known)
        return parcels

    @cached_property
    def overrides(self) -> list[Override]:
        """The exceptions asked for on the case, the latest first."""
        if "overrides" not in self.rare:
            return []
        rows = Override.about(self.case)
        overrides = sorted(rows, key=lambda row: -row.pk)
        bring_organisations(overrides, ("requester", "unit"), self._known)
        return overrides
