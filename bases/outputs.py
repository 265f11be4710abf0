"""What a base is to bring about while its agreement runs (XCU-28): counted in its records, reminded of before the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bases.models import Agreement, Recognition
from casework import records
from casework.models import Record
from core import clock, ledger
from core.calendar import add_months
from regulations import wording
from regulations.schema.agreement import Output
from regulations.settings import figure

KIND = "output"  # of the ledger's rows


@dataclass(frozen=True)
class Tally:
    """One output of a base: how many there are since its agreement began."""

    output: Output
    number: int

    @property
    def missing(self) -> int:
        return max(self.output.at_least - self.number, 0)

    @property
    def label(self) -> str:
        return wording.words(self.output.title)


def declared(recognition: Recognition) -> list[Output]:
    """The outputs of its regulation that are counted."""
    own = recognition.profile.recognition
    return [output for output in own.outputs if output.record is not None] if own is not None else []


def running(recognitions: Sequence[Recognition], on: dt.date) -> dict[int, Agreement]:
    """By base the agreement that holds on a day, or the last one that did. One query."""
    rows = Agreement.objects.filter(
        recognition__in=[row.pk for row in recognitions], state__in=("signed", "ended"), starts_on__lte=on
    )
    return {row.recognition_id: row for row in rows.order_by("starts_on", "pk")}


def tallies(recognition: Recognition, on: dt.date) -> list[Tally]:
    """How many of each output there are until a day, since the agreement began. Two queries."""
    outputs = declared(recognition)
    if not outputs:
        return []
    agreement = running([recognition], on).get(recognition.pk)
    rows = records.shown(recognition).filter(type__in={output.record for output in outputs}, on__lte=on)
    if agreement is not None:
        rows = rows.filter(on__gte=agreement.starts_on)
    entries = list(rows.values_list("type", "code"))
    return [
        Tally(
            output,
            sum(kind == output.record and (not output.codes or code in output.codes) for kind, code in entries),
        )
        for output in outputs
    ]


def name(agreement: Agreement, output: Output) -> str:
    """The name of what is owed, in the ledger."""
    return f"{KIND}:{agreement.pk}:{output.key}"


@ledger.planner
def remind(on: dt.date) -> None:
    """Ask for what is missing of every base whose agreement ends within the months that its regulation names."""
    waiting = Agreement.objects.filter(
        state="signed", ends_on__gte=on, starts_on__lte=on, recognition__state="active"
    ).select_related("recognition__base", "recognition__regulation_version__regulation", "recognition__university")
    for agreement in waiting.order_by("pk"):
        recognition = agreement.recognition
        due = [output for output in declared(recognition) if _is_near(recognition, output, agreement, on)]
        if not due:
            continue
        for tally in tallies(recognition, on):
            if tally.output in due and tally.missing:
                _owe(recognition, agreement, tally, on)


def _is_near(recognition: Recognition, output: Output, agreement: Agreement, on: dt.date) -> bool:
    months = figure(recognition.profile, output.remind_months, recognition.university, on)
    return bool(months) and on >= add_months(agreement.ends_on, -months)


def _owe(recognition: Recognition, agreement: Agreement, tally: Tally, on: dt.date) -> None:
    author = recognition.profile.records[tally.output.record].authors[0]
    ledger.owe(
        name(agreement, tally.output),
        kind=KIND,
        title=_("%(what)s，现有%(n)s，协议%(day)s到期")
        % {"what": tally.label, "n": tally.number, "day": agreement.ends_on.isoformat()},
        due_on=agreement.ends_on,
        organisation_id=getattr(recognition, f"{author.unit}_id"),
        role=author.role,
        case=recognition,
        remind_days=(agreement.ends_on - on).days,
        clause=tally.output.clause or "",
    )


def entered(recognition: Recognition, entry: Record) -> None:
    """An entry may be the last one that was missing."""
    agreement = running([recognition], clock.today()).get(recognition.pk)
    for tally in tallies(recognition, clock.today()) if agreement is not None else ():
        if tally.output.record == entry.type and not tally.missing:
            ledger.settle(name(agreement, tally.output))
