"""The calendar of a month: what is due on each day, and which days are worked."""

from __future__ import annotations

import calendar as gregorian
import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, ledger, state_styles
from core.calendar import add_months, day_table
from core.ledger import kinds
from core.models import LedgerEntry
from portal.due import scope
from portal.due.register import url_of

SHOWN = 4  # rows named on a day; the others are counted
FIRST, LAST = 2000, 2100


@dataclass
class Due:
    """A row as a day shows it."""

    title: str
    url: str
    tone: str
    icon: str
    words: str
    kind: str
    estimated: bool


@dataclass
class Day:
    """A day of the month with what is due on it."""

    day: dt.date
    within: bool
    today: bool
    off: bool
    name: str = ""
    rows: list[Due] = field(default_factory=list)
    more: int = 0


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """What is due in a month, day by day."""
    first = asked_month(request.GET.get("month", ""))
    weeks = gregorian.Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1]
    mine = request.GET.get("mine") == "1"
    rows = scope.seen(request.membership).filter(done_at=None)
    if mine:
        rows = rows.filter(ledger.owing(request.membership))
    table = day_table(begin, end, request.membership.organisation_id)
    days = {
        day: Day(day, day.month == first.month, day == clock.today(), not table.works(day), table.name(day))
        for week in weeks
        for day in week
    }
    _fill(days, rows.filter(due_on__gte=begin, due_on__lte=end))
    before, after = add_months(first, -1), add_months(first, 1)
    late = rows.filter(due_on__lt=clock.today()).count()
    context = {
        "first": first,
        "weeks": [[days[day] for day in week] for week in weeks],
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "mine": mine,
        "late": late,
        "estimated": sorted({day.year for day in days if day.year not in table.years}),
        "total": sum(len(day.rows) + day.more for day in days.values() if day.within),
        "crumbs": [(_("到期台账"), reverse("portal:due")), (_("到期日历"), "")],
    }
    return render(request, "portal/due/month.html", context)


def asked_month(text: str) -> dt.date:
    """The first day of the month asked for ("2027-03"), this month's otherwise."""
    try:
        day = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        day = clock.today()
    return day.replace(day=1) if FIRST <= day.year <= LAST else clock.today().replace(day=1)


def _fill(days: dict[dt.date, Day], rows) -> None:
    """Two queries: how many a day, and the rows that are named."""
    counts = dict(rows.order_by().values_list("due_on").annotate(Count("pk")))
    place = Window(RowNumber(), partition_by=[F("due_on")], order_by=[F("pk")])
    for entry in rows.annotate(place=place).filter(place__lte=SHOWN).order_by("due_on", "pk"):
        days[entry.due_on].rows.append(_due(entry))
    for day, number in counts.items():
        days[day].more = number - len(days[day].rows)


def _due(entry: LedgerEntry) -> Due:
    tone, icon, words = state_styles.of_due(entry.due_on)
    return Due(entry.title, url_of(entry), tone, icon, words, str(kinds.of(entry.kind).label), entry.estimated)
