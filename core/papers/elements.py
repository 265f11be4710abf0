"""The elements a paper may consist of, as frozen dataclasses. `layout` shows each in an example.

A *binding* (`value`, `choice`, `month`, …) names an answer of the form: a field key, or a dotted path into nested
answers. Heights are millimetres, widths are relative weights unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .strict import LayoutError, Parsed, Shorthand, build

As = Literal["", "date", "month", "chinese_month", "year", "period", "money", "capital", "tick"]


@dataclass(frozen=True)
class Line:
    """A labelled line: `基地名称：______`. `hint` is printed small behind the label of a blank form."""

    label: str
    value: str = ""
    hint: str = ""
    format: As = ""


@dataclass(frozen=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True)
class Sign:
    """Place for one signature: label (empty: none), seal mark (empty: none), date line."""

    label: str = ""
    seal: str = ""
    date: bool = True


@dataclass(frozen=True)
class Cover:
    """Page of its own: annex label, title, labelled lines, imprint, year and month in Chinese numerals.

    `month` binds a date; a blank form leaves 二〇二　年　月. `number` prints the paper's number at the top right.
    """

    title: str
    annex: str = ""
    subtitle: str = ""
    lines: tuple[Line, ...] = ()
    imprint: str = ""
    month: str = ""
    number: str = ""


@dataclass(frozen=True)
class Notes:
    """Numbered text, e.g. 填表说明."""

    items: tuple[str, ...]
    title: str = ""
    numbering: Literal["chinese", "arabic", "none"] = "chinese"
    new_page: bool = False


@dataclass(frozen=True)
class Part:
    """Title of a part. `note` is printed smaller behind it."""

    title: str
    note: str = ""
    new_page: bool = False
    level: int = 1


@dataclass(frozen=True)
class Title:
    """Title of a paper that has no cover. `annex` above it at the left, `number` (a label) below at the right."""

    title: str
    annex: str = ""
    subtitle: str = ""
    number: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Box:
    """A framed long text of at least `min_height` mm; longer text runs on over as many pages as it needs."""

    value: str = ""
    title: str = ""
    note: str = ""
    min_height: float = 0
    lines: tuple[Line, ...] = ()
    sign: Sign | None = None
    frame: bool = True

    def __post_init__(self) -> None:
        if not self.value and not self.lines:
            raise LayoutError("a box needs value or lines")


@dataclass(frozen=True)
class Cell(Shorthand):
    """One cell of a grid: exactly one of text (label), value, choice, opinion, lines or blank.

    `unit`, `prefix` are printed with the value; `format` overrides how it is shown; `note` is printed small below;
    `vertical` writes a label downwards; `rowspan` counts rows as written (an `each` row is one).
    """

    text: str = ""
    value: str = ""
    choice: str = ""
    opinion: str = ""
    lines: tuple[Line, ...] = ()
    blank: bool = False
    options: tuple[Option, ...] = ()
    style: Literal["boxes", "brackets"] = "boxes"
    colspan: int = 1
    rowspan: int = 1
    unit: str = ""
    prefix: str = ""
    format: As = ""
    note: str = ""
    align: Literal["", "left", "center", "right"] = ""
    vertical: bool = False
    bold: bool = False
    min_height: float = 0
    sign: Sign | None = None

    def __post_init__(self) -> None:
        kinds = [self.text, self.value, self.choice, self.opinion, self.lines, self.blank]
        if sum(bool(kind) for kind in kinds) != 1:
            raise LayoutError("a cell holds exactly one of text, value, choice, opinion, lines, blank")
        if self.colspan < 1 or self.rowspan < 1:
            raise LayoutError("spans start at 1")

    @staticmethod
    def shorthand(data: Any) -> Any:
        """A plain string is a label."""
        return {"text": data} if isinstance(data, str) else data


@dataclass(frozen=True)
class Row(Shorthand):
    """A row of a grid: a list of cells, or `{each: table, min: n, cells: […]}` repeated for every row of a table."""

    cells: tuple[Cell, ...]
    each: str = ""
    min: int = 1
    height: float = 0

    @staticmethod
    def shorthand(data: Any) -> Any:
        return {"cells": data} if isinstance(data, list | tuple) else data


class Widths(tuple[float, ...], Parsed):
    """Relative widths of columns: a list of positive numbers, or one number n for n equal columns."""

    @classmethod
    def parse(cls, data: Any, where: str) -> Widths:
        if isinstance(data, int) and not isinstance(data, bool) and 1 <= data <= 60:
            return cls([1] * data)
        if isinstance(data, list | tuple) and data and all(type(width) in (int, float) and width > 0 for width in data):
            return cls(data)
        raise LayoutError(f"{where}: a list of widths, or the number of equal columns, expected")


@dataclass(frozen=True)
class Grid:
    """A table with spans, as printed forms have them. `columns`: relative widths, or a number of equal columns."""

    columns: Widths
    rows: tuple[Row, ...]
    title: str = ""
    keep: bool = False  # keep on one page

    def __post_init__(self) -> None:
        """Every row must fill the columns exactly, spans counted."""
        busy = [0] * len(self.columns)
        for at, row in enumerate(self.rows):
            column = 0
            for cell in row.cells:
                while column < len(busy) and busy[column] > 0:
                    column += 1
                span = busy[column : column + cell.colspan]
                if len(span) < cell.colspan or any(span):
                    raise LayoutError(f"rows[{at}] has more cells than columns")
                if row.each and cell.rowspan > 1:
                    raise LayoutError(f"rows[{at}]: cells of an each row cannot span rows")
                busy[column : column + cell.colspan] = [cell.rowspan] * cell.colspan
                column += cell.colspan
            if not all(busy):
                raise LayoutError(f"rows[{at}] leaves column {busy.index(0) + 1} empty")
            busy = [left - 1 for left in busy]
        if any(busy):
            raise LayoutError("a rowspan runs past the last row")


@dataclass(frozen=True)
class Column:
    title: str
    value: str
    width: float = 1
    align: Literal["", "left", "center", "right"] = ""
    format: As = ""
    total: bool = False


@dataclass(frozen=True)
class RowsTable:
    """A repeating table; at least `min_rows` rows are printed (empty ones included), the head repeats on each page."""

    value: str
    columns: tuple[Column, ...]
    caption: str = ""
    number: str = ""
    min_rows: int = 0
    total_label: str = "合计"
    row_height: float = 8


@dataclass(frozen=True)
class Opinion:
    """A framed opinion block: title, recorded text, then at the foot signature line (or none), seal mark, date."""

    key: str
    title: str
    signature: str = ""
    seal: str = "公章"
    date: bool = True
    note: str = ""
    min_height: float = 55
    record: bool = True


@dataclass(frozen=True)
class Signing:
    """Blocks for signature, side by side: listed, or one per row of a table (`value`; row keys label, name).

    Each block prints its seal mark, `signature` line and date. `hint` (e.g. on the 骑缝章) is printed below.
    """

    value: str = ""
    blocks: tuple[Sign, ...] = ()
    signature: str = "法定代表人或授权代表（签字）："
    seal: str = "（公章）"
    columns: int = 2
    hint: str = ""
    title: str = ""
    new_page: bool = False
    min_height: float = 0  # 0: 60 mm with a seal, 35 mm without

    def __post_init__(self) -> None:
        if bool(self.value) == bool(self.blocks):
            raise LayoutError("signing needs either value or blocks")


@dataclass(frozen=True)
class CheckItem:
    code: str
    label: str


@dataclass(frozen=True)
class Checklist:
    """A table 序号｜内容｜是｜否｜备注 over a checklist field; items from the form unless given."""

    value: str
    items: tuple[CheckItem, ...] = ()
    title: str = ""
    head: tuple[str, ...] = ("序号", "内容", "是", "否", "备注")


@dataclass(frozen=True)
class Text:
    """Paragraphs; `{key}` inserts an answer."""

    paragraphs: tuple[str, ...]
    align: Literal["left", "center", "right"] = "left"
    indent: bool = True
    size: Literal["normal", "small", "large"] = "normal"


@dataclass(frozen=True)
class Attachments:
    """Numbered list of attachments: fixed texts and the files of the named file fields."""

    title: str = "附件清单"
    items: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Copies:
    """The note on copies; its labels are the holders for whom a labelled copy each is printed."""

    labels: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True)
class Certificate:
    """One framed page: title, name, body paragraphs with `{key}`, facts, issuer and date, document number."""

    title: str
    name: str = ""
    body: tuple[str, ...] = ()
    facts: tuple[Line, ...] = ()
    issuer: str = ""
    date: str = ""
    number: str = ""
    seal: str = "（公章）"


@dataclass(frozen=True)
class Clauses:
    """Numbered clauses of a table with rows {heading, text}: 第一条 …, or 1. …"""

    value: str
    numbering: Literal["article", "chinese", "arabic"] = "article"


@dataclass(frozen=True)
class Parties:
    """The parties at the head of an agreement: rows {label, name, uscc, address, representative, contact, phone}."""

    value: str
    lines: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Diff:
    """Comparison of rows {clause, left, right, reason}: words taken away struck through, words added underlined."""

    value: str
    left: str = "模板文本"
    right: str = "本协议文本"
    head: tuple[str, ...] = ("序号", "条款")
    reason: str = "修改理由"


@dataclass(frozen=True)
class Section:
    """A section of the form laid out by the house: short fields in a grid, long texts in boxes, tables as tables."""

    key: str
    title: bool = True
    skip: tuple[str, ...] = ()
    min_height: float = 40


@dataclass(frozen=True)
class Break(Shorthand):
    """A new page."""

    @staticmethod
    def shorthand(data: Any) -> Any:
        return {} if data is None or data is True else data


KINDS: dict[str, type] = {
    "cover": Cover,
    "title": Title,
    "notes": Notes,
    "part": Part,
    "box": Box,
    "grid": Grid,
    "rows_table": RowsTable,
    "opinion": Opinion,
    "signing": Signing,
    "checklist": Checklist,
    "text": Text,
    "attachments": Attachments,
    "copies": Copies,
    "certificate": Certificate,
    "clauses": Clauses,
    "parties": Parties,
    "diff": Diff,
    "section": Section,
    "new_page": Break,
}
NAMES = {kind: name for name, kind in KINDS.items()}


class Element(Parsed):
    """Parses `{kind: {...}}` into the dataclass of that kind."""

    @classmethod
    def parse(cls, data: Any, where: str) -> Any:
        if isinstance(data, str):
            data = {data: None}
        if not isinstance(data, dict) or len(data) != 1:
            raise LayoutError(f"{where}: an element is one key (its kind) with its settings")
        ((kind, settings),) = data.items()
        if kind not in KINDS:
            raise LayoutError(f"{where}: unknown element {kind}; known: {', '.join(KINDS)}")
        return build(KINDS[kind], settings, f"{where}.{kind}")
