"""Scoring sheets on paper: the personal sheet, the summary of all experts, both as a table too.

Papers are Chinese: these words are those of the printed forms and are not translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from casework.marking import HandedIn, Indicator, Sheet
from casework.models.panels import mark_field
from core.papers.elements import Cell, Column, Grid, Row, RowsTable, Text, Title, Widths
from core.papers.format import small_number
from core.papers.layout import PaperLayout
from core.spreadsheets import SheetColumn, write_table

POINTS, ACTUAL, TOTAL = "分值", "实际得分", "合计"
TOTAL_FIELD = "mark_total"


def heads(sheet: Sheet) -> list[str]:
    """The heads of the columns: one for each level of indicators, the points, the actual score."""
    return [*(f"{small_number(level)}级指标" for level in range(1, sheet.depth + 1)), POINTS, ACTUAL]


def figure(value: Decimal | None) -> str:
    """A figure without idle zeros; "" for none."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def named(indicator: Indicator) -> str:
    """An indicator as the form prints it: its code with a full stop, then the title."""
    code = f"{indicator.code}." if indicator.code else ""
    return f"{code} {indicator.title}".strip()


def answers_of(sheet: Sheet, handed_in: HandedIn | None) -> dict[str, str]:
    """What the cells of a sheet show; nothing for a sheet to be filled in by hand."""
    if handed_in is None:
        return {}
    marks = {mark_field(key): figure(value) for key, value in handed_in.marks.items()}
    return {**marks, TOTAL_FIELD: figure(handed_in.total)}


def layout(sheet: Sheet) -> PaperLayout:
    """The personal sheet as its official form has it: title, the tree with points and actual score, total, note."""
    return PaperLayout(
        title=sheet.title,
        elements=(
            Title(sheet.title, annex=sheet.heading, number="编号"),
            Grid(Widths([3] * sheet.depth + [1, 1.3]), tuple(_rows(sheet))),
            *([Text((f"备注：{sheet.note}",), indent=False, size="small")] if sheet.note else []),
        ),
    )


def _rows(sheet: Sheet) -> Iterable[Row]:
    yield Row(tuple(Cell(text=head, bold=True, align="center") for head in heads(sheet)))
    for indicator in sheet.indicators:
        yield from _branch(indicator, [], 0, sheet.depth)
    yield Row(
        (
            Cell(text=TOTAL, colspan=sheet.depth, bold=True, align="center"),
            Cell(text=figure(sheet.total), align="center"),
            Cell(value=TOTAL_FIELD, align="center"),
        )
    )


def _branch(indicator: Indicator, before: list[Cell], level: int, depth: int) -> Iterable[Row]:
    """The rows of an indicator; `before` are the cells of the groups above that begin with its first row."""
    leaves = len(indicator.leaves())
    label = f"{named(indicator)} {figure(indicator.points)}" if level == 0 else named(indicator)
    if not indicator.children:
        own = [Cell(text=label, align="left")]
        if level + 1 < depth:  # a leaf of an upper level stands in the columns of the lower ones too
            own.append(Cell(text=named(indicator), colspan=depth - level - 1, align="left"))
        mark = Cell(value=mark_field(indicator.key), align="center")
        yield Row((*before, *own, Cell(text=figure(indicator.points), align="center"), mark))
        return
    begun = [*before, Cell(text=label, rowspan=leaves, align="left")]
    for child in indicator.children:
        yield from _branch(child, begun, level + 1, depth)
        begun = []


def levels(sheet: Sheet) -> list[tuple[list[str], Indicator]]:
    """Every leaf with the names of its line, one for each level."""

    def below(indicators: Sequence[Indicator], above: list[str]) -> Iterable[tuple[list[str], Indicator]]:
        for indicator in indicators:
            names = [*above, named(indicator)]
            if indicator.children:
                yield from below(indicator.children, names)
            else:
                yield names + [named(indicator)] * (sheet.depth - len(names)), indicator

    return list(below(sheet.indicators, []))


def table(sheet: Sheet, handed_in: HandedIn | None, lines: Sequence[str]) -> bytes:
    """The personal sheet as a spreadsheet, its marks as numbers."""
    titles = heads(sheet)
    columns = [SheetColumn(f"level{at}", title, "text", 22) for at, title in enumerate(titles[:-2])]
    columns += [SheetColumn("points", POINTS, "decimal", 8), SheetColumn("mark", ACTUAL, "decimal", 10)]
    marks = handed_in.marks if handed_in is not None else {}
    rows: list[dict[str, Any]] = [
        {**_levels_of(names), "points": leaf.points, "mark": marks.get(leaf.key)} for names, leaf in levels(sheet)
    ]
    total = handed_in.total if handed_in is not None else None
    rows.append({"level0": TOTAL, "points": sheet.total, "mark": total})
    foot = [f"备注：{sheet.note}"] if sheet.note else []
    return write_table(_titled(sheet), columns, rows, lines=lines, foot=[*foot, "专家签字："], number="")


def _levels_of(names: Sequence[str]) -> dict[str, str]:
    return {f"level{at}": name for at, name in enumerate(names)}


def _titled(sheet: Sheet) -> str:
    return f"{sheet.heading} {sheet.title}".strip()


# --- the summary ---------------------------------------------------------------------------------------------------


def summary_rows(sheet: Sheet, given: Sequence[HandedIn]) -> list[dict[str, Any]]:
    """A row for each leaf and the total, with the mark of every expert under `expert<n>`."""
    rows = [
        {
            **_levels_of(names),
            "points": leaf.points,
            **{f"expert{at}": expert.marks.get(leaf.key) for at, expert in enumerate(given, 1)},
        }
        for names, leaf in levels(sheet)
    ]
    totals = {f"expert{at}": expert.total for at, expert in enumerate(given, 1)}
    return [*rows, {"level0": TOTAL, "points": sheet.total, **totals}]


def summary_layout(sheet: Sheet, experts: Sequence[str]) -> PaperLayout:
    """The summary: every indicator a line, every expert a column."""
    columns = [Column(title, f"level{at}", 2.2) for at, title in enumerate(heads(sheet)[:-2])]
    columns += [Column(POINTS, "points", 0.8, "center")]
    columns += [Column(name, f"expert{at}", 1.2, "center") for at, name in enumerate(experts, 1)]
    return PaperLayout(
        title=summary_title(sheet),
        landscape=True,
        elements=(
            Title(summary_title(sheet), annex=sheet.heading, number="编号"),
            RowsTable("rows", tuple(columns), row_height=6),
        ),
    )


def summary_title(sheet: Sheet) -> str:
    return f"{sheet.title}评分汇总表"


def shown_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a summary as a paper prints them: figures as texts, the name of a group only once."""
    shown, above = [], None
    for row in rows:
        made = {key: figure(cell) if isinstance(cell, Decimal) else cell for key, cell in row.items()}
        if row["level0"] == above:
            made["level0"] = ""
        above = row["level0"]
        shown.append(made)
    return shown


def summary_table(sheet: Sheet, experts: Sequence[str], given: Sequence[HandedIn], lines: Sequence[str]) -> bytes:
    """The summary as a spreadsheet."""
    columns = [SheetColumn(f"level{at}", title, "text", 20) for at, title in enumerate(heads(sheet)[:-2])]
    columns += [SheetColumn("points", POINTS, "decimal", 8)]
    columns += [SheetColumn(f"expert{at}", name, "decimal", 14) for at, name in enumerate(experts, 1)]
    title = f"{sheet.heading} {summary_title(sheet)}".strip()
    return write_table(
        title, columns, summary_rows(sheet, given), lines=lines, foot=["经办人：", "单位（公章）："], number=""
    )
