"""Elements that are tables: grids with spans, repeating rows with sums, checklists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from core.papers.elements.parts import As, Line, Option, Sign
from core.papers.strict import LayoutError, Parsed, Shorthand


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
