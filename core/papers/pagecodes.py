"""What the pages of a stamped scan say of themselves: the QR code that every page of a final paper carries.

A scan that came back is compared with the paper by a named person; before they are asked, the machine says how many
pages there are and which version each of them belongs to. It only ever warns: a stamp may cover a code.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from django.core.cache import cache
from PIL import Image, ImageOps
from pypdf import PdfReader

from core.models import Document, Paper

DPI = 150  # below it codes on skewed pages are lost
CLOSER_DPI = 240  # at which a photographed page is looked at once more: the paper fills only a part of it
MOST_CLOSER = 20  # pages that are looked at once more
MOST_PAGES = 60  # a longer scan is counted, and its first pages are read
LARGEST_SIDE = 4000  # pixels; larger photos are made smaller first
VERSION = re.compile(r"/verify/([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})/?$")
KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class ScanPages:
    """A scan page by page: the version codes read on each (empty where none could be), and how many pages it has."""

    count: int
    codes: tuple[tuple[str, ...], ...]
    coarse: bool = False
    """Whether pages are below 150 dpi, at which codes may be missed."""

    def unread(self) -> list[int]:
        """Numbers of the pages on which no code was read."""
        return [number for number, codes in enumerate(self.codes, 1) if not codes]

    def strange(self, code: str) -> dict[int, str]:
        """Page number → the code read there, for the pages that belong to another paper or version than `code`."""
        return {number: codes[0] for number, codes in enumerate(self.codes, 1) if codes and code not in codes}


def read_pages(content: bytes, content_type: str) -> ScanPages:
    """Read the codes of a checked PDF or picture. Raises ValueError for what is neither."""
    if content_type.startswith("image/"):
        with Image.open(io.BytesIO(content)) as opened:
            opened.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("L")
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        return ScanPages(1, (_codes(picture),), max(picture.size) < 11.7 * DPI * 0.9)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise ValueError("no readable PDF") from error
    try:
        pages, coarse, closer = [], False, 0
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            codes = _codes_of(page, DPI)
            if not codes and closer < MOST_CLOSER and len(_pictures(page)) == 1:
                codes, closer = _codes_of(page, CLOSER_DPI), closer + 1
            pages.append(codes)
            coarse = coarse or _is_coarse(page)
        return ScanPages(len(document), tuple(pages), coarse)
    finally:
        document.close()


def _codes_of(page, dpi: int) -> tuple[str, ...]:
    scale = min(dpi / 72, LARGEST_SIDE / (max(page.get_size()) or 1))
    return _codes(page.render(scale=scale, grayscale=True).to_pil())


def _codes(picture: Image.Image) -> tuple[str, ...]:
    seen = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    matches = (VERSION.search(code.text) for code in seen)
    return tuple(dict.fromkeys(match[1] for match in matches if match))


def _pictures(page) -> list:
    return list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=1))


def _is_coarse(page) -> bool:
    """Whether a page is one picture of less than 150 dpi."""
    pictures = _pictures(page)
    if len(pictures) != 1:
        return False
    left, bottom, right, top = pictures[0].get_bounds()
    inches = max(right - left, top - bottom) / 72
    metadata = pictures[0].get_metadata()
    return inches > 0 and max(metadata.width, metadata.height) / inches < DPI * 0.9


def pages_of(document: Document) -> ScanPages:
    """The pages of a stored scan, read once and remembered by the file's hash. Raises ValueError."""
    key = f"scan-pages:{document.sha256}"
    known = cache.get(key)
    if known is None:
        with document.file.open("rb") as file:
            known = read_pages(file.read(), document.content_type)
        cache.set(key, known, KEPT_SECONDS)
    return known


def paper_pages(paper: Paper) -> int | None:
    """How many pages the paper's own file has, or None while it has not been made."""
    if not paper.file:
        return None
    key = f"paper-pages:{paper.file_sha256 or hashlib.sha256(paper.file.name.encode()).hexdigest()}"
    known = cache.get(key)
    if known is None:
        with paper.file.open("rb") as file:
            known = len(PdfReader(io.BytesIO(file.read())).pages)
        cache.set(key, known, KEPT_SECONDS)
    return known
