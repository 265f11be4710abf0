"""Reading what the portal hands out: the offers of a case page, PDFs, sheets, drafts."""

from __future__ import annotations

import io
from typing import Any

import docx
import openpyxl
from pypdf import PdfReader

from core.models import Paper
from tests.scenarios.house import Person


def offers(person: Person, case) -> dict[str, str]:
    """Title → address of everything the reader may print from the case's page."""
    page = person.page(case)
    assert page.status_code == 200, page.status_code
    return {row.title: row.url or row.docx_url or row.sheet_url for row in page.context["page"].prints}


def fetched(person: Person, address: str) -> bytes:
    """The file behind an address."""
    answer = person.client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer["Cache-Control"] == "private, no-store"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def printed(person: Person, case, title: str) -> bytes:
    """The file offered under a title, or under one that begins so."""
    found = offers(person, case)
    return fetched(person, found.get(title) or next(url for name, url in found.items() if name.startswith(title)))


def texts(content: bytes) -> list[str]:
    """The text of every page without white space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def whole(content: bytes) -> str:
    return "".join(texts(content))


def sheet(content: bytes) -> list[list[Any]]:
    """The rows of a spreadsheet."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def letter(content: bytes) -> tuple[str, list[list[str]]]:
    """Text and first table of a Word draft."""
    document = docx.Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows] if document.tables else []
    return "\n".join(paragraph.text for paragraph in document.paragraphs), rows


def papers_of(case, kind: str = "") -> list[Paper]:
    """The case's papers, oldest first."""
    rows = Paper.about(case).order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)
