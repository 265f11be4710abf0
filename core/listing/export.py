"""A list as a spreadsheet, with the columns the reader has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core import clock
from core.listing.spec import Column, ListSpec
from core.spreadsheets import SheetColumn, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(spec: ListSpec, columns: list[Column], rows: Iterable[Any]) -> HttpResponse:
    """The file as a download. Texts stay texts: `core.spreadsheets` lets nothing become a formula."""
    heads = [SheetColumn(column.key, str(column.title), column.kind) for column in columns]
    lines = ({column.key: column.get(row) for column in columns} for row in rows)
    line = _("导出时间：%(at)s") % {"at": clock.now().strftime("%Y-%m-%d %H:%M")}
    content = write_table(str(spec.title), heads, lines, number=_("序号") if spec.numbered else "", lines=[line])
    answer = HttpResponse(content, content_type=XLSX)
    name = quote(f"{spec.title}_{clock.today().isoformat()}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Cache-Control"] = "no-store"
    return answer
