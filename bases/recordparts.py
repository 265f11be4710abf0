"""The dated records that a page shows and lets its reader enter: on the page of a base, on that of an office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.specs import record
from casework import records
from casework.models import Confirmation, Record
from casework.records import confirming
from core.forms.reading import reading
from core.forms.spec import parse_form
from regulations import wording


@dataclass(frozen=True)
class Said:
    """A confirmation as pages show it; `url` where the reader may enter it for somebody."""

    row: Confirmation
    words: str
    long: str
    url: str = ""


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
            "mine": self.mine,
            "confirm_url": reverse("case_do", args=[case.case_kind, case.pk, "confirm_records"]),
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
            if kind is not None and not records.reads(self.membership, case, kind):
                continue
            form = (row.type, row.settled_on is not None)
            if form not in specs:
                specs[form] = parse_form(record(case, self.membership, {"type": row.type, "settled": form[1]}, case))
            entry = {"row": row, "label": row.title, "reading": reading(specs[form], row.answers, resolver)}
            entry["said"] = [self._said(said) for said in self.said.get(row.pk, ())]
            records_shown.append(entry | {"called": self._called(row)})
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

    # --- confirmations ----------------------------------------------------------------------------------------------

    @cached_property
    def said(self) -> dict[int, list[Confirmation]]:
        """Confirmations of the entries shown, by entry. One query."""
        asked = {key for key, declared in self.case.profile.records.items() if declared.confirmed_by}
        pks = [row.pk for row in self.entries if row.type in asked]
        rows = Confirmation.objects.filter(record__in=pks).order_by("pk") if pks else ()
        entries = {row.pk: row for row in self.entries}
        by_entry: dict[int, list[Confirmation]] = {}
        for row in rows:
            row.record = entries[row.record_id]
            by_entry.setdefault(row.record_id, []).append(row)
        return by_entry

    @cached_property
    def mine(self) -> list[Confirmation]:
        """What waits for the reader's own confirmation."""
        waiting = [said for rows in self.said.values() for said in rows if said.confirmed_at is None]
        return confirming.own(self.case, self.membership, waiting)

    def enter_url(self, row: Confirmation) -> str:
        """Where the reader may enter a confirmation for somebody; "" where they may not."""
        return ""

    def _called(self, entry) -> tuple[str, str] | None:
        """What an entry is called while it waits, and once everybody has confirmed it."""
        declared = self.case.profile.records.get(entry.type)
        if declared is None or declared.called is None:
            return None
        waits = any(row.confirmed_at is None for row in self.said.get(entry.pk, ()))
        return (
            ("yellow", wording.words(declared.called.waiting))
            if waits
            else ("green", wording.words(declared.called.confirmed))
        )

    def _said(self, row: Confirmation) -> Said:
        name = row.by or confirming.asked_of(self.case, row)[0]
        if row.confirmed_at is None:
            return Said(row, _("待%(who)s确认") % {"who": name}, "", self.enter_url(row))
        words = {"who": name, "on": row.on, "by": row.entered_by}
        long = _("%(who)s于%(on)s确认")
        if row.way == "entered":
            long = _("%(who)s于%(on)s答复确认，由%(by)s代录")
        elif row.way == "link":
            long = _("%(who)s于%(on)s凭邮件链接确认")
        return Said(row, _("%(who)s已确认") % {"who": name}, long % words)
