"""Papers as a scanner gives them back."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pypdfium2
from PIL import Image
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


def photographed(content: bytes, turned: int = 6, dpi: int = 170) -> list[bytes]:
    """Each page of the paper as a phone takes it: on a desk, a little askew, held across, with the turn only in its EXIF."""
    document = pypdfium2.PdfDocument(content)
    photos = []
    for number in range(len(document)):
        sheet = document[number].render(scale=dpi / 72).to_pil().convert("RGB")
        sheet = sheet.rotate(2, expand=True, fillcolor=(120, 100, 80))
        desk = Image.new("RGB", (sheet.width + 300, sheet.height + 300), (120, 100, 80))
        desk.paste(sheet, (140, 160))
        held = desk.transpose(Image.Transpose.ROTATE_90) if turned == 6 else desk
        exif = Image.Exif()
        exif[0x0112] = turned
        out = io.BytesIO()
        held.save(out, "JPEG", quality=80, exif=exif)
        photos.append(out.getvalue())
    return photos
