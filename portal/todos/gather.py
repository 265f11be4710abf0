"""Everything that waits for a membership, from every source: two queries, and those of what only Python can judge."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Value
from django.urls import reverse

from core import clock
from portal.todos.rows import SOON, Counts, Line, Todo, Todos, column
from portal.todos.senders import name_senders
from portal.todos.source import SOURCES

TABLE = 50  # to-dos shown on the home page
MOST = 2000  # to-dos on the page that lists them all


def todos(membership, limit: int = TABLE) -> Todos:
    """The first `limit` of what waits for the membership, oldest deadline first, and how many there are of each sort."""
    branches, judged = _branches(membership), _judged(membership)
    gathered = Todos(**vars(counted(branches, judged)))
    rows = [SOURCES[line.source].todo(line) for line in first_lines(branches, limit)] + judged
    gathered.rows = sorted(rows, key=lambda row: row.order)[:limit]
    lead_into_steps(gathered.rows, membership)
    name_senders(gathered.rows, membership)
    return gathered


def lead_into_steps(rows: list[Todo], membership) -> None:
    """To a partner unit's people a step is shown in three: 看内容 → 下载盖章 → 拍照上传."""
    for row in rows if membership.kind == "partner" else ():
        if row.step_key:
            url = reverse("three_steps", args=[row.case_kind, row.case_id])
            row.url = f"{url}?{urlencode({'step': row.step_key})}"


def counts(membership) -> Counts:
    """How many to-dos of each sort wait for the membership."""
    return counted(_branches(membership), _judged(membership))


def _branches(membership) -> list[QuerySet]:
    return [rows for source in SOURCES.values() for rows in source.lines(membership)]


def _judged(membership) -> list[Todo]:
    return [todo for source in SOURCES.values() for todo in source.todos(membership)]


def first_lines(branches: list[QuerySet], limit: int) -> list[Line]:
    """The lines of all branches in one query, oldest deadline first."""
    if not branches:
        return []
    names = [column(name) for name in Line._fields]
    every = [rows.values_list(*names) for rows in branches]
    joined = every[0].union(*every[1:], all=True)
    order = (F(column("due")).asc(nulls_last=True), column("since"), column("case_id"))
    return [Line(*values) for values in joined.order_by(*order)[:limit]]


def counted(branches: list[QuerySet], judged: list[Todo]) -> Counts:
    """One query: the sums of every branch. Judged ones are at hand."""
    tally = Counts()
    today = clock.today()
    late = Q(**{f"{column('due')}__lt": today})
    soon = Q(**{f"{column('due')}__gte": today, f"{column('due')}__lte": today + dt.timedelta(days=SOON)})
    sums = {
        "total": Count("pk"),
        "overdue": Count("pk", filter=late),
        "soon": Count("pk", filter=soon),
        "returned": Count("pk", filter=Q(**{column("returned"): True})),
    }
    every = [
        rows.annotate(_place=Value(number)).values("_place").annotate(**sums).values_list(*sums)
        for number, rows in enumerate(branches)
    ]
    if every:
        for total, overdue, due_soon, returned in every[0].union(*every[1:], all=True):
            tally.total += total
            tally.overdue += overdue
            tally.soon += due_soon
            tally.returned += returned
    for todo in judged:
        tally.add(todo)
    return tally
