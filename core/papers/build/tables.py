"""Elements that are tables: grids with spans, repeating rows with sums, checklists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core.papers import elements as el
from core.papers.build.pieces import Pieces
from core.papers.format import date_text, display, number_text, options_of, zh
from core.papers.texts import paragraphs

DOWNWARDS = re.compile(r"[A-Za-z0-9]+|\S")  # numbers and words stay together when a label runs downwards
UNIT = re.compile(r"(.*?)([（(][^（）()]{1,6}[)）])?$", re.DOTALL)  # a label and the unit behind it, kept together


class Tables(Pieces):
    """The part of `core.papers.build.Builder` for these elements."""

    def grid(self, element: el.Grid) -> dict[str, Any]:
        counts = [max(len(self.context.rows(row.each)), row.min) if row.each else 1 for row in element.rows]
        rows = []
        for at, row in enumerate(element.rows):
            data = self.context.rows(row.each) if row.each else []
            for turn in range(counts[at]):
                filled = (data[turn] if turn < len(data) else {}) if row.each else None
                cells = [
                    self.cell(cell, filled, row.each, 1 if row.each else sum(counts[at : at + cell.rowspan]))
                    for cell in row.cells
                ]
                whole = any(cell["height"] for cell in cells)  # room for a text that fits it: not torn apart
                rows.append({"cells": cells, "height": self.styles.row(row.height), "whole": whole})
        return {
            "title": element.title,
            "widths": self.styles.widths(element.columns),
            "rows": rows,
            "keep": element.keep,
        }

    def cell(self, cell: el.Cell, row: Mapping[str, Any] | None, table: str, rowspan: int) -> dict[str, Any]:
        context, sign = self.context, self.sign(cell.sign)
        made: dict[str, Any] = {
            "colspan": cell.colspan,
            "rowspan": rowspan,
            "label": bool(cell.text),
            "bold": cell.bold,
            "vertical": cell.vertical,
            "note": cell.note,
            "sign": sign,
            "align": cell.align or ("center" if cell.text else ""),
        }
        if cell.text:
            lines = DOWNWARDS.findall(cell.text) if cell.vertical else cell.text.split("\n")
            made["text"] = [UNIT.match(line).groups() for line in lines]  # type: ignore[union-attr]
        elif cell.value:
            shown = context.shown(cell.value, row=row, table=table, form=cell.format)
            made["paragraphs"] = paragraphs(shown)
            made["long"] = len(shown) > 40 or len(made["paragraphs"]) > 1 or cell.min_height > 20
            if shown or context.blank:
                made["prefix"], made["unit"] = cell.prefix, cell.unit
            made["align"] = cell.align or ("left" if made["long"] else "center")
            made["tight"] = 14 < len(shown) <= 60 and shown.isascii()  # mail addresses in narrow cells
        elif cell.choice:
            made["choices"], made["style"] = self._choices(cell, row, table), cell.style
        elif cell.opinion:
            opinion = context.opinion(cell.opinion)
            made["paragraphs"], made["long"] = paragraphs(opinion.text), True
            made["record"] = self._record(opinion)
            if made["sign"] and made["sign"]["date"] and opinion.date:
                made["sign"]["date"] = date_text(opinion.date)
        elif cell.lines:
            made["lines"], made["long"] = [self.line(line) for line in cell.lines], True
        texts = [text for line in made.get("lines", []) for text in ["", *line["paragraphs"]]]
        made["height"] = self.room(cell.min_height, sign, texts or made.get("paragraphs"))
        return made

    def _choices(self, cell: el.Cell, row: Mapping[str, Any] | None, table: str) -> list[dict[str, Any]]:
        pairs = [(option.code, option.label) for option in cell.options]
        pairs = pairs or options_of(self.context.field(cell.choice, table))
        value = self.context.raw(cell.choice, row)
        chosen = {str(code) for code in (value if isinstance(value, list | tuple) else [value])}
        other = self.context.shown(f"{cell.choice}_other", row=row)
        asks = str(getattr(self.context.field(cell.choice, table), "other", "") or "other")
        return [
            {
                "label": label,
                "ticked": code in chosen,
                "other": other if code == asks and code in chosen else "",
            }
            for code, label in pairs
        ]

    def rows_table(self, element: el.RowsTable) -> dict[str, Any]:
        data = self.context.rows(element.value)
        rows = []
        for at in range(max(len(data), element.min_rows)):
            filled = data[at] if at < len(data) else {}
            cells = [
                {
                    "shown": self.context.shown(column.value, row=filled, table=element.value, form=column.format),
                    "align": column.align or "center",
                }
                for column in element.columns
            ]
            number = [{"shown": str(at + 1), "align": "center"}] if element.number else []
            rows.append(number + cells)
        weights = tuple(column.width for column in element.columns)
        head = [column.title for column in element.columns]
        if element.number:
            narrow = 12 / (self.width - 12) * sum(weights)  # 12 mm: two characters on one line
            weights, head = (narrow, *weights), [element.number, *head]
        return {
            "caption": self.insert(element.caption),
            "head": head,
            "rows": rows,
            "span": len(head),
            "widths": self.styles.widths(weights),
            "height": self.styles.row(element.row_height),
            "totals": self._totals(element, data),
        }

    def _totals(self, element: el.RowsTable, data: list[Mapping[str, Any]]) -> list[dict[str, str]]:
        """The last row of sums, exact in decimals; empty if no column asks for one or the form is blank."""
        if not any(column.total for column in element.columns):
            return []
        cells = [{"shown": "", "align": "center"}] if element.number else []
        for column in element.columns:
            shown = ""
            if column.total and data:
                try:
                    amounts = [
                        Decimal(str(row[column.value])) for row in data if row.get(column.value) not in (None, "")
                    ]
                    shown = display(number_text(sum(amounts, Decimal())), form=column.format)
                except InvalidOperation:
                    shown = ""
            cells.append({"shown": shown, "align": column.align or "center"})
        cells[0] = {"shown": element.total_label, "align": "center"}
        return cells

    def checklist(self, element: el.Checklist) -> dict[str, Any]:
        items = [(item.code, item.label) for item in element.items]
        if not items:
            field = self.context.field(element.value)
            items = [
                (item["code"], zh(item["label"])) if isinstance(item, Mapping) else (item.code, zh(item.label))
                for item in (getattr(field, "items", None) or ())
            ]
        answer = self.context.raw(element.value) or {}
        rows = []
        for at, (code, label) in enumerate(items, 1):
            given = answer.get(code) or {}
            checked = given.get("checked")
            rows.append(
                {
                    "number": at,
                    "label": label,
                    "yes": checked is True,
                    "no": checked is False,
                    "remark": str(given.get("remark") or ""),
                }
            )
        return {
            "title": element.title,
            "head": element.head,
            "rows": rows,
            "widths": self.styles.widths((1.5, 8, 1, 1, 4)),
        }
