"""Centre-fold booklet: A4 pages side by side on A3 sheets, ordered so that the folded stack reads through.

Xichang's Annex 1 asks for A3 paper bound at the centre fold, its own cover outermost (XCU-A1.N3, reading X-8).
"""

from __future__ import annotations

import io

from pypdf import PageObject, PdfReader, PdfWriter, Transformation

POINTS_PER_MM = 72 / 25.4
A4_WIDTH, A3_WIDTH, HEIGHT = (mm * POINTS_PER_MM for mm in (210, 420, 297))


def sheet_order(pages: int) -> list[tuple[int | None, int | None]]:
    """(left, right) page indices of every A3 side, outermost sheet first; None is an empty page.

    The count is filled up to a multiple of four. Raises ValueError for less than one page.
    """
    if pages < 1:
        raise ValueError("a booklet needs at least one page")
    total = pages + -pages % 4
    sides: list[tuple[int, int]] = []
    for first in range(0, total // 2, 2):
        last = total - 1 - first
        sides += [(last, first), (first + 1, last - 1)]
    return [(left if left < pages else None, right if right < pages else None) for left, right in sides]


def impose_booklet(pdf: bytes) -> bytes:
    """The same pages on A3 sheets (420 × 297 mm), to be printed on both sides, short edge, and folded."""
    pages, writer = PdfReader(io.BytesIO(pdf)).pages, PdfWriter()
    for side in sheet_order(len(pages)):
        sheet: PageObject = writer.add_blank_page(A3_WIDTH, HEIGHT)
        for index, shift in zip(side, (0.0, A4_WIDTH), strict=True):
            if index is not None:
                sheet.merge_transformed_page(pages[index], Transformation().translate(shift, 0))
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
