"""Papers as a scanner gives them back."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pypdfium2
from pypdf import PdfWriter

from core.papers.context import PaperContext
from core.papers.render import render_paper


def final_paper(code: str, pages: int = 3) -> bytes:
    """A final paper of so many pages that carries the version code on each."""
    elements = [{"part": {"title": f"第{number}页", "new_page": number > 1}} for number in range(1, pages + 1)]
    context = PaperContext(
        title="协议",
        number="XY-2026-0001",
        version_code=code,
        verify_url=f"https://x.example/verify/{code}/",
        state="final",
    )
    return render_paper({"title": "协议", "elements": elements}, context)


def scanned(
    content: bytes, dpi: int = 150, turned: float = 0, quality: int = 75, pages: Iterable[int] | None = None
) -> bytes:
    """The paper (or some of its pages, from 0) as pictures in a PDF."""
    document = pypdfium2.PdfDocument(content)
    writer = PdfWriter()
    for number in range(len(document)) if pages is None else pages:
        picture = document[number].render(scale=dpi / 72).to_pil().convert("RGB")
        picture = picture.rotate(turned, expand=True, fillcolor="white")
        out = io.BytesIO()
        picture.save(out, "PDF", resolution=dpi, quality=quality)
        writer.append(out)
    joined = io.BytesIO()
    writer.write(joined)
    return joined.getvalue()
