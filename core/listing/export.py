"""A list as a spreadsheet, with the columns the reader has chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core import clock
from core.listing.spec import Column, ListSpec

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cell(value: Any) -> Any:
    """A value a spreadsheet holds as what it is: numbers and dates stay so, everything else becomes text."""
    if isinstance(value, dt.datetime):
        return clock.local(value).replace(tzinfo=None)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or isinstance(value, (int, float, dt.date)) or type(value).__name__ == "Decimal":
        return value
    return str(value)


def response(spec: ListSpec, columns: list[Column], rows: Iterable[Any], first: int = 1) -> HttpResponse:
    """The file as a download. `first` is the number of the first row (序号)."""
    from core.spreadsheets import write_table

    heads = ([_("序号")] if spec.numbered else []) + [str(column.title) for column in columns]
    lines = (
        ([number] if spec.numbered else []) + [cell(column.get(row)) for column in columns]
        for number, row in enumerate(rows, first)
    )
    content = write_table(str(spec.title), heads, lines)
    answer = HttpResponse(content, content_type=XLSX)
    name = quote(f"{spec.title}_{clock.today().isoformat()}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Cache-Control"] = "no-store"
    return answer
