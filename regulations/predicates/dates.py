"""Predicates on days, windows and terms (RR-2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from core import calendar
from regulations.predicates.base import (
    DATED,
    LISTED,
    NUMBER,
    OPTIONAL_NUMBER,
    TIMED,
    WHERE,
    Miss,
    Param,
    _,
    column,
    fact_param,
    predicate,
)

PERIOD = frozenset({"period"})
THAN = Param("date_or_fact", DATED, required=False)


def _day(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def _bound(ref: Any, ctx) -> dt.date | None:
    """A day given by a fact, by ISO text, or (nothing given) the day of the check."""
    if ref is None:
        return ctx.on
    try:
        return dt.date.fromisoformat(ref) if isinstance(ref, str) else _day(ctx.value(ref))
    except ValueError:
        return _day(ctx.value(ref))


@predicate(
    "since_at_least",
    params={
        "fact": fact_param(DATED),
        "years": OPTIONAL_NUMBER,
        "months": OPTIONAL_NUMBER,
        "until": fact_param(DATED, required=False),
    },
    label=_("自{fact}起满{years}{months}"),
    message=_("“{fact}”为{actual}，至{day}不满{years}{months}（{reached}起满）"),
    one_of=(("years", "months"),),
    bounds=("years", "months"),
)
def since_at_least(p: dict, ctx) -> Iterator[Miss]:
    since, until = _day(ctx.value(p["fact"])), _bound(p.get("until"), ctx)
    years, months = ctx.number(p.get("years")), ctx.number(p.get("months"))
    if years is None and months is None:
        return
    if since is None or until is None:
        yield Miss(since, message=str(_("“{fact}”尚未填写或尚未提供")))
        return
    reached = calendar.anniversary(since, years or 0, months or 0)
    if until < reached:
        yield Miss(since, {"day": until, "reached": reached})


@predicate(
    "on_or_before",
    params={"fact": fact_param(DATED), "than": THAN},
    label=_("{fact}不晚于{than}"),
    message=_("“{fact}”为{actual}，不得晚于{day}"),
)
def on_or_before(p: dict, ctx) -> Iterator[Miss]:
    yield from _ordered(p, ctx, lambda value, bound: value <= bound)


@predicate(
    "on_or_after",
    params={"fact": fact_param(DATED), "than": THAN},
    label=_("{fact}不早于{than}"),
    message=_("“{fact}”为{actual}，不得早于{day}"),
)
def on_or_after(p: dict, ctx) -> Iterator[Miss]:
    yield from _ordered(p, ctx, lambda value, bound: value >= bound)


@predicate(
    "before",
    params={"fact": fact_param(DATED), "than": THAN},
    label=_("{fact}早于{than}"),
    message=_("“{fact}”为{actual}，须早于{day}"),
)
def before(p: dict, ctx) -> Iterator[Miss]:
    yield from _ordered(p, ctx, lambda value, bound: value < bound)


def _ordered(p: dict, ctx, holds) -> Iterator[Miss]:
    value, bound = _day(ctx.value(p["fact"])), _bound(p.get("than"), ctx)
    if value is None:
        yield Miss(value, message=str(_("“{fact}”尚未填写或尚未提供")))
    elif bound is not None and not holds(value, bound):
        yield Miss(value, {"day": bound})


@predicate(
    "inside_window",
    params={"fact": fact_param(TIMED), "from": fact_param(TIMED), "until": fact_param(TIMED)},
    label=_("{fact}在{from}至{until}之内"),
    message=_("“{fact}”为{actual}，不在{first}至{last}之内"),
)
def inside_window(p: dict, ctx) -> Iterator[Miss]:
    value, first, last = (ctx.value(p[name]) for name in ("fact", "from", "until"))
    if not all(isinstance(moment, dt.datetime) for moment in (value, first, last)):
        value, first, last = _day(value), _day(first), _day(last)
    if value is None or first is None or last is None or not first <= value <= last:
        yield Miss(value, {"first": first, "last": last})


@predicate(
    "outside_none",
    params={
        "table": fact_param(LISTED),
        "column": column(DATED),
        "from": fact_param(DATED, required=False),
        "until": fact_param(DATED, required=False),
        "years_before": OPTIONAL_NUMBER,
        "anchor": fact_param(DATED, required=False),
    },
    label=_("{table}的{column}均在期限内"),
    message=_("“{table}”第{row}行的{column}为{actual}，不在{first}至{last}之内"),
    one_of=(("from", "years_before"),),
    bounds=("years_before",),
    subject=("table",),
)
def outside_none(p: dict, ctx) -> Iterator[Miss]:
    first, last = _window(p, ctx)
    if first is None or last is None:
        return
    for number, row in enumerate(ctx.rows(p["table"]), start=1):
        value = _day(row.get(p["column"]))
        if value is not None and not first <= value <= last:
            yield Miss(value, {"row": number, "first": first, "last": last}, row=number)


def _window(p: dict, ctx) -> tuple[dt.date | None, dt.date | None]:
    years = ctx.number(p.get("years_before"))
    if years is None:
        return _day(ctx.value(p["from"])) if p.get("from") else None, _bound(p.get("until"), ctx)
    # XCU-A1.N4, X-9: full calendar years before the year of the application.
    anchor = _bound(p.get("anchor"), ctx)
    if anchor is None:
        return None, None
    return dt.date(anchor.year - years, 1, 1), dt.date(anchor.year - 1, 12, 31)


TERM = {
    "start": fact_param(DATED, required=False),
    "end": fact_param(DATED, required=False),
    "period": fact_param(PERIOD, required=False),
}


def _term(p: dict, ctx) -> tuple[dt.date | None, dt.date | None]:
    if p.get("period"):
        return ctx.value(p["period"]) or (None, None)
    return _day(ctx.value(p["start"])), _day(ctx.value(p["end"]))


def _missing(start: Any, end: Any) -> Miss | None:
    if start is None or end is None:
        return Miss(None, {"start": start, "end": end}, message=str(_("起止日期尚未填写")))
    if end < start:
        return Miss(None, {"start": start, "end": end}, message=str(_("止日{end}早于起日{start}")))
    return None


TERM_SUBJECT = ("end", "period")


def _span(rows: list[dict], column: str) -> tuple[dt.date, dt.date] | None:
    periods = [row[column] for row in rows if row.get(column) and all(row[column])]
    return (min(p[0] for p in periods), max(p[1] for p in periods)) if periods else None


@predicate(
    "periods_apart",
    params={
        "table": fact_param(LISTED),
        "column": column(PERIOD),
        "where": WHERE,
        "against": Param("where", of="table"),
    },
    label=_("{table}的{column}：这些行不与另一类行的起止期间相交"),
    message=_("“{table}”中的{start}至{end}与{first}至{last}相交"),
    subject=("table",),
)
def periods_apart(p: dict, ctx) -> Iterator[Miss]:
    """From the first day of the rows of the one kind to their last, ends included, no row of the other kind has a day: what
    has to go on without a break is not broken."""
    span = _span(ctx.matching(p["table"], p["against"]), p["column"])
    if span is None:
        return
    for row in ctx.matching(p["table"], p.get("where")):
        period = row.get(p["column"])
        if period and all(period) and period[0] <= span[1] and period[1] >= span[0]:
            yield Miss(period[0], {"start": period[0], "end": period[1], "first": span[0], "last": span[1]})


@predicate(
    "term_at_least",
    params={**TERM, "years": OPTIONAL_NUMBER, "months": OPTIONAL_NUMBER},
    label=_("期限不少于{years}{months}"),
    message=_("期限{start}至{end}不满{years}{months}，止日应不早于{wanted}"),
    one_of=(("years", "months"), ("start", "period"), ("end", "period")),
    bounds=("years", "months"),
    subject=TERM_SUBJECT,
)
def term_at_least(p: dict, ctx) -> Iterator[Miss]:
    years, months = ctx.number(p.get("years")), ctx.number(p.get("months"))
    if years is None and months is None:
        return
    start, end = _term(p, ctx)
    missing = _missing(start, end)
    if missing:
        yield missing
        return
    wanted = calendar.term_end(start, years or 0, months or 0)
    if end < wanted:
        yield Miss(None, {"start": start, "end": end, "wanted": wanted})


@predicate(
    "term_equals",
    params={**TERM, "years": NUMBER},
    label=_("期限为{years}"),
    message=_("期限为{start}至{end}，应为{years}，即止于{wanted}"),
    one_of=(("start", "period"), ("end", "period")),
    bounds=("years",),
    subject=TERM_SUBJECT,
)
def term_equals(p: dict, ctx) -> Iterator[Miss]:
    years = ctx.number(p["years"])
    if years is None:
        return
    start, end = _term(p, ctx)
    missing = _missing(start, end)
    if missing:
        yield missing
        return
    wanted = calendar.term_end(start, years)
    if end != wanted:
        yield Miss(None, {"start": start, "end": end, "wanted": wanted})


@predicate(
    "term_between",
    params={**TERM, "min_years": NUMBER, "max_years": NUMBER},
    label=_("期限为{min_years}至{max_years}"),
    message=_("期限为{start}至{end}，应为{min_years}至{max_years}，即止于{earliest}至{latest}之间"),
    one_of=(("start", "period"), ("end", "period")),
    bounds=("min_years", "max_years"),
    subject=TERM_SUBJECT,
)
def term_between(p: dict, ctx) -> Iterator[Miss]:
    least, most = ctx.number(p["min_years"]), ctx.number(p["max_years"])
    if least is None or most is None:
        return
    start, end = _term(p, ctx)
    missing = _missing(start, end)
    if missing:
        yield missing
        return
    earliest, latest = calendar.term_end(start, least), calendar.term_end(start, most)
    if not earliest <= end <= latest:
        yield Miss(None, {"start": start, "end": end, "earliest": earliest, "latest": latest})
