"""Several PDFs in one, scans as PDF pages, and the names files go out under."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

A4_POINTS = (595.276, 841.89)
LONGEST = 60  # characters per part of a file name
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def merge_pdfs(files: Iterable[bytes], *, titles: Iterable[str] = ()) -> bytes:
    """One PDF with all pages in order; `titles` become bookmarks, one per file.

    Raises ValueError, naming the position, for a file that is no PDF or needs a password, and for no files.
    """
    writer, names, at = PdfWriter(), list(titles), 0
    for at, content in enumerate(files, 1):
        try:
            reader = PdfReader(io.BytesIO(content))
            if reader.is_encrypted and not reader.decrypt(""):
                raise ValueError(f"file {at} needs a password")
            writer.append(reader, outline_item=names[at - 1] if at <= len(names) else None, import_outline=False)
        except PyPdfError as error:
            raise ValueError(f"file {at} is no readable PDF") from error
    if not at:
        raise ValueError("nothing to merge")
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def image_pdf(content: bytes) -> bytes:
    """A photographed or scanned page (JPEG, PNG) as one A4 page, upright, fitted to the paper.

    Raises ValueError for what is no picture or is larger than 80 megapixels.
    """
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > 80_000_000:
                raise ValueError("the picture is too large")
            picture = ImageOps.exif_transpose(opened)
            paper = A4_POINTS if picture.height >= picture.width else A4_POINTS[::-1]
            flat = Image.new("RGB", picture.size, "white")
            layered = picture.convert("RGBA")
            flat.paste(layered, mask=layered.getchannel("A"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("this is no readable picture") from error
    scale = max(flat.width / (paper[0] / 72), flat.height / (paper[1] / 72))  # pixels per inch that fit the paper
    canvas = Image.new("RGB", (round(paper[0] / 72 * scale), round(paper[1] / 72 * scale)), "white")
    canvas.paste(flat, ((canvas.width - flat.width) // 2, (canvas.height - flat.height) // 2))
    target = io.BytesIO()
    canvas.save(target, "PDF", resolution=scale, quality=85)
    return target.getvalue()


def safe_part(text: str) -> str:
    """One part of a file name: no path separators, reserved, control or direction characters, at most 60 letters."""
    text = unicodedata.normalize("NFC", str(text))
    text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc", "Cs", "Co", "Cn"))
    text = re.sub(r"\s+", "", FORBIDDEN.sub("", text)).strip("._")
    return text[:LONGEST]


def file_name(number: int | str, school: str, base: str, material: str, suffix: str = "pdf") -> str:
    """序号_学校_基地名称_材料名称.pdf; a numeric 序号 has two digits, empty parts are left out.

    At most 240 bytes in UTF-8: the name of the base is shortened first.
    """
    first = f"{number:02d}" if isinstance(number, int) else safe_part(number)
    parts = [first, safe_part(school), safe_part(base), safe_part(material)]
    ending = "." + (re.sub(r"[^a-z0-9]", "", suffix.lower()) or "pdf")
    while len(("_".join(filter(None, parts)) + ending).encode()) > 240:
        longest = max((2, 1, 3), key=lambda at: len(parts[at]))
        parts[longest] = parts[longest][:-1]
    return ("_".join(filter(None, parts)) or "文件") + ending
