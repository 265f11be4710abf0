"""From elements and context to what the templates print: plain dictionaries of finished strings.

Nothing here is markup; the templates escape every string. Measures become generated style rules (numbers only).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from . import elements as el
from .auto import section_elements
from .context import PaperContext
from .format import (
    BLANK_DATE,
    blank_chinese_month,
    chinese_date,
    chinese_month,
    date_text,
    display,
    number_text,
    options_of,
    ordinal,
    zh,
)
from .layout import PLACEHOLDER, kind_of
from .styles import Styles
from .texts import changed, paragraphs

DOWNWARDS = re.compile(r"[A-Za-z0-9]+|\S")  # numbers and words stay together when a label runs downwards
UNIT = re.compile(r"(.*?)([（(][^（）()]{1,6}[)）])?$", re.DOTALL)  # a label and the unit behind it, kept together
SIGN_HEIGHTS = {"label": 10, "seal": 8, "date": 8}  # mm, as the style sheet sets them
GAP = "＿＿＿＿＿＿"


class Builder:
    """Turns the elements of one paper into dictionaries for the templates."""

    def __init__(self, context: PaperContext, styles: Styles, width: float = 166) -> None:
        self.context, self.styles, self.width = context, styles, width  # width between the margins, mm

    def build(self, elements: tuple[Any, ...]) -> list[dict[str, Any]]:
        """All elements in order; a form's section becomes several."""
        built = []
        for element in elements:
            if isinstance(element, el.Section):
                built += self.build(section_elements(element, self.context.form))
                continue
            kind = kind_of(element)
            make: Callable[[Any], dict[str, Any]] = getattr(self, kind)
            built.append({"kind": kind, "template": f"core/papers/elements/{kind}.html", **make(element)})
        return built

    # --- pieces ---

    def insert(self, text: str) -> str:
        """Running text with `{key}` replaced by answers; an open line where there is none."""
        own = {"title": self.context.title, "number": self.context.number}
        return PLACEHOLDER.sub(lambda match: self.context.shown(match[1]) or own.get(match[1]) or GAP, text)

    def line(self, line: el.Line) -> dict[str, Any]:
        shown = self.context.shown(line.value, form=line.format)
        return {
            "label": line.label,
            "paragraphs": paragraphs(shown),
            "shown": shown,
            "hint": "" if shown else line.hint,
        }

    def room(self, whole: float, sign: dict[str, Any] | None, texts: list[str] | None = None) -> str:
        """Height of the text part of a block of `whole` mm, so that its signature lines stand at its foot.

        None for texts that fill it anyway: a block that runs over a page break would get the height on both pages.
        """
        lines = sum(-(-(len(text) + 2) // 38) for text in texts or ())  # 38: letters in a line of a whole page
        if not whole or lines * 6.3 > whole:
            return ""
        below = sum(SIGN_HEIGHTS[key] for key in SIGN_HEIGHTS if sign and sign.get(key)) + (5 if sign else 0)
        return self.styles.height(max(whole - below, 8))

    def sign(self, sign: el.Sign | None) -> dict[str, Any] | None:
        if sign is None:
            return None
        return {"label": sign.label, "seal": sign.seal, "date": BLANK_DATE if sign.date else ""}

    # --- elements ---

    def cover(self, element: el.Cover) -> dict[str, Any]:
        month = self.context.raw(element.month) if element.month else None
        lines = [self.line(line) for line in element.lines]
        return {
            "annex": element.annex,
            "title": self.insert(element.title),
            "subtitle": self.insert(element.subtitle),
            "imprint": element.imprint,
            "lines": lines,
            "size": self.styles.fit(element.title, self.width, 26),
            "month": (chinese_month(month) or blank_chinese_month()) if element.month else "",
            "number": self._number(element.number),
        }

    def _number(self, label: str) -> str:
        return f"{label}：{'' if self.context.blank else self.context.number}" if label else ""

    def title(self, element: el.Title) -> dict[str, Any]:
        return {
            "annex": element.annex,
            "title": self.insert(element.title),
            "subtitle": self.insert(element.subtitle),
            "number": self._number(element.number),
            "lines": [self.line(line) for line in element.lines],
            "size": self.styles.fit(self.insert(element.title), self.width, 20),
        }

    def notes(self, element: el.Notes) -> dict[str, Any]:
        numbers: dict[str, Callable[[int], str]] = {
            "chinese": lambda at: f"{ordinal(at)}、",
            "arabic": lambda at: f"{at}. ",
            "none": lambda at: "",
        }
        items = [numbers[element.numbering](at) + self.insert(item) for at, item in enumerate(element.items, 1)]
        return {"title": element.title, "items": items, "new_page": element.new_page}

    def part(self, element: el.Part) -> dict[str, Any]:
        return {"title": element.title, "note": element.note, "new_page": element.new_page, "level": element.level}

    def box(self, element: el.Box) -> dict[str, Any]:
        sign, texts = self.sign(element.sign), paragraphs(self.context.shown(element.value))
        return {
            "title": element.title,
            "note": element.note,
            "frame": element.frame,
            "sign": sign,
            "height": self.room(element.min_height, sign, texts),
            "paragraphs": texts,
            "lines": [self.line(line) for line in element.lines],
        }

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

    def _record(self, opinion: Any) -> str:
        if not opinion.person:
            return ""
        return "　".join(filter(None, [f"平台办理记录：{opinion.person}", opinion.unit, date_text(opinion.date)]))

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

    def opinion(self, element: el.Opinion) -> dict[str, Any]:
        recorded = self.context.opinion(element.key)
        date = date_text(recorded.date) if recorded.date else BLANK_DATE
        sign = {"label": element.signature, "seal": element.seal, "date": date if element.date else ""}
        texts = paragraphs(recorded.text)
        return {
            "title": element.title,
            "note": element.note,
            "paragraphs": texts,
            "sign": sign,
            "height": self.room(element.min_height, sign, texts),
            "record": self._record(recorded) if element.record else "",
        }

    def signing(self, element: el.Signing) -> dict[str, Any]:
        blocks = [{"head": "", "name": "", **self.sign(block)} for block in element.blocks]  # type: ignore[dict-item]
        for row in self.context.rows(element.value) if element.value else []:
            shown = {
                key: self.context.shown(key, row=row, table=element.value) for key in ("label", "name", "signature")
            }
            blocks.append(
                {
                    "head": shown["label"],
                    "name": shown["name"],
                    "label": shown["signature"] or element.signature,
                    "seal": element.seal,
                    "date": BLANK_DATE,
                }
            )
        rows = [blocks[at : at + element.columns] for at in range(0, len(blocks), element.columns)]
        for row in rows:
            row += [{} for _ in range(element.columns - len(row))]
        unsigned = (
            f"（本页无正文，为《{self.context.title}》签署页）" if element.new_page and self.context.title else ""
        )
        tall = element.min_height or (60 if any(block["seal"] for block in blocks) else 35)
        return {
            "title": element.title,
            "rows": rows,
            "hint": element.hint.split("{pages}"),
            "new_page": element.new_page,
            "unsigned": unsigned,
            "height": self.styles.row(tall),
            "widths": self.styles.widths((1,) * element.columns),
        }

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

    def text(self, element: el.Text) -> dict[str, Any]:
        lines = [line for text in element.paragraphs for line in paragraphs(self.insert(text))]
        return {"paragraphs": lines, "align": element.align, "indent": element.indent, "size": element.size}

    def attachments(self, element: el.Attachments) -> dict[str, Any]:
        names = list(element.items)
        for key in element.values:
            value = self.context.raw(key)
            files = value if isinstance(value, list | tuple) else []
            label = zh(getattr(self.context.field(key), "label", "")) or key
            if self.context.names:
                named = filter(None, (self.context.names("file", file) for file in files))
                names += [f"{label}：{name}" for name in named]
            elif files:
                names.append(f"{label}（{len(files)}份）")
        return {
            "title": element.title,
            "blank": self.context.blank,
            "items": [f"{at}. {name}" for at, name in enumerate(names, 1)],
        }

    def copies(self, element: el.Copies) -> dict[str, Any]:
        return {"text": element.text}

    def certificate(self, element: el.Certificate) -> dict[str, Any]:
        raw, shown = self.context.raw, self.context.shown
        facts = [self.line(line) for line in element.facts]
        return {
            "title": element.title,
            "name": shown(element.name),
            "body": [self.insert(text) for text in element.body],
            "facts": [fact for fact in facts if fact["shown"] or self.context.blank],
            "issuer": shown(element.issuer),
            "seal": element.seal,
            "date": chinese_date(raw(element.date)) if element.date else "",
            "number": shown(element.number),
            "size": self.styles.fit(element.title, self.width - 38, 30),
            "name_size": self.styles.fit(shown(element.name), self.width - 38, 20),
        }

    def clauses(self, element: el.Clauses) -> dict[str, Any]:
        labels: dict[str, Callable[[int], str]] = {
            "article": lambda at: f"第{ordinal(at)}条",
            "chinese": lambda at: f"{ordinal(at)}、",
            "arabic": lambda at: f"{at}.",
        }
        rows = [
            {
                "number": labels[element.numbering](at),
                "heading": str(row.get("heading") or ""),
                "paragraphs": paragraphs(row.get("text")),
            }
            for at, row in enumerate(self.context.rows(element.value), 1)
        ]
        return {"rows": rows}

    def parties(self, element: el.Parties) -> dict[str, Any]:
        lines = element.lines or PARTY_LINES
        rows = []
        for row in self.context.rows(element.value):
            shown = [(line.title, self.context.shown(line.value, row=row, table=element.value)) for line in lines]
            name = self.context.shown("name", row=row, table=element.value)
            rows.append(
                {
                    "label": str(row.get("label") or ""),
                    "name": name,
                    "lines": [{"label": title, "shown": text} for title, text in shown if text],
                }
            )
        return {"rows": rows}

    def diff(self, element: el.Diff) -> dict[str, Any]:
        rows = []
        for at, row in enumerate(self.context.rows(element.value), 1):
            left, right = changed(str(row.get("left") or ""), str(row.get("right") or ""))
            rows.append(
                {
                    "number": at,
                    "clause": str(row.get("clause") or ""),
                    "left": left,
                    "right": right,
                    "reason": str(row.get("reason") or ""),
                }
            )
        head = [*element.head, element.left, element.right, *([element.reason] if element.reason else [])]
        widths = (1.3, 2.4, 6, 6, 2.6) if element.reason else (1.3, 2.4, 6, 6)
        return {"head": head, "rows": rows, "reason": bool(element.reason), "widths": self.styles.widths(widths)}

    def new_page(self, element: el.Break) -> dict[str, Any]:
        return {}


PARTY_LINES = (
    el.Column("统一社会信用代码", "uscc"),
    el.Column("地址", "address"),
    el.Column("法定代表人（负责人）", "representative"),
    el.Column("联系人", "contact"),
    el.Column("联系电话", "phone"),
)
