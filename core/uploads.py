"""Uploads: what comes in is what its content says it is, or it is refused in plain Chinese.

A name proves nothing. PDFs are parsed and may carry no script, launch action or attachment; pictures are decoded and
written anew (which drops whatever else they carried, positions included); Word and Excel files are looked into
without unpacking more than they may hold.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject

from core import clock
from core.findings import Finding
from core.models import Document

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_PAGES = 400
MAX_UNPACKED = 200 * 1024 * 1024
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DEFAULT = ("pdf", "jpg", "png", "docx", "xlsx")
# What a PDF may not do when somebody opens it.
ACTIVE = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA", "/SubmitForm"}


class UploadRefused(Exception):
    """The file is not taken; `findings` say why and what to do."""

    def __init__(self, message: str, facts: dict | None = None, fix: str = ""):
        self.findings = [Finding("", "hard", message, facts or {}, fix)]
        super().__init__(message)


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: its safe name, type, content."""

    name: str
    kind: str
    content: bytes

    @property
    def content_type(self) -> str:
        return TYPES[self.kind]


def safe_name(name: str, kind: str) -> str:
    """A file name without path, control characters or a misleading ending."""
    name = unicodedata.normalize("NFC", str(name or "")).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or "文件"
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return f"{stem[:100]}.{kind}"


def accept_upload(sent, accept: Iterable[str] | None = None, max_bytes: int = MAX_BYTES) -> CheckedFile:
    """Check an uploaded file. `accept` are kinds out of TYPES; raises UploadRefused."""
    accept = tuple(accept or DEFAULT)
    shown = str(getattr(sent, "name", "") or _("文件"))[:60]
    if sent.size > max_bytes:
        raise UploadRefused(
            _("“%(n)s”为%(s)s MB，超过%(m)s MB的上限。") % {"n": shown, "s": f"{sent.size / 1048576:.1f}", "m": max_bytes // 1048576},
            {"size": sent.size, "most": max_bytes}, _("请压缩或拆分后重新上传。"),
        )  # fmt: skip
    content = sent.read()
    if not content:
        raise UploadRefused(_("“%(n)s”是空文件。") % {"n": shown}, {"size": 0})
    kind = sniff(content)
    if kind is None or kind not in accept:
        wanted = "、".join(one.upper() for one in accept)
        raise UploadRefused(
            _("“%(n)s”的内容不是可接收的格式（%(w)s）。") % {"n": shown, "w": wanted}, {"kind": kind},
            _("请另存为%(w)s后上传；只改文件名后缀无效。") % {"w": wanted},
        )  # fmt: skip
    check = {"pdf": _check_pdf, "jpg": _check_image, "png": _check_image, "docx": _check_office, "xlsx": _check_office}
    return CheckedFile(safe_name(shown, kind), kind, check[kind](content, shown, kind))


def sniff(content: bytes) -> str | None:
    """The kind of file by its first bytes; None for anything not known here."""
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        except zipfile.BadZipFile:
            return None
        if "[Content_Types].xml" in names:
            return "docx" if "word/document.xml" in names else ("xlsx" if "xl/workbook.xml" in names else None)
    return None


def _check_pdf(content: bytes, shown: str, kind: str) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise UploadRefused(_("“%(n)s”已加密，无法核对。请上传未加密的PDF。") % {"n": shown})
        pages = len(reader.pages)
        if not 0 < pages <= MAX_PAGES:
            raise UploadRefused(_("“%(n)s”有%(p)s页，应为1至%(m)s页。") % {"n": shown, "p": pages, "m": MAX_PAGES})
        for page in reader.pages:
            page.mediabox  # noqa: B018 - reading it proves that the page can be read
        active = _active(reader)
    except UploadRefused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes the parser raise, it is no PDF for us
        raise UploadRefused(
            _("“%(n)s”不是完整的PDF文件，无法打开。") % {"n": shown}, {"kind": "pdf"}, _("请重新导出或扫描后上传。")
        ) from error
    if active:
        raise UploadRefused(
            _("“%(n)s”含有脚本、附件或可执行动作（%(a)s），不能接收。") % {"n": shown, "a": active},
            {"active": active}, _("请用“打印为PDF”重新生成。"),
        )  # fmt: skip
    return content


def _active(reader: PdfReader) -> str:
    """The first name of an active feature that any object of the file carries, or ""."""
    for number in list(reader.xref_objStm) + [n for table in reader.xref.values() for n in table]:
        found = reader.get_object(IndirectObject(number, 0, reader))
        if isinstance(found, DictionaryObject):
            for key, value in found.items():
                if key in ACTIVE:
                    return str(key)
                if key in ("/S", "/Subtype") and str(value) in ACTIVE:
                    return str(value)
                nested = value if isinstance(value, DictionaryObject) else None
                if nested is not None and (set(nested) & ACTIVE or str(nested.get("/S", "")) in ACTIVE):
                    return str(next(iter(set(nested) & ACTIVE), nested.get("/S", "")))
    return ""


def _check_image(content: bytes, shown: str, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise UploadRefused(_("“%(n)s”的像素过多（%(w)s×%(h)s）。") % {"n": shown, "w": width, "h": height})
            image.load()
            upright = ImageOps.exif_transpose(image)
            clean = upright.convert("RGB" if kind == "jpg" else ("RGBA" if "A" in upright.getbands() else "RGB"))
            out = io.BytesIO()
            clean.save(out, "JPEG" if kind == "jpg" else "PNG", **({"quality": 90} if kind == "jpg" else {}))
            return out.getvalue()
    except UploadRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError) as error:
        raise UploadRefused(_("“%(n)s”不是可打开的图片。") % {"n": shown}, {"kind": kind}) from error


def _check_office(content: bytes, shown: str, kind: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = 0
            for info in archive.infolist():
                total += info.file_size
                if total > MAX_UNPACKED or (info.compress_size and info.file_size / info.compress_size > 500):
                    raise UploadRefused(_("“%(n)s”解压后过大，不能接收。") % {"n": shown})
                if "vbaProject" in info.filename or info.filename.startswith(("/", "..")):
                    raise UploadRefused(_("“%(n)s”含有宏，不能接收。请另存为不含宏的文件。") % {"n": shown})
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError) as error:
        raise UploadRefused(_("“%(n)s”已损坏，无法打开。") % {"n": shown}, {"kind": kind}) from error
    return content


def images_to_pdf(images: Iterable[bytes]) -> bytes:
    """Photos as one PDF, a page each, in order."""
    opened = [ImageOps.exif_transpose(Image.open(io.BytesIO(one))).convert("RGB") for one in images]
    for image in opened:
        image.thumbnail((2480, 3508))
    out = io.BytesIO()
    opened[0].save(out, "PDF", save_all=True, append_images=opened[1:], resolution=150)
    return out.getvalue()


def store_document(checked: CheckedFile, case, purpose: str, actor) -> Document:
    """Keep a checked file for a case."""
    document = Document(
        sha256=hashlib.sha256(checked.content).hexdigest(), name=checked.name, content_type=checked.content_type,
        size=len(checked.content), case_kind=case.case_kind, case_id=case.pk, purpose=purpose[:80],
        uploaded_by_id=actor.user_id, organisation_id=actor.organisation_id, uploaded_at=clock.now(),
    )  # fmt: skip
    document.file.save(checked.name, ContentFile(checked.content), save=False)
    document.save()
    return document


def merge_documents(documents: Iterable[Document], case, actor) -> Document:
    """Several scans of one paper as one PDF, in the order given."""
    documents = list(documents)
    if not documents:
        raise UploadRefused(_("没有可用的扫描件，请重新上传。"))
    writer = PdfWriter()
    for document in documents:
        with document.file.open("rb") as file:
            content = file.read()
        if document.content_type.startswith("image/"):
            content = images_to_pdf([content])
        elif document.content_type != TYPES["pdf"]:
            raise UploadRefused(_("“%(n)s”不是PDF或图片。") % {"n": document.name})
        writer.append(io.BytesIO(content))
    out = io.BytesIO()
    writer.write(out)
    name = f"{documents[0].name.rsplit('.', 1)[0]}（共{len(documents)}件）.pdf"
    checked = CheckedFile(safe_name(name, "pdf"), "pdf", out.getvalue())
    return store_document(checked, case, documents[0].purpose, actor)


def serve_document(document: Document) -> FileResponse:
    """The file as an answer: PDFs and pictures to look at, everything else to download; never sniffed."""
    inline = document.content_type in (TYPES["pdf"], TYPES["jpg"], TYPES["png"])
    answer = FileResponse(document.file.open("rb"), content_type=document.content_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, document.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
