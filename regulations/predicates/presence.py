"""Predicates on whether something is there, and on plain codes and booleans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regulations.comparing import same
from regulations.context import find_field
from regulations.predicates.base import (
    CODED,
    Miss,
    Param,
    _,
    empty,
    fact_param,
    facts_param,
    predicate,
)

BOOLEAN = frozenset({"boolean"})
CHECKLIST = frozenset({"checklist"})


def _there(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(isinstance(item, dict) and item.get("checked") for item in value.values())
    return not empty(value)


def _unticked(ctx, ref: Any, items: list[str] | None = None) -> list[str]:
    """Codes of a checklist that are not ticked; its own items unless given."""
    if items is None:
        field, _tail = find_field(ctx.fields, ref)
        items = list(field.options) if field else list(ctx.value(ref) or {})
    answer = ctx.value(ref) or {}
    return [code for code in items if not (answer.get(code) or {}).get("checked")]


def _is_checklist(ctx, ref: Any) -> bool:
    field = ctx.fields.get(ref) if isinstance(ref, str) else None
    return field is not None and field.type == "checklist"


@predicate(
    "present",
    params={"fact": fact_param()},
    label=_("须填写：{fact}"),
    message=_("“{fact}”尚未填写或尚未提供"),
)
def present(p: dict, ctx) -> Iterator[Miss]:
    if _is_checklist(ctx, p["fact"]):
        missing = _unticked(ctx, p["fact"])
        if missing:
            yield Miss(missing, {"missing": missing}, message=str(_("“{fact}”中尚未确认：{actual}")))
    elif not _there(ctx.value(p["fact"])):
        yield Miss()


@predicate(
    "absent",
    params={"fact": fact_param()},
    label=_("须没有：{fact}"),
    message=_("“{fact}”尚有{actual}"),
)
def absent(p: dict, ctx) -> Iterator[Miss]:
    value = ctx.value(p["fact"])
    if not empty(value):
        yield Miss(value)


@predicate(
    "all_present",
    params={"facts": facts_param()},
    label=_("均须填写：{facts}"),
    message=_("“{fact}”尚未填写或尚未提供"),
    subject=("facts",),
)
def all_present(p: dict, ctx) -> Iterator[Miss]:
    for ref in p["facts"]:
        for miss in present({"fact": ref}, ctx):
            yield Miss(miss.actual, miss.seen, fact=ref, message=miss.message)


@predicate(
    "equals",
    params={"fact": fact_param(), "value": Param("value", of="fact")},
    label=_("{fact}须为{value}"),
    message=_("“{fact}”为{actual}，应为{value}"),
)
def equals(p: dict, ctx) -> Iterator[Miss]:
    value = ctx.value(p["fact"])
    if not same(value, ctx.number(p["value"])):
        yield Miss(value)


@predicate(
    "not_equals",
    params={"fact": fact_param(), "value": Param("value", of="fact")},
    label=_("{fact}不得为{value}"),
    message=_("“{fact}”不得为{value}"),
)
def not_equals(p: dict, ctx) -> Iterator[Miss]:
    value = ctx.value(p["fact"])
    if same(value, ctx.number(p["value"])):
        yield Miss(value)


@predicate(
    "same_as",
    params={"fact": fact_param(), "other": fact_param()},
    label=_("{fact}与{other}一致"),
    message=_("“{fact}”为{actual}，与“{other}”（{expected}）不一致"),
)
def same_as(p: dict, ctx) -> Iterator[Miss]:
    """Nothing is compared with what nobody knows."""
    value, other = ctx.value(p["fact"]), ctx.value(p["other"])
    if not empty(value) and not empty(other) and not same(value, other):
        yield Miss(value, {"expected": other})


def _codes(value: Any) -> list:
    return value if isinstance(value, list) else [] if empty(value) else [value]


@predicate(
    "one_of",
    params={"fact": fact_param(CODED), "values": Param("values", of="fact")},
    label=_("{fact}限于：{values}"),
    message=_("“{fact}”为{actual}，限于{values}"),
)
def one_of(p: dict, ctx) -> Iterator[Miss]:
    chosen = _codes(ctx.value(p["fact"]))
    outside = [code for code in chosen if code not in ctx.number(p["values"])]
    if outside or not chosen:
        yield Miss(outside or None)


@predicate(
    "none_of",
    params={"fact": fact_param(CODED), "values": Param("values", of="fact")},
    label=_("{fact}不得含：{values}"),
    message=_("“{fact}”含有{actual}，不得含{values}"),
)
def none_of(p: dict, ctx) -> Iterator[Miss]:
    codes = [code for code in _codes(ctx.value(p["fact"])) if code in ctx.number(p["values"])]
    if codes:
        yield Miss(codes)


@predicate(
    "any_of",
    params={"fact": fact_param(CODED), "values": Param("values", of="fact")},
    label=_("{fact}属于下列之一：{values}"),
    message=_("“{fact}”为{actual}，未包含下列任何一项：{values}"),
)
def any_of(p: dict, ctx) -> Iterator[Miss]:
    chosen = _codes(ctx.value(p["fact"]))
    if not any(code in ctx.number(p["values"]) for code in chosen):
        yield Miss(chosen or None)


@predicate(
    "all_true",
    params={
        "facts": facts_param(BOOLEAN, required=False),
        "fact": fact_param(CHECKLIST, required=False),
        "items": Param("codes", required=False, of="fact"),
    },
    label=_("须逐项符合：{fact}{facts}{items}"),
    message=_("“{fact}”未确认"),
    one_of=(("facts", "fact"),),
    subject=("fact", "facts"),
)
def all_true(p: dict, ctx) -> Iterator[Miss]:
    for ref in p.get("facts") or []:
        if ctx.value(ref) is not True:
            yield Miss(ctx.value(ref), fact=ref)
    if p.get("fact"):
        missing = _unticked(ctx, p["fact"], p.get("items"))
        if missing:
            yield Miss(missing, {"missing": missing}, message=str(_("“{fact}”中尚未确认：{actual}")))


@predicate(
    "ticked_or_explained",
    params={"fact": fact_param(CHECKLIST)},
    label=_("须具备或说明：{fact}"),
    message=_("“{fact}”中未具备又未说明：{actual}"),
)
def ticked_or_explained(p: dict, ctx) -> Iterator[Miss]:
    answer = ctx.value(p["fact"]) or {}
    silent = [
        code for code in _unticked(ctx, p["fact"]) if not str((answer.get(code) or {}).get("remark") or "").strip()
    ]
    if silent:
        yield Miss(silent, {"missing": silent})


@predicate(
    "any_true",
    params={
        "facts": facts_param(BOOLEAN, required=False),
        "fact": fact_param(CHECKLIST, required=False),
        "items": Param("codes", required=False, of="fact"),
    },
    label=_("至少符合一项：{fact}{facts}{items}"),
    message=_("下列各项至少须符合一项：{facts}{fact}{items}"),
    one_of=(("facts", "fact"),),
    subject=("fact", "facts"),
)
def any_true(p: dict, ctx) -> Iterator[Miss]:
    if p.get("facts"):
        if not any(ctx.value(ref) is True for ref in p["facts"]):
            yield Miss(fact=p["facts"][0])
    else:
        field = ctx.fields[p["fact"]]
        items = p.get("items") or list(field.options)
        if len(_unticked(ctx, p["fact"], items)) == len(items):
            yield Miss()
