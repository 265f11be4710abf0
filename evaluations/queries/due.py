"""Whose turn it is: the bases that a kind of evaluation wants by a day and that have none yet.

Every kind gives each base the days on which it comes due (`_turns`). What came due before the base was entered here, or
before it was in force, is not asked for afterwards; everything else is found again however long the job did not run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Max, Q

from bases import pastgrades
from bases.models import Agreement, Recognition
from casework.prefetched import COLUMNS, bring_organisations
from core import clock
from core.calendar import add_months
from evaluations.models import Evaluation
from regulations import rules
from regulations.context import contexts
from regulations.models import RegulationVersion
from regulations.schema import EvaluationKind
from regulations.settings import figure
from tenants.models import Organisation

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date | None]  # from, and the last day where there is one


@dataclass
class Turn:
    """A round that is due: its organiser, its period, the day, and the bases that have no evaluation for it."""

    organiser: Organisation
    period: str
    day: dt.date
    recognitions: list[Recognition] = field(default_factory=list)


def versions() -> list[RegulationVersion]:
    """The regulation versions with kinds of evaluation under which bases are in force. Two queries."""
    pks = Recognition.objects.filter(state="active").values_list("regulation_version", flat=True).distinct()
    rows = RegulationVersion.objects.filter(pk__in=list(pks)).select_related("regulation").order_by("pk")
    return [row for row in rows if row.profile.evaluations]


def standing(version: RegulationVersion) -> list[Recognition]:
    """The bases in force under a version. Two queries: joining four organisations to each of thousands costs more."""
    rows = Recognition.objects.filter(regulation_version=version, state="active", active_on__isnull=False)
    rows = list(rows.select_related("base").order_by("pk"))
    bring_organisations(rows, COLUMNS, {})
    return rows


def turns(version: RegulationVersion, key: str, rows: Sequence[Recognition], on: dt.date) -> list[Turn]:
    """The rounds of a kind that have come due by a day and lack bases of `rows`, the earliest first."""
    kind = version.profile.evaluations[key]
    rows = [row for row in rows if getattr(row, f"{kind.unit}_id") is not None]
    due: dict[tuple[int, str], Turn] = {}
    days = _turns(version, kind, rows, on)
    have = set(
        Evaluation.objects.filter(kind=key, recognition__in=[row.pk for row in rows]).values_list(
            "recognition_id", "period"
        )
    )
    for row in rows:
        for period, day in days.get(row.pk, ()):
            if (row.pk, period) in have or day < known_since(row):
                continue
            organiser = getattr(row, kind.unit)
            turn = due.setdefault((organiser.pk, period), Turn(organiser, period, day))
            turn.recognitions.append(row)
    for turn in due.values():
        turn.recognitions = wanted(version, kind, turn.recognitions, turn.organiser, turn.day)
    return sorted((turn for turn in due.values() if turn.recognitions), key=lambda turn: (turn.day, turn.period))


def known_since(row: Recognition) -> dt.date:
    """The day from which a base can owe an evaluation: in force, and entered here."""
    return max(row.active_on, clock.local(row.created_at).date())


def wanted(
    version: RegulationVersion, kind: EvaluationKind, rows: Sequence[Recognition], organiser: Organisation, day: dt.date
) -> list[Recognition]:
    """Those of the bases in force on a day that the kind is about: old enough, and of its `members`."""
    least = figure(version.profile, kind.min_months, organiser, day) or 0
    old = [row for row in rows if row.active_on <= day and add_months(row.active_on, least) <= day]
    if kind.members is None or not old:
        return old
    asked = contexts(version.profile, old, day)
    return [row for row in old if rules.met(kind.members, asked[row.pk])]


# --- the days on which a kind comes due ---------------------------------------------------------------------------


def _turns(
    version: RegulationVersion, kind: EvaluationKind, rows: Sequence[Recognition], on: dt.date
) -> dict[int, list[tuple[str, dt.date]]]:
    """By base the periods of the kind that have begun by `on`, each with its first day."""
    opens = kind.opens
    if opens.yearly is not None:
        return _yearly(version, kind, rows, on)
    if opens.every is not None:
        return _every(version, kind, rows, on)
    if opens.after is not None:
        days = ENDS[opens.after](rows)
        return {pk: [_on(day + DAY) for day in ends if day < on] for pk, ends in days.items()}
    return {}


def _on(day: dt.date) -> tuple[str, dt.date]:
    return day.isoformat(), day


def _yearly(version, kind, rows, on) -> dict[int, list[tuple[str, dt.date]]]:
    """The last day of the year's evaluation that has come, by organiser: earlier years are not opened afterwards."""
    last: dict[int, tuple[str, dt.date] | None] = {}
    for organiser in {getattr(row, f"{kind.unit}_id"): getattr(row, kind.unit) for row in rows}.values():
        month = figure(version.profile, kind.opens.yearly.month, organiser, on)
        day = dt.date(on.year, month, kind.opens.yearly.day) if month else None
        if day is not None and day > on:
            day = dt.date(on.year - 1, month, kind.opens.yearly.day)
        last[organiser.pk] = (str(day.year), day) if day is not None else None
    turns = {row.pk: last[getattr(row, f"{kind.unit}_id")] for row in rows}
    return {pk: [turn] for pk, turn in turns.items() if turn is not None}


def _every(version, kind, rows, on) -> dict[int, list[tuple[str, dt.date]]]:
    every, lengths, days = kind.opens.every, {}, {}
    for organiser in {getattr(row, f"{kind.unit}_id"): getattr(row, kind.unit) for row in rows}.values():
        years = figure(version.profile, every.years, organiser, on) or 0
        lengths[organiser.pk] = 12 * years + (figure(version.profile, every.months, organiser, on) or 0)
    spans = _last_confirmed(rows, every.of) if every.since == "evaluation" else STARTS[every.since](rows)
    for row in rows:
        months = lengths[getattr(row, f"{kind.unit}_id")]
        if months:
            days[row.pk] = [_on(day) for span in spans.get(row.pk, ()) for day in _anniversaries(span, months, on)]
    return days


def _anniversaries(span: Span, months: int, on: dt.date) -> Iterable[dt.date]:
    start, last = span
    day, number = add_months(start, months), 1
    while day <= on and (last is None or day <= last):
        yield day
        number += 1
        day = add_months(start, number * months)


def _last_confirmed(rows: Sequence[Recognition], kinds: list[str]) -> dict[int, list[Span]]:
    """Since when the last evaluation of these kinds has been confirmed, here or before the base was entered."""
    brought = pastgrades.of(rows)
    last = {row.case_id: row.on for row in brought if row.answers.get("kind") in kinds}  # the latest comes last
    confirmed = (
        Evaluation.objects.filter(recognition__in=[row.pk for row in rows], kind__in=kinds, state="confirmed")
        .order_by()
        .values("recognition")
        .annotate(last=Max("confirmed_on"))
        .values_list("recognition", "last")
    )
    return {pk: [(day, None)] for pk, day in (last | dict(confirmed)).items()}


def _agreements(rows: Sequence[Recognition]) -> list[tuple[int, dt.date, dt.date | None]]:
    """Base, first and last day of each agreement that ran or runs its full term."""
    terms = Agreement.objects.filter(
        Q(state="signed") | Q(state="ended", ended_on__gte=F("ends_on")),
        recognition__in=[row.pk for row in rows],
        starts_on__isnull=False,
    )
    return list(terms.values_list("recognition_id", "starts_on", "ends_on"))


def _by_base(pairs: Iterable[tuple[int, object]]) -> dict[int, list]:
    by_base: dict[int, list] = {}
    for pk, value in pairs:
        by_base.setdefault(pk, []).append(value)
    return by_base


STARTS: dict[str, Callable[[Sequence[Recognition]], dict[int, list[Span]]]] = {
    "recognition": lambda rows: {row.pk: [(row.active_on, None)] for row in rows},
    "construction": lambda rows: {row.pk: [(row.starts_on, row.ends_on)] for row in rows if row.starts_on},
    "agreement": lambda rows: _by_base((pk, (start, end)) for pk, start, end in _agreements(rows)),
}
# Last days; a room or file that knows further ones enters its own.
ENDS: dict[str, Callable[[Sequence[Recognition]], dict[int, list[dt.date]]]] = {
    "construction": lambda rows: {row.pk: [row.ends_on] for row in rows if row.ends_on},
    "agreement": lambda rows: _by_base((pk, end) for pk, _start, end in _agreements(rows) if end),
    "rectification": lambda rows: {},
}


def missing(in_round) -> list[Recognition]:
    """The bases in force of a round's organiser, and under its version, that have no evaluation in it: those that its kind is
    about, by name. Whoever adds one by hand answers for it."""
    column = in_round.organiser.column
    rows = Recognition.objects.filter(
        **{column: in_round.organiser_id}, regulation_version=in_round.regulation_version_id, state="active"
    ).exclude(evaluations__in_round=in_round)
    return list(
        rows.select_related("base", "authority", "university", "college", "partner").order_by("base__name", "pk")
    )
