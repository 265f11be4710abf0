"""The clock page of a case: what runs since when, what stopped it, how its days were counted, its last day and clause."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from casework.access import is_reviewer, seen_case
from casework.models import Step
from core import clock
from core.calendar import DAY, Table, day_table, working_days_between
from core.language import amount, bracketed
from core.ledger import kinds
from core.models import LedgerEntry
from portal.due import scope

LONGEST = 200  # days that are shown one by one


@dataclass
class Counted:
    """One day on the way: its number among those counted, 0 where it is not counted."""

    day: dt.date
    number: int
    name: str
    estimated: bool


@dataclass
class Clock:
    """One thing that runs, or ran, on the case."""

    title: str
    kind: str
    since: dt.date
    last: dt.date
    clause: str
    counted: str
    estimated: bool
    stopped: str
    done_at: dt.datetime | None
    told: list[dt.date] = field(default_factory=list)
    days: list[Counted] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.done_at is None and self.last < clock.today()


@dataclass
class Stay:
    """How long a step of the route was, or is, with whom."""

    step: Step
    since: dt.date
    until: dt.date | None
    working: int
    days: int
    stopped: str


@require_safe
def clock_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What runs on a case."""
    case = seen_case(request, kind, pk)
    if is_reviewer(request, case):
        raise Http404
    entries = list(
        scope.seen(request.membership)
        .filter(case_kind=kind, case_id=pk)
        .prefetch_related("reminders__digest")
        .order_by("due_on", "pk")
    )
    steps = list(
        Step.objects.filter(case_kind=kind, case_id=pk, opened_at__isnull=False)
        .select_related("unit")
        .order_by("round", "position", "pk")
    )
    table = _table(entries, steps, case)
    clocks = [_clock(entry, table) for entry in entries]
    context = {
        "case": case,
        "running": [row for row in clocks if row.done_at is None],
        "over": [row for row in clocks if row.done_at is not None],
        "stays": [_stay(step, table) for step in steps],
        "crumbs": [(case.listed_title, case.get_absolute_url()), (_("期限时钟"), "")],
    }
    return render(request, "portal/due/clock.html", context)


def _table(entries: list[LedgerEntry], steps: list[Step], case: Any) -> Table:
    """The days of all years on the page, read once, as the case's own university (or department) has them."""
    days = [
        clock.today(),
        *(entry.due_on for entry in entries),
        *(clock.local(step.opened_at).date() for step in steps),
    ]
    days += [_since(entry) for entry in entries]
    return day_table(min(days), max(days), case.university_id or case.authority_id)


def _since(entry: LedgerEntry) -> dt.date:
    start = entry.counted.get("from")
    return dt.date.fromisoformat(start) if start else clock.local(entry.created_at).date()


def _clock(entry: LedgerEntry, table: Table) -> Clock:
    since = _since(entry)
    unit, number = entry.counted.get("unit", ""), entry.counted.get("number")
    words = {"working_days": _("个工作日"), "days": _("日"), "months": _("个月")}
    return Clock(
        title=entry.title,
        kind=str(kinds.of(entry.kind).label),
        since=since,
        last=entry.due_on,
        clause=entry.clause,
        counted=amount(number, words[unit]) if unit in words else "",
        estimated=entry.estimated,
        stopped=_stopped(entry),
        done_at=entry.done_at,
        told=sorted({row.digest.on for row in entry.reminders.all() if row.digest.told_at}),
        days=_days(since, entry.due_on, table) if unit == "working_days" else [],
    )


def _stopped(entry: LedgerEntry) -> str:
    """What ended it, or what holds it back."""
    if entry.acted_at:
        return _("%(at)s 到期后由系统办理") % {"at": f"{clock.local(entry.acted_at):%Y-%m-%d %H:%M}"}
    if entry.done_at:
        return _("%(at)s 已办结") % {"at": f"{clock.local(entry.done_at):%Y-%m-%d %H:%M}"}
    if entry.error and not entry.failures:
        return bracketed(_("暂缓"), entry.error)
    return ""


def _days(since: dt.date, last: dt.date, table: Table) -> list[Counted]:
    """Every day after the start up to the last, numbered where it counts."""
    if not since <= last <= since + LONGEST * DAY:
        return []
    counted, number = [Counted(since, 0, _("起算日，不计入"), False)], 0
    for offset in range(1, (last - since).days + 1):
        day = since + offset * DAY
        works = table.works(day)
        number += works
        name = table.name(day) or ("" if works else _("周末"))
        counted.append(Counted(day, number if works else 0, name, day.year not in table.years))
    return counted


def _stay(step: Step, table: Table) -> Stay:
    since = clock.local(step.opened_at).date()
    until = clock.local(step.closed_at).date() if step.closed_at else None
    end = until or (clock.today() if step.state == "open" else since)
    stopped = str(step.get_state_display()) if step.state != "open" else ""
    return Stay(step, since, until, working_days_between(since, end, table), (end - since).days, stopped)
