"""A list as a spreadsheet, with the columns the reader has chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core import clock
from core.listing.spec import Column, ListSpec
from core.spreadsheets import SheetColumn, Table, write_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(spec: ListSpec, columns: list[Column], rows: Iterable[Any]) -> HttpResponse:
    """The file as a download. Texts stay texts: `core.spreadsheets` lets nothing become a formula."""
    return workbook(spec.title, [(spec, rows)], columns)


def workbook(
    title: Any, tables: Sequence[tuple[ListSpec, Iterable[Any]]], columns: Sequence[Column] | None = None
) -> HttpResponse:
    """Several tables as one file, each on a sheet of its own; `columns` in place of those that a table declares."""
    line = _("导出时间：%(at)s") % {"at": clock.now().strftime("%Y-%m-%d %H:%M")}
    sheets = [_sheet(spec, list(columns or spec.columns), rows, line) for spec, rows in tables]
    return download(write_book(str(title), sheets), f"{title}_{clock.today().isoformat()}.xlsx")


def download(book: bytes, name: str) -> HttpResponse:
    """A workbook as a file of this name, which no cache keeps."""
    answer = HttpResponse(book, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _sheet(spec: ListSpec, columns: list[Column], rows: Iterable[Any], line: str) -> Table:
    heads = [SheetColumn(column.key, str(column.title), column.kind) for column in columns]
    lines = ({column.key: column.get(row) for column in columns} for row in rows)
    return Table(str(spec.title), heads, lines, _("序号") if spec.numbered else "", [line])
