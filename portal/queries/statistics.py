"""The figures of 统计报表: bases by state, level, grade, year and unit, and what has run late. Each figure counts what the
reader sees, in a number of queries that does not grow with the rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from bases.models import Agreement, Recognition
from casework.models.regulated import with_regulation
from core import clock
from core.state_styles import LIGHT_DAYS
from evaluations.models import Evaluation, Rectification
from regulations import wording
from regulations.models import RegulationVersion
from tenants import roles
from tenants.models import Membership, Organisation
from trainees.models import Placement

MOST = 2000  # rows of what has run late
SOON = LIGHT_DAYS[1:]  # days within which the end of an agreement is told apart

# Kind of the reader's organisation → the column of the units below it.
BELOW = {roles.DEPARTMENT: "university", roles.UNIVERSITY: "college"}


@dataclass
class UnitFigures:
    """One unit below the reader's (None: none is named). `students` are at a base now."""

    unit: Organisation | None
    active: int = 0
    ended: int = 0
    expiring: int = 0
    reports: int = 0
    rectifying: int = 0
    overdue: int = 0
    students: int = 0


@dataclass
class Figures:
    """Everything that the page shows. `terms` counts bases in force by the end of their agreement: days within which it
    ends as in `SOON`, "over", "later", "open" (no end set), "none" (no agreement in force)."""

    states: Counter[tuple[str, str]] = field(default_factory=Counter)  # (state, level)
    grades: Counter[tuple[str, bool | None]] = field(default_factory=Counter)  # (grade in words, passed); ("", None)
    approved: Counter[int] = field(default_factory=Counter)  # by year
    ended: Counter[int] = field(default_factory=Counter)
    terms: dict[str, int] = field(default_factory=dict)
    units: list[UnitFigures] = field(default_factory=list)
    expiring: list[Recognition] = field(default_factory=list)
    reports: list[Evaluation] = field(default_factory=list)
    rectifications: list[Rectification] = field(default_factory=list)

    @property
    def active(self) -> int:
        """How many bases are in force."""
        return sum(number for (state, _level), number in self.states.items() if state == "active")


def figures(membership: Membership) -> Figures:
    """The figures as a member of a department or of a university sees them. Sixteen queries at most."""
    seen = Recognition.objects.visible_to(membership)
    ends = with_end(seen.filter(state="active"))
    soon = ends.filter(agreement_ends__lte=clock.today() + dt.timedelta(days=SOON[-1]))
    late = late_reports(membership)
    repairs = Rectification.objects.visible_to(membership).filter(state__in=Rectification.UNFINISHED)
    overdue = repairs.filter(due_on__lt=clock.today())
    told = Figures(terms=_terms(ends))
    for state, level, number in _tally(seen, "state", "level"):
        told.states[state, level] = number
    for start, end, number in _tally(seen, ExtractYear("decided_on"), ExtractYear("ended_on")):
        told.approved[start] += number
        if end is not None:
            told.ended[end] += number
    told.grades = _grades(seen.filter(state="active"))
    told.units = _units(membership, seen, soon, late, repairs, overdue)
    told.expiring = list(soon.select_related("base", *SIDES).order_by("agreement_ends", "pk")[:MOST])
    rows = with_regulation(late).select_related("recognition__base", "in_round", *SIDES)
    told.reports = list(rows.order_by("report_due", "pk")[:MOST])
    rows = with_regulation(overdue).select_related("recognition__base", *SIDES)
    told.rectifications = list(rows.order_by("due_on", "pk")[:MOST])
    return told


SIDES = ("university", "college", "partner")


def with_end(rows: QuerySet[Recognition]) -> QuerySet[Recognition]:
    """Bases with the last day of the agreement in force that ends last, and whether there is one."""
    signed = Agreement.objects.filter(recognition=OuterRef("pk"), state="signed")
    last = signed.order_by(F("ends_on").desc(nulls_first=True), "-pk").values("ends_on")
    return rows.annotate(agreement_ends=Subquery(last[:1], output_field=DateField()), has_agreement=Exists(signed))


def late_reports(membership: Membership) -> QuerySet[Evaluation]:
    """The evaluations whose self-report is late."""
    rows = Evaluation.objects.visible_to(membership)
    return rows.filter(state="draft", reported_on=None, report_due__lt=clock.today())


def _tally(rows: QuerySet, *by) -> Iterable[tuple]:
    """How many rows there are of each combination of columns or expressions."""
    named = {f"by_{number}": F(column) if isinstance(column, str) else column for number, column in enumerate(by)}
    return rows.order_by().annotate(**named).values(*named).annotate(n=Count("pk")).values_list(*named, "n")


def _terms(rows: QuerySet[Recognition]) -> dict[str, int]:
    today = clock.today()
    sums = {"over": Q(agreement_ends__lt=today)}
    first = today
    for days in SOON:
        last = today + dt.timedelta(days=days)
        sums[str(days)] = Q(agreement_ends__gte=first, agreement_ends__lte=last)
        first = last + dt.timedelta(days=1)
    sums |= {
        "later": Q(agreement_ends__gte=first),
        "open": Q(agreement_ends=None, has_agreement=True),
        "none": Q(has_agreement=False),
    }
    counted = rows.aggregate(**{f"n_{key}": Count("pk", filter=where) for key, where in sums.items()})
    return {key: counted[f"n_{key}"] for key in sums}


def _grades(rows: QuerySet[Recognition]) -> Counter[tuple[str, bool | None]]:
    """Bases by the grade of their last confirmed evaluation, as its regulation calls it."""
    last = Evaluation.objects.filter(recognition=OuterRef("pk"), state="confirmed").order_by("-confirmed_on", "-pk")
    columns = {name: Subquery(last.values(name)[:1]) for name in ("regulation_version", "kind", "passed")}
    columns["grade"] = Subquery(last.values("grade")[:1], output_field=CharField())
    tallied = list(_tally(rows, *(columns[name] for name in ("regulation_version", "kind", "grade", "passed"))))
    versions = RegulationVersion.objects.select_related("regulation").in_bulk({row[0] for row in tallied} - {None})
    counted: Counter[tuple[str, bool | None]] = Counter()
    for version, kind, grade, passed, number in tallied:
        word = ""
        if grade:
            word = wording.words(versions[version].profile.evaluations[kind].grade(grade).title)
        counted[word, passed if grade else None] += number
    return counted


def _units(membership, seen, soon, late, repairs, overdue) -> list[UnitFigures]:
    """By unit below the reader's, by name; those of no unit last."""
    column = BELOW[membership.kind]
    sources = {
        "active": seen.filter(state="active"),
        "ended": seen.filter(state="ended"),
        "expiring": soon,
        "reports": late,
        "rectifying": repairs,
        "overdue": overdue,
    }
    if membership.kind == roles.UNIVERSITY:
        sources["students"] = Placement.objects.visible_to(membership).filter(state="active")
    tallies = {name: dict(_tally(rows, f"{column}_id")) for name, rows in sources.items()}
    pks = {pk for tally in tallies.values() for pk in tally}
    units = Organisation.objects.in_bulk(pks - {None})
    by_unit = [UnitFigures(units.get(pk), **{name: tally.get(pk, 0) for name, tally in tallies.items()}) for pk in pks]
    return sorted(by_unit, key=lambda row: (row.unit is None, row.unit.display_name if row.unit else ""))
