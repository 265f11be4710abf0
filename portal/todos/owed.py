"""Rows of the ledger that ask somebody for something; the other kinds only remind of a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, DateField, Exists, F, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from casework.models.effects import SUPPLY
from core import clock, ledger
from core.language import shown
from evaluations.models import Evaluation, Rectification
from portal.todos.rows import Line, Todo, lines
from portal.todos.source import Source, register

# Kind of row → the word on the button, and where on the case's page it is done.
ASKS = {
    SUPPLY: (_("去补交"), ""),
    "agreement_due": (_("去修订"), ""),
    "record_due": (_("去登记"), "#life"),
    "record_year": (_("去登记"), "#life"),
    "record": (_("去办结"), "#life"),
    "output": (_("去登记"), "#life"),
    "report": (_("去自评"), ""),
    "absence": (_("去确认"), ""),
    "rectification_order": (_("去下达"), ""),
    "rectification": (_("去整改"), ""),
    "incident": (_("去报告"), ""),
    "placement_starts": (_("去登记"), ""),
    "placement_early": (_("去答复"), ""),
}
# What is owed once in a long period is asked for in its last days only; until then it stands in the calendar and on the
# page of its case, where it may be entered all the time.
BY_PERIOD, LAST_DAYS = ("record_due", "record_year"), 31
# Kinds that no text gives a period for: asked for from their day on, never overdue.
AT_ONCE = ("rectification_order",)
# Kinds whose to-do another source gives: a step, a review, a draft that was sent back.
ELSEWHERE = ("step", "step_waiting", "opinion", "correction")
# Kinds that remind of a day, and once it is there are a to-do of another source.
UNTIL_THEN = ("placement_ends",)


def _sent_back() -> list[QuerySet]:
    """The drafts that the ledger asks for and that were handed in once already."""
    return [
        model._base_manager.filter(pk=OuterRef("case_id"), state="draft", round__gt=1)
        .annotate(kind_here=Value(model.case_kind))
        .filter(kind_here=OuterRef("case_kind"))
        for model in (Evaluation, Rectification)
    ]


@register
class Owed(Source):
    """Something due that is asked for: overdue too, until it is done."""

    code = "owed"
    acts = frozenset(
        {"submit", "supply_paper", "settle_record", "enter_record", "note_absence", "order", "report", "start"}
    )

    def lines(self, membership):
        rows = ledger.owed_by(membership).filter(kind__in=ASKS, case_id__isnull=False)
        rows = rows.exclude(kind__in=BY_PERIOD, due_on__gt=clock.today() + dt.timedelta(days=LAST_DAYS))
        again = Case(*(When(Exists(back), then=Value(True)) for back in _sent_back()), default=Value(False))
        due = Case(When(kind__in=AT_ONCE, then=Value(None)), default=F("due_on"), output_field=DateField())
        given = {"step": "title", "step_key": "kind", "since": "created_at", "due": due, "estimated": "estimated"}
        return [lines(rows, self.code, **given, returned=again)]

    def todo(self, line: Line) -> Todo:
        action, place = ASKS[line.step_key]
        return line.todo(shown(line.step), str(action), place=place)
