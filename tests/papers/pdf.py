"""Reading PDFs in tests."""

from __future__ import annotations

import io

from pypdf import PdfReader

MM = 72 / 25.4


def pages(content: bytes) -> list:
    return list(PdfReader(io.BytesIO(content)).pages)


def texts(content: bytes) -> list[str]:
    """The text of every page, without white space (line breaks fall where the layout puts them)."""
    return ["".join(page.extract_text().split()) for page in pages(content)]


def whole(content: bytes) -> str:
    return "".join(texts(content))


def sizes(content: bytes) -> set[tuple[int, int]]:
    """Page sizes in whole millimetres."""
    return {
        (round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)) for page in pages(content)
    }


def runs(page) -> list[tuple[str, str, float]]:
    """(text, font name, size in pt) of every run of text on a page."""
    found: list[tuple[str, str, float]] = []

    def visit(text, matrix, line, font, size):
        if text.strip() and font:
            found.append((text.strip(), str(font.get("/BaseFont", "")), round(abs(size * matrix[3] * line[3]), 2)))

    page.extract_text(visitor_text=visit)
    return found
