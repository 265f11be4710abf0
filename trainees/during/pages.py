"""What is written during a stay, on the page of its placement: for each reader what they may read, write and confirm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.recordparts import RecordKeeping
from casework import records
from casework.models import Confirmation
from casework.records import clocks, confirming
from core import clock, pages
from core.models import LedgerEntry
from regulations import wording
from trainees.during.moves import CONFIRM, READ, WRITE
from trainees.models import Placement
from trainees.services import MANAGE


@dataclass(frozen=True)
class Said:
    """A confirmation as pages show it; `url` where the reader may enter it for somebody."""

    row: Confirmation
    words: str
    long: str
    url: str = ""


class StayRecords(RecordKeeping):
    """The part of one placement's page for one reader."""

    record_permission = WRITE

    def __init__(self, placement: Placement, membership: Any):
        self.case, self.membership = placement, membership

    @cached_property
    def said(self) -> dict[int, list[Confirmation]]:
        """Confirmations of the entries shown, by entry. One query."""
        rows = Confirmation.objects.filter(record__in=[row.pk for row in self.entries]).order_by("pk")
        entries = {row.pk: row for row in self.entries}
        by_entry: dict[int, list[Confirmation]] = {}
        for row in rows:
            row.record = entries[row.record_id]
            by_entry.setdefault(row.record_id, []).append(row)
        return by_entry

    def part(self) -> pages.ExtraPart | None:
        """The tab 实践记录; None where the regulation keeps no records of a stay, or none has begun."""
        placement, declared = self.case, records.kept_by(self.case)
        if not declared or placement.state not in READ:
            return None
        context = self.kept_records(writable=True)
        manages = self.membership.may(MANAGE, placement)
        for row in context["records"]:
            row["called"] = self._called(row["row"])
            row["said"] = [self._said(said, manages) for said in self.said.get(row["row"].pk, ())]
        waiting = [said for rows in self.said.values() for said in rows if said.confirmed_at is None]
        context |= {
            "mine": confirming.own(placement, self.membership, waiting) if self._confirms() else [],
            "missed": self._readable(clocks.missed(placement, min(clock.today(), placement.left_on or clock.today()))),
        }
        return pages.ExtraPart("life", _("实践记录"), "trainees/during/records.html", context, place="tab")

    def _confirms(self) -> bool:
        return self.membership.may(CONFIRM, self.case)

    def _owed(self) -> list[LedgerEntry]:
        """What is still to come; what is past is a gap and stands there."""
        rows = LedgerEntry.about(self.case).filter(
            kind__in=(clocks.KIND, clocks.YEARLY), done_at=None, due_on__gte=clock.today()
        )
        return self._readable(rows.order_by("due_on", "pk"))

    def _readable(self, rows) -> list[LedgerEntry]:
        """Rows about types whose entries the reader may read; what several persons owe is said once."""
        declared, kept = records.kept_by(self.case), {}
        for row in rows:
            kind = declared.get(row.payload["type"])
            if kind is not None and (not kind.readers or self._is(*kind.readers, *kind.authors, *kind.confirmed_by)):
                kept.setdefault((row.kind, row.payload["type"], row.due_on), row)
        return list(kept.values())

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

    def _said(self, row: Confirmation, manages: bool) -> Said:
        placement = self.case
        name = row.by or confirming.asked_of(placement, row)[0]
        if row.confirmed_at is None:
            address = reverse("case_do", args=[placement.case_kind, placement.pk, "enter_confirmation"])
            url = f"{address}?step={row.pk}" if manages else ""
            return Said(row, _("待%(who)s确认") % {"who": name}, "", url)
        words = {"who": name, "on": row.on, "by": row.entered_by}
        long = _("%(who)s于%(on)s确认")
        if row.way == "entered":
            long = _("%(who)s于%(on)s答复确认，由%(by)s代录")
        elif row.way == "link":
            long = _("%(who)s于%(on)s凭邮件链接确认")
        return Said(row, _("%(who)s已确认") % {"who": name}, long % words)
