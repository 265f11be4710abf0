"""From when until when a stay owes what its profile asks for again and again: the days on which the student is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from casework.models.regulated import with_regulation
from casework.records import clocks
from casework.records.periods import Span, present
from trainees.during.persons import ALONG
from trainees.models import Period, Placement

UNDER_WAY = ("active",)


def begin(placement: Placement) -> None:
    """The student has entered the base (`entered_on`): reports, contacts and whatever else has a cadence are owed from then
    on. A second call changes nothing."""
    clocks.begin(placement, placement.entered_on, _own_days(placement))


def finish(placement: Placement) -> None:
    """The student has left: nothing more is owed, and what was missed stays a gap."""
    clocks.finish(placement, placement.left_on)


def paused(placement: Placement) -> None:
    """The stay is interrupted: what is owed for a period that is not over waits until the student is back (`changed`)."""
    clocks.pause(placement, placement.interrupted_on)


def changed(placement: Placement) -> None:
    """The days of the stay have changed (an interruption, a longer stay): what had not opened yet follows them."""
    clocks.again(placement, _own_days(placement))


def _own_days(placement: Placement) -> list[Span]:
    return days(placement, placement.periods.values_list("starts_on", "ends_on"))


def days(placement: Placement, periods: Iterable[Span]) -> list[Span]:
    """The days at the base: the periods of the stay from its entry on, until the student left."""
    return present(list(periods), placement.entered_on, placement.left_on) if placement.entered_on else []


def presence(pks: Iterable[int]) -> dict[int, tuple[Placement, list[Span]]]:
    """The stays among these that are under way, with the days at the base. Two queries."""
    rows = with_regulation(Placement.objects.filter(pk__in=pks, state__in=UNDER_WAY))
    rows = rows.select_related("student", "recognition__base", "university", "college", "partner", *ALONG)
    stays = {row.pk: row for row in rows}
    periods = defaultdict(list)
    for pk, first, last in Period.objects.filter(placement__in=stays).values_list("placement", "starts_on", "ends_on"):
        periods[pk].append((first, last))
    return {pk: (row, days(row, periods[pk])) for pk, row in stays.items()}


def declare() -> None:
    """Let placements owe records by clocks."""
    clocks.of(Placement.case_kind, presence)
