"""Writes lists and official tables. Texts stay texts, whatever they begin with: nothing a user typed becomes a formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core import clock

from .columns import SheetColumn, to_date, to_number

FORMATS = {
    "text": "@",
    "code": "@",
    "integer": "0",
    "decimal": "General",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "datetime": "yyyy-mm-dd hh:mm",
    "boolean": "@",
}
WIDTHS = {
    "text": 18,
    "code": 16,
    "integer": 9,
    "decimal": 12,
    "money": 16,
    "date": 12,
    "month": 10,
    "datetime": 17,
    "boolean": 7,
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 32_767  # characters, the format's own limit

_LINE = Side(style="thin", color="000000")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="E8EEF7")
_MARK_FILL = PatternFill("solid", fgColor="F8D7DA")


def inert(text: Any) -> str:
    """A text fit for a cell: control characters that a sheet cannot hold are dropped, length is limited."""
    return ILLEGAL_CHARACTERS_RE.sub("", str(text))[:MAX_CELL]


def _text_cell(sheet: Any, text: Any) -> WriteOnlyCell:
    """A cell that holds a text and stays one: typed as string, and marked so that editing keeps it a text."""
    shown = inert(text)
    cell = WriteOnlyCell(sheet, value="")
    cell.value = shown
    cell.data_type = "s"
    if shown.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    cell.number_format = "@"
    return cell


def _cell(sheet: Any, column: SheetColumn, value: Any) -> WriteOnlyCell:
    if value is None or value == "":
        cell = WriteOnlyCell(sheet, value=None)
    elif isinstance(value, bool):
        cell = _text_cell(sheet, "是" if value else "否")
    elif column.kind in ("integer", "decimal", "money") and (number := to_number(value)) is not None:
        cell = WriteOnlyCell(sheet, value=int(number) if number == int(number) else number)
        cell.number_format = FORMATS[column.kind]
    elif isinstance(value, dt.datetime):
        moment = clock.local(value).replace(tzinfo=None) if value.tzinfo else value
        cell = WriteOnlyCell(sheet, value=moment.replace(microsecond=0))
        cell.number_format = FORMATS["datetime" if column.kind == "datetime" else "date"]
    elif column.kind in ("date", "month") and (day := to_date(value)) is not None:
        cell = WriteOnlyCell(sheet, value=day)
        cell.number_format = FORMATS[column.kind]
    else:
        cell = _text_cell(sheet, value)
    number_like = column.kind in ("integer", "decimal", "money") and cell.data_type == "n"
    cell.alignment = Alignment(horizontal="right" if number_like else "left", vertical="center", wrap_text=True)
    cell.border = _FRAME
    return cell


def write_table(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Mapping[str, Any]],
    *,
    sheet: str = "",
    number: str = "序号",
    lines: Sequence[str] = (),
    foot: Sequence[str] = (),
) -> bytes:
    """A table as an .xlsx file: title, `lines` below it (unit, date), head, rows, `foot` (填表人、单位公章).

    `rows` may be a generator; it is written as it comes. `number` titles a leading column of numbers ("" for none).
    The head stays in view, has a filter and prints on every page; values go by the column's kind (money in yuan with
    two decimals, dates as dates), everything else as text. Without rows it is a template, with choices to pick.
    """
    book = Workbook(write_only=True)
    _write(book, Table(title, columns, rows, number, lines, foot), sheet)
    return _saved(book, title)


@dataclass(frozen=True)
class Table:
    """One table of a book; the fields are those of `write_table`."""

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Mapping[str, Any]]
    number: str = "序号"
    lines: Sequence[str] = ()
    foot: Sequence[str] = ()
    ranges: Mapping[str, str] = field(default_factory=dict)
    """Where a column's choices stand in the same book, by key: `catalogue` gives such ranges."""
    marked: Callable[[Mapping[str, Any], str], bool] | None = None
    """Whether the cell of a row (by column key) is one to look at: it is drawn on red."""


def catalogue(
    sheet: str, lists: Mapping[str, Sequence[str]], titles: Mapping[str, str]
) -> tuple[Table, dict[str, str]]:
    """A sheet that holds lists to choose from side by side, and the range of each by key, for `Table.ranges`."""
    longest = max((len(values) for values in lists.values()), default=0)
    rows = [{key: values[at] for key, values in lists.items() if at < len(values)} for at in range(longest)]
    ranges = {}
    for place, (key, values) in enumerate(lists.items(), 1):
        letter = get_column_letter(place)
        ranges[key] = f"'{_sheet_name(sheet)}'!${letter}$3:${letter}${len(values) + 2}"
    columns = [SheetColumn(key, titles[key], width=30) for key in lists]
    return Table(sheet, columns, rows, number=""), ranges


def write_book(title: str, tables: Sequence[Table]) -> bytes:
    """Several tables as one .xlsx file, each on a sheet of its own that bears its title."""
    book = Workbook(write_only=True)
    for table in tables:
        _write(book, table)
    return _saved(book, title)


def _write(book: Workbook, table: Table, sheet: str = "") -> None:
    title, columns, rows = table.title, table.columns, table.rows
    number, lines, foot = table.number, table.lines, table.foot
    page = book.create_sheet(_sheet_name(sheet or title))
    lead = [SheetColumn("", number, "integer", 6)] if number else []
    shown = [*lead, *columns]
    head_row = 2 + len(lines)
    for at, column in enumerate(shown, 1):
        wanted = column.width or max(WIDTHS[column.kind], min(len(column.title) * 2 + 2, 30))
        page.column_dimensions[get_column_letter(at)].width = wanted
    page.freeze_panes = f"A{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    last = get_column_letter(len(shown))
    for at in range(1, head_row):
        page.merged_cells.ranges.add(f"A{at}:{last}{at}")

    def plain(text: str, *, size: float, bold: bool = False, across: str = "left") -> list[WriteOnlyCell]:
        cell = _text_cell(page, text)
        cell.font = Font(name="宋体", size=size, bold=bold)
        cell.alignment = Alignment(horizontal=across, vertical="center")
        return [cell]

    page.row_dimensions[1].height = 30
    page.append(plain(title, size=16, bold=True, across="center"))
    for line in lines:
        page.append(plain(line, size=11))
    head = []
    for column in shown:
        cell = _text_cell(page, column.title + ("*" if column.required else ""))
        cell.font, cell.fill, cell.border = Font(name="宋体", size=11, bold=True), _HEAD_FILL, _FRAME
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.append(cell)
    page.append(head)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  the count is used below
        cells = [_cell(page, column, row.get(column.key)) for column in columns]
        for cell, column in zip(cells, columns, strict=True) if table.marked else ():
            if table.marked(row, column.key):
                cell.fill = _MARK_FILL
        page.append([_cell(page, lead[0], count), *cells] if lead else cells)
    for line in foot:
        page.append(plain(line, size=11))
    page.auto_filter.ref = f"A{head_row}:{last}{head_row + count}"
    _offer_choices(page, shown, head_row + 1, head_row + max(count, 500), table.ranges)


def _saved(book: Workbook, title: str) -> bytes:
    book.properties.creator, book.properties.title = "联培", inert(title)
    book.properties.created = book.properties.modified = clock.now().replace(tzinfo=None, microsecond=0)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "", inert(title))[:31] or "Sheet1"


def _offer_choices(page: Any, columns: Sequence[SheetColumn], first: int, last: int, ranges: Mapping[str, str]) -> None:
    """A pick list in every column with choices: those that stand in the book, else the choices themselves (the format
    allows 255 characters of them)."""
    for at, column in enumerate(columns, 1):
        offered = ",".join(dict.fromkeys(title.replace(",", "，") for title in column.choices))
        formula = ranges.get(column.key) or (f'"{offered.replace(chr(34), "")}"' if 0 < len(offered) <= 250 else "")
        if formula:
            picked = DataValidation(type="list", formula1=formula, allow_blank=True)
            picked.add(f"{get_column_letter(at)}{first}:{get_column_letter(at)}{last}")
            page.data_validations.append(picked)
