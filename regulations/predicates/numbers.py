"""Predicates on numbers: bounds (RR-1: included), counts, sums, shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from regulations.context import row_matches
from regulations.predicates.base import (
    COUNTED,
    LISTED,
    NUMBER,
    NUMERIC,
    WHERE,
    Miss,
    Param,
    _,
    column,
    fact_param,
    predicate,
)

DATE_OR_NUMBER = NUMERIC | {"date"}


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


@predicate(
    "at_least",
    params={"fact": fact_param(NUMERIC), "value": NUMBER},
    label=_("{fact}不少于{value}"),
    message=_("“{fact}”为{actual}，要求不少于{value}"),
    bounds=("value",),
)
def at_least(p: dict, ctx) -> Iterator[Miss]:
    bound, value = ctx.number(p["value"]), ctx.value(p["fact"])
    if bound is not None and (value is None or _decimal(value) < _decimal(bound)):
        yield Miss(value)


@predicate(
    "at_most",
    params={"fact": fact_param(NUMERIC), "value": NUMBER},
    label=_("{fact}不超过{value}"),
    message=_("“{fact}”为{actual}，不得超过{value}"),
    bounds=("value",),
)
def at_most(p: dict, ctx) -> Iterator[Miss]:
    bound, value = ctx.number(p["value"]), ctx.value(p["fact"])
    if bound is not None and value is not None and _decimal(value) > _decimal(bound):
        yield Miss(value)


def _count(p: dict, ctx) -> int:
    value = ctx.value(p["fact"])
    if isinstance(value, dict):
        return sum(1 for item in value.values() if isinstance(item, dict) and item.get("checked"))
    if p.get("where"):
        return len(ctx.matching(p["fact"], p["where"]))
    return len(value or [])


COUNT_WHERE = Param("where", required=False, of="fact")


@predicate(
    "count_at_least",
    params={"fact": fact_param(COUNTED), "value": NUMBER, "where": COUNT_WHERE},
    label=_("{fact}不少于{value}"),
    message=_("“{fact}”现有{actual}，要求不少于{value}"),
    bounds=("value",),
)
def count_at_least(p: dict, ctx) -> Iterator[Miss]:
    bound, count = ctx.number(p["value"]), _count(p, ctx)
    if bound is not None and count < bound:
        yield Miss(count)


@predicate(
    "count_at_most",
    params={"fact": fact_param(COUNTED), "value": NUMBER, "where": COUNT_WHERE},
    label=_("{fact}不超过{value}"),
    message=_("“{fact}”现有{actual}，不得超过{value}"),
    bounds=("value",),
)
def count_at_most(p: dict, ctx) -> Iterator[Miss]:
    bound, count = ctx.number(p["value"]), _count(p, ctx)
    if bound is not None and count > bound:
        yield Miss(count)


def _sum(p: dict, ctx) -> Decimal:
    rows = ctx.matching(p["table"], p.get("where"))
    return sum((_decimal(row[p["column"]]) for row in rows if row.get(p["column"]) is not None), Decimal(0))


@predicate(
    "sum_at_least",
    params={
        "table": fact_param(LISTED),
        "column": column(NUMERIC),
        "value": NUMBER,
        "where": WHERE,
        "above": Param("flag", required=False),
    },
    label=_("{table}的{column}合计不少于{value}"),
    message=_("“{table}”的{column}合计{actual}，要求达到{value}"),
    bounds=("value",),
    subject=("table",),
)
def sum_at_least(p: dict, ctx) -> Iterator[Miss]:
    bound, total = ctx.number(p["value"]), _sum(p, ctx)
    if bound is not None and (total <= _decimal(bound) if p.get("above") else total < _decimal(bound)):
        yield Miss(total)


@predicate(
    "sums_to",
    params={"table": fact_param(LISTED), "column": column(NUMERIC), "value": NUMBER, "where": WHERE},
    label=_("{table}的{column}合计须为{value}"),
    message=_("“{table}”的{column}合计{actual}，应为{value}"),
    bounds=("value",),
    subject=("table",),
)
def sums_to(p: dict, ctx) -> Iterator[Miss]:
    bound, total = ctx.number(p["value"]), _sum(p, ctx)
    if bound is not None and total != _decimal(bound):
        yield Miss(total)


@predicate(
    "each_at_least",
    params={"table": fact_param(LISTED), "column": column(NUMERIC), "value": NUMBER, "where": WHERE},
    label=_("{table}每行的{column}不少于{value}"),
    message=_("“{table}”第{row}行的{column}为{actual}，要求不少于{value}"),
    bounds=("value",),
    subject=("table",),
)
def each_at_least(p: dict, ctx) -> Iterator[Miss]:
    bound = ctx.number(p["value"])
    for number, row in enumerate(ctx.rows(p["table"]), start=1):
        value = row.get(p["column"])
        if bound is None or not row_matches(row, ctx.wanted(p.get("where"))):
            continue
        if value is None or _decimal(value) < _decimal(bound):
            yield Miss(value, {"row": number}, row=number)


@predicate(
    "not_greater_than",
    params={"fact": fact_param(DATE_OR_NUMBER), "than": fact_param(DATE_OR_NUMBER)},
    label=_("{fact}不大于{than}"),
    message=_("“{fact}”为{actual}，不得大于{than}（{limit}）"),
)
def not_greater_than(p: dict, ctx) -> Iterator[Miss]:
    value, limit = ctx.value(p["fact"]), ctx.value(p["than"])
    if value is not None and limit is not None and value > limit:
        yield Miss(value, {"limit": limit})


@predicate(
    "share_at_least",
    params={"part": fact_param(NUMERIC), "whole": fact_param(NUMERIC), "value": NUMBER},
    label=_("{part}占{whole}的比例不低于{value}"),
    message=_("“{part}”占“{whole}”的比例为{actual}，要求不低于{value}"),
    bounds=("value",),
    subject=("part",),
)
def share_at_least(p: dict, ctx) -> Iterator[Miss]:
    part, whole, bound = ctx.value(p["part"]), ctx.value(p["whole"]), ctx.number(p["value"])
    if bound is None or not whole:
        return
    # Multiplied out, so that one third of three is exactly one.
    if _decimal(part or 0) < _decimal(bound) * _decimal(whole):
        yield Miss((_decimal(part or 0) / _decimal(whole)).quantize(Decimal("0.0001")))
