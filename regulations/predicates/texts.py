"""Predicates on what a text says: words that it must not have, places that it must not name."""

from __future__ import annotations

from collections.abc import Iterator

from regulations.predicates.base import LISTED, TEXTUAL, Miss, Param, _, column, fact_param, predicate
from tenants import divisions


@predicate(
    "mentions_none",
    params={"fact": fact_param(TEXTUAL), "words": Param("values")},
    label=_("{fact}不得出现：{words}"),
    message=_("“{fact}”中出现“{actual}”"),
)
def mentions_none(p: dict, ctx) -> Iterator[Miss]:
    """Blanks between the letters hide nothing."""
    text = "".join(str(ctx.value(p["fact"]) or "").split())
    there = [word for word in p["words"] if word in text]
    if there:
        yield Miss(there)


@predicate(
    "names_no_place_away",
    params={"table": fact_param(LISTED), "column": column(TEXTUAL)},
    label=_("{table}的{column}不得出现注册地以外的城市"),
    message=_("“{table}”第{row}行出现注册地以外的城市：{actual}（{text}）"),
    subject=("table",),
)
def names_no_place_away(p: dict, ctx) -> Iterator[Miss]:
    """By the cities' names, with or without 市; the names of the university and of its own city and province say nothing."""
    university = ctx.case.university
    own = university.division if university is not None else ""
    named = divisions.short_names()
    harmless = [university.name, university.short_name] if university is not None else []
    harmless += [name for code, names in named.items() if code[:4] == own[:4] for name in names]
    cities = {names[-1]: names[0] for code, names in named.items() if code[:4] != own[:4]}
    for number, row in enumerate(ctx.rows(p["table"]), start=1):
        text = str(row.get(p["column"]) or "")
        left = text
        for name in filter(None, harmless):
            left = left.replace(name, "　")
        there = [full for short, full in cities.items() if short in left]
        if there:
            yield Miss(there, {"row": number, "text": text}, row=number)
