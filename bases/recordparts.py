"""The dated records that a page shows and lets its reader enter: on the page of a base, on that of an office."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.urls import reverse

from bases.specs import record
from casework import records
from casework.models import Record
from core.forms.reading import reading
from core.forms.spec import parse_form
from regulations import wording


class RecordKeeping:
    """Mixin of a page class: what `bases/parts/life.html` and the log of an office draw."""

    case: Any
    membership: Any
    record_permission = "bases.record"

    @cached_property
    def entries(self) -> list[Record]:
        """The entries that stand, the newest first."""
        return list(records.shown(self.case)[:100])

    def kept_records(self, writable: bool) -> dict[str, Any]:
        """Entries that stand, what is owed at intervals, and the types that the reader may enter, with the address."""
        case = self.case
        types = [
            (key, wording.words(kind.title), kind.clause)
            for key, kind in records.kept_by(case).items()
            if writable and self._writes(kind)
        ]
        return {
            "records": self.record_rows(self.entries),
            "owed": self._owed(),
            "types": types,
            "record_url": reverse("case_do", args=[case.case_kind, case.pk, "enter_record"]),
        }

    def record_rows(self, rows: Iterable[Record]) -> list[dict]:
        """Records as pages show them; those of a type that names its readers only to these and to its authors."""
        case, specs, records_shown = self.case, {}, []
        resolver = case.resolver(self.membership)
        for row in rows:
            kind = case.profile.records.get(row.type)
            if kind is not None and kind.readers and not self._is(*kind.readers, *kind.authors, *kind.confirmed_by):
                continue
            form = (row.type, row.settled_on is not None)
            if form not in specs:
                specs[form] = parse_form(record(case, self.membership, {"type": row.type, "settled": form[1]}, case))
            records_shown.append(
                {"row": row, "label": row.title, "reading": reading(specs[form], row.answers, resolver)}
            )
        return records_shown

    def _is(self, *actors) -> bool:
        """Whether the reader is one of those that a type of record names."""
        return any(records.is_actor(self.membership, self.case, actor) for actor in actors)

    def _owed(self) -> list:
        """Records that are owed at intervals, for those who see such records: past their day they are gaps."""
        declared = records.kept_by(self.case)
        if not any(kind.cadence for kind in declared.values()):
            return []
        readers = {key: [*kind.readers, *kind.authors] if kind.readers else [] for key, kind in declared.items()}
        named = [(row, readers.get(row.payload["type"], [])) for row in records.gaps(self.case)]
        return [row for row, among in named if not among or self._is(*among)]

    def _writes(self, kind) -> bool:
        if not self.membership.may(self.record_permission, self.case):
            return False
        return not kind.authors or self._is(*kind.authors)
