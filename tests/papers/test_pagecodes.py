"""Reading the codes of a scan's pages: straight, turned, coarse, of another version, without any."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import segno
from PIL import Image
from pypdf import PdfWriter

from core.papers import pagecodes
from tests.papers.scanning import final_paper, scanned

OURS, OLD = "ABCD-EFGH-JK12", "ABCD-EFGH-JK11"


@pytest.fixture(scope="module")
def final() -> bytes:
    return final_paper(OURS)


@pytest.mark.parametrize(("dpi", "turned", "quality"), [(150, 0, 75), (150, 3, 75), (200, 180, 20)])
def test_every_page_of_a_scan_tells_its_version(final, dpi, turned, quality):
    pages = pagecodes.read_pages(scanned(final, dpi, turned, quality), "application/pdf")
    assert (pages.count, pages.codes, pages.coarse) == (3, ((OURS,),) * 3, False)
    assert (pages.unread(), pages.strange(OURS), pages.strange(OLD)) == ([], {}, dict.fromkeys((1, 2, 3), OURS))


def test_a_coarse_scan_says_so(final):
    assert pagecodes.read_pages(scanned(final, 72), "application/pdf").coarse


def test_a_page_without_a_code_is_named_and_a_missing_one_counted(final):
    writer = PdfWriter()
    writer.append(io.BytesIO(scanned(final)), pages=(0, 2))
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    pages = pagecodes.read_pages(out.getvalue(), "application/pdf")
    assert (pages.count, pages.unread(), pages.strange(OURS)) == (3, [3], {})


def test_a_photo_is_read_like_a_scan(final):
    out = io.BytesIO()
    pypdfium2.PdfDocument(final)[0].render(scale=150 / 72).to_pil().convert("RGB").save(out, "JPEG", quality=75)
    assert pagecodes.read_pages(out.getvalue(), "image/jpeg").codes == ((OURS,),)


def test_other_codes_on_a_page_are_not_ours():
    out = io.BytesIO()
    segno.make("https://elsewhere.example/ticket/1").save(out, kind="png", scale=8)
    picture = Image.new("RGB", (1240, 1754), "white")
    picture.paste(Image.open(out), (100, 100))
    page = io.BytesIO()
    picture.save(page, "PNG")
    assert pagecodes.read_pages(page.getvalue(), "image/png").codes == ((),)


def test_what_is_no_pdf_is_refused():
    with pytest.raises(ValueError):
        pagecodes.read_pages(b"nothing", "application/pdf")
