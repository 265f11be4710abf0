"""Uploads: what comes in is what its content says it is, or it is refused in plain Chinese.

A name proves nothing. PDFs are parsed and may carry no script, launch action or attachment; pictures are decoded and
written anew (which drops whatever else they carried, positions included); Word and Excel files are looked into
without unpacking more than they may hold. The checks are made within the request, so that whoever sends a file is told at
once; what one request may cost is bounded by bytes, pages, parts and pixels.

Django writes large uploads to disk before they come here (its limit for form data does not count files), so that the
size is judged without reading them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.language import listed
from core.uploads.checks import CHECKS, MAX_PAGES, MAX_PIXELS, REQUEST_PIXELS, pixels_of
from core.uploads.keeping import images_to_pdf, merge_documents, serve_document, store_document
from core.uploads.kinds import TYPES, CheckedFile, UploadRefused, hint, printable, safe_name, sniff

__all__ = [
    "CheckedFile",
    "MAX_BYTES",
    "MAX_PAGES",
    "MAX_PIXELS",
    "REQUEST_PIXELS",
    "TYPES",
    "UploadRefused",
    "accept_upload",
    "images_to_pdf",
    "merge_documents",
    "safe_name",
    "serve_document",
    "sniff",
    "store_document",
]

MAX_BYTES = 20 * 1024 * 1024
DEFAULT = ("pdf", "jpg", "png", "docx", "xlsx")


def accept_upload(
    sent, accept: Iterable[str] | None = None, max_bytes: int = MAX_BYTES, pixels_left: int = REQUEST_PIXELS
) -> CheckedFile:
    """Check an uploaded file (Django's UploadedFile). `accept` are kinds out of TYPES, by default all of them;
    `max_bytes` the largest size taken, `pixels_left` how many pixels this request may still have decoded.
    Raises UploadRefused."""
    accept = tuple(accept or DEFAULT)
    name = printable(str(getattr(sent, "name", "") or ""))
    shown = (name if len(name) <= 40 else f"{name[:30]}…{name[-8:]}") or _("文件")
    if sent.size > max_bytes:
        raise UploadRefused(
            _("“%(n)s”为%(s)s MB，超过%(m)s MB的上限。")
            % {"n": shown, "s": f"{sent.size / 1048576:.1f}", "m": f"{max_bytes / 1048576:g}"},
            {"size": sent.size, "most": max_bytes},
            _("请压缩或拆分后重新上传。"),
        )
    sent.seek(0)
    content = sent.read(max_bytes + 1)
    if not content:
        raise UploadRefused(_("“%(n)s”是空文件。") % {"n": shown}, {"size": 0}, _("请检查后重新上传。"))
    kind = sniff(content)
    if kind is None or kind not in accept:
        wanted = listed(kind.upper() for kind in accept)
        raise UploadRefused(
            _("“%(n)s”的内容不是可接收的格式（%(w)s）。") % {"n": shown, "w": wanted},
            {"kind": kind or "", "accepted": list(accept)},
            hint(content) or _("请另存为可接收的格式后上传；只改文件名后缀无效。"),
        )
    pixels = pixels_of(content, kind)
    if pixels_left < pixels <= MAX_PIXELS:
        raise UploadRefused(
            _("“%(n)s”没有接收：本次上传的照片合计像素过多。") % {"n": shown},
            {"pixels": pixels, "left": max(pixels_left, 0), "most": REQUEST_PIXELS},
            _("请分批上传，已接收的照片不必重传。"),
        )
    return CheckedFile(safe_name(name, kind), kind, CHECKS[kind](content, shown, kind), pixels)
