"""Looking into a file of each kind: what comes back is what may be kept."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.uploads.kinds import UploadRefused, broken
from core.uploads.office import check_office
from core.uploads.pdf import MAX_PAGES, check_pdf

__all__ = ["CHECKS", "MAX_PAGES", "MAX_PIXELS", "REQUEST_PIXELS", "pixels_of"]

MAX_PIXELS = 60_000_000
LARGE_PIXELS = 24_000_000  # a photograph above this is halved while it is read
REQUEST_PIXELS = 120_000_000  # what one request may have decoded: about four seconds of one processor


def pixels_of(content: bytes, kind: str) -> int:
    """How many pixels of a picture have to be decoded; 0 for other files and for what is no picture."""
    if kind not in ("jpg", "png"):
        return 0
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",) if kind == "jpg" else ("PNG",)) as image:
            pixels = image.width * image.height
    except Exception:  # noqa: BLE001 - decoders raise whatever they like on hostile pictures; the check says what is wrong
        return 0
    return pixels // 4 if kind == "jpg" and pixels > LARGE_PIXELS else pixels


def _check_image(content: bytes, shown: str, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",) if kind == "jpg" else ("PNG",)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise UploadRefused(
                    _("“%(n)s”的像素过多（%(w)s×%(h)s）。") % {"n": shown, "w": width, "h": height},
                    {"pixels": width * height, "most": MAX_PIXELS},
                    _("请调低拍照分辨率或压缩后重新上传。"),
                )
            if kind == "jpg" and width * height > LARGE_PIXELS:
                image.draft("RGB", (width // 2, height // 2))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            clear = kind == "png" and ("A" in image.getbands() or "transparency" in image.info)
            mode = "RGBA" if clear else "RGB"
            plain = image if image.mode == mode else image.convert(mode)
            plain.info = {}  # comments, positions, profiles: whatever would be written along
            out = io.BytesIO()
            if kind == "jpg":
                plain.save(out, "JPEG", quality=90, exif=b"")
            else:
                plain.save(out, "PNG", exif=b"")
    except UploadRefused:
        raise
    except Exception as error:  # decoders raise whatever they like on hostile pictures
        raise broken(shown, kind, _("请重新拍照或另存为JPG后上传。")) from error
    return out.getvalue()


CHECKS: dict[str, Callable[[bytes, str, str], bytes]] = {
    "pdf": check_pdf,
    "jpg": _check_image,
    "png": _check_image,
    "docx": check_office,
    "xlsx": check_office,
}
