"""Sheets as people fill them in: the portal's own template, with rows."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from stdnum.cn import uscc

from bases.existing import columns
from core.spreadsheets import SheetColumn, Table, write_book
from tenants.models import Division


def code_of(number: int) -> str:
    """A valid unified social credit code, another for each number."""
    body = f"12513401{number:09d}"
    return next(code for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc.is_valid(code := body + sign))


def row_of(number: int, **changes: Any) -> dict[str, Any]:
    """A row that nothing is wrong with under a regulation with a term of five years."""
    row = {
        "name": f"第{number}基地",
        "college": "农业科学学院",
        "category": "0951 农业",
        "partner_name": f"第{number}农场",
        "uscc": code_of(number),
        "partner_kind": "企业",
        "division": "513401",
        "leader": "冉启明",
        "former_number": f"XJ-{number:04d}",
        "decided_on": "2022-03-01",
        "document_number": f"青岐院研〔2022〕{number}号",
        "agreement_number": f"HT-{number}",
        "signed_on": "2022-03-10",
        "agreement_from": "2022-03-11",
        "agreement_to": "2027-03-10",
        "signatories": "冉启明、阿依古丽",
        "kept_at": "研究生处",
        "plaque_on": "2022-04-01",
        "plaque_to": "站长",
        "university_mentors": "冉启明、木呷",
        "base_mentors": "阿依古丽",
    }
    return {key: value for key, value in (row | changes).items() if value is not None}


def book(backfill, rows: list[dict[str, Any]]) -> bytes:
    """The rows in the columns of the template."""
    asked = columns.of_sheet(backfill)

    shown = [SheetColumn(row.key, row.title, row.kind, required=row.required) for row in asked]
    return write_book("补录", [Table("补录", shown, rows)])


def cells(content: bytes, sheet: str = "") -> list[tuple]:
    """The values of a sheet, row by row."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    return list((made[sheet] if sheet else made.worksheets[0]).iter_rows(values_only=True))


def place(code: str, name: str = "西昌市") -> None:
    """A place that rows name."""
    Division.objects.get_or_create(code=code, defaults={"name": name})
