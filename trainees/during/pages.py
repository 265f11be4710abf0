"""What is written during a stay, on the page of its placement: for each reader what they may read, write and confirm."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bases.recordparts import RecordKeeping
from casework import records
from casework.models import Confirmation
from casework.pages.findings import clause
from casework.records import clocks
from core import clock, pages
from core.models import LedgerEntry
from trainees.during.moves import READ, WRITE
from trainees.models import Placement
from trainees.services import MANAGE


class StayRecords(RecordKeeping):
    """The part of one placement's page for one reader."""

    record_permission = WRITE

    def __init__(self, placement: Placement, membership: Any):
        self.case, self.membership = placement, membership

    def part(self) -> pages.ExtraPart | None:
        """The tab 实践记录; None where the regulation keeps no records of a stay, or none has begun."""
        placement, declared = self.case, records.kept_by(self.case)
        if not declared or placement.state not in READ:
            return None
        context = self.kept_records(writable=True)
        context |= {
            "missed": self._readable(clocks.missed(placement, min(clock.today(), placement.left_on or clock.today()))),
        }
        return pages.ExtraPart("life", _("实践记录"), "trainees/during/records.html", context, place="tab")

    def enter_url(self, row: Confirmation) -> str:
        """Where somebody who looks after the student enters what a mentor said."""
        if not self._manages:
            return ""
        address = reverse("case_do", args=[self.case.case_kind, self.case.pk, "enter_confirmation"])
        return f"{address}?step={row.pk}"

    @cached_property
    def _manages(self) -> bool:
        return self.membership.may(MANAGE, self.case)

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
            if kind is not None and records.reads(self.membership, self.case, kind):
                row.cited = clause(self.case, row.clause)
                kept.setdefault((row.kind, row.payload["type"], row.due_on), row)
        return list(kept.values())
