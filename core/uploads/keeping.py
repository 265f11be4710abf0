"""Keeping checked files, putting scans together, giving files out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pypdf import PdfWriter

from core import clock
from core.models import Document
from core.uploads.checks import MAX_PAGES
from core.uploads.kinds import TYPES, CheckedFile, UploadRefused, safe_name

A4 = (1654, 2339)  # pixels of an A4 sheet at 200 dpi


def images_to_pdf(images: Iterable[bytes]) -> bytes:
    """Photos as one PDF in the order given, one A4 page each, upright or across as the photo is.

    Only checked pictures come here. Raises UploadRefused if there is none.
    """
    writer = PdfWriter()
    for content in images:
        with Image.open(io.BytesIO(content)) as image:
            image.draft("RGB", (A4[1], A4[1]))  # JPEG decoders shrink while they read
            upright = ImageOps.exif_transpose(image)
            seen = upright.convert("RGBA")
        sheet = A4 if seen.height >= seen.width else A4[::-1]
        seen.thumbnail(sheet)
        page = Image.new("RGB", sheet, "white")
        page.paste(seen, ((sheet[0] - seen.width) // 2, (sheet[1] - seen.height) // 2), seen)
        page_file = io.BytesIO()
        page.save(page_file, "PDF", resolution=200, quality=85)
        writer.append(page_file)
    if not len(writer.pages):
        raise UploadRefused(_("没有可合并的照片。"), {"files": 0}, _("请先上传照片。"))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def store_document(checked: CheckedFile, case, purpose: str, actor) -> Document:
    """Keep a checked file for a case. `purpose` is the form field or step it was sent for."""
    document = Document(
        sha256=hashlib.sha256(checked.content).hexdigest(),
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        case_kind=case.case_kind,
        case_id=case.pk,
        purpose=purpose[:80],
        uploaded_by_id=actor.user_id,
        uploaded_as=actor.role,
        organisation_id=actor.organisation_id,
        uploaded_at=clock.now(),
    )
    document.file.save(checked.name, ContentFile(checked.content), save=False)
    document.save()
    return document


def merge_documents(documents: Iterable[Document], case, actor) -> Document:
    """Several scans of one paper as one PDF, in the order given. Raises UploadRefused."""
    documents = list(documents)
    if not documents:
        raise UploadRefused(_("没有可用的扫描件。"), {"files": 0}, _("请重新上传。"))
    writer = PdfWriter()
    for document in documents:
        with document.file.open("rb") as file:
            content = file.read()
        if document.content_type.startswith("image/"):
            content = images_to_pdf([content])
        elif document.content_type != TYPES["pdf"]:
            raise UploadRefused(
                _("“%(n)s”不是PDF或图片，不能并入扫描件。") % {"n": document.name},
                {"content_type": document.content_type},
                _("请转为PDF后上传。"),
            )
        writer.append(io.BytesIO(content))
    if len(writer.pages) > MAX_PAGES:
        raise UploadRefused(
            _("合并后有%(p)s页，超过%(m)s页。") % {"p": len(writer.pages), "m": MAX_PAGES},
            {"pages": len(writer.pages)},
        )
    out = io.BytesIO()
    writer.write(out)
    name = f"{documents[0].name.rsplit('.', 1)[0]}（共{len(documents)}件）.pdf"
    return store_document(CheckedFile(safe_name(name, "pdf"), "pdf", out.getvalue()), case, documents[0].purpose, actor)


def serve_document(document: Document) -> FileResponse:
    """The file as an answer: PDFs and pictures to look at, everything else to download; never sniffed or cached."""
    inline = document.content_type in (TYPES["pdf"], TYPES["jpg"], TYPES["png"])
    answer = FileResponse(document.file.open("rb"), content_type=document.content_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, document.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
