"""Predicates on code lists and on who stands in a table."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import catalogues
from regulations.predicates.base import (
    CODED,
    LISTED,
    TEXTUAL,
    Miss,
    Param,
    _,
    column,
    fact_param,
    predicate,
)


@predicate(
    "matches_catalogue",
    params={
        "catalogue": Param("catalogue"),
        "table": fact_param(LISTED, required=False),
        "code": Param("column_or_fact", CODED, of="table"),
        "name": Param("column_or_fact", CODED | TEXTUAL, of="table"),
    },
    label=_("名称与代码须与目录一致：{catalogue}"),
    message=_("代码{code_value}、名称“{name_value}”与目录（{catalogue}）不一致：{expected}"),
    subject=("code", "table"),
)
def matches_catalogue(p: dict, ctx) -> Iterator[Miss]:
    entries = catalogues.entries(p["catalogue"])
    if p.get("table"):
        pairs = [
            (number, row.get(p["code"]), row.get(p["name"])) for number, row in enumerate(ctx.rows(p["table"]), start=1)
        ]
    else:
        pairs = [(None, ctx.value(p["code"]), ctx.value(p["name"]))]
    for number, code, name in pairs:
        known = entries.get(str(code or "").strip())
        if known is None or known != str(name or "").strip():
            expected = str(_("目录中没有此代码")) if known is None else f"{code} {known}"
            seen = {"code_value": code, "name_value": name, "expected": expected, "row": number}
            yield Miss(code, seen, row=number)


@predicate(
    "member_with_role",
    params={
        "table": fact_param(LISTED),
        "column": column(CODED),
        "values": Param("codes", of="column"),
    },
    label=_("{table}须包括：{values}"),
    message=_("“{table}”中尚缺：{actual}"),
    subject=("table",),
)
def member_with_role(p: dict, ctx) -> Iterator[Miss]:
    present: set = set()
    for row in ctx.rows(p["table"]):
        value = row.get(p["column"])
        present.update(value if isinstance(value, list) else [value])
    missing = [code for code in p["values"] if code not in present]
    if missing:
        yield Miss(missing, {"missing": missing})
