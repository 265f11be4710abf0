"""Uploads: what comes in is what its content says it is, or it is refused in plain Chinese.

A name proves nothing. PDFs are parsed and may carry no script, launch action or attachment; pictures are decoded and
written anew (which drops whatever else they carried, positions included); Word and Excel files are looked into
without unpacking more than they may hold. Django writes large uploads to disk before they come here (its limit for
form data does not count files), so that the size is judged without reading them.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.http import FileResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from core import clock
from core.findings import Finding
from core.models import Document

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LARGE_PIXELS = 24_000_000  # a photograph above this is halved while it is read
MAX_PAGES = 400
MAX_OBJECTS = 200_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 5_000
A4 = (1654, 2339)  # pixels of an A4 sheet at 200 dpi
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DEFAULT = ("pdf", "jpg", "png", "docx", "xlsx")
# What a PDF may not do when somebody opens it.
ACTIVE = frozenset(
    (
        *(
            "/JavaScript",
            "/JS",
            "/Launch",
            "/EmbeddedFile",
            "/EmbeddedFiles",
            "/FileAttachment",
            "/RichMedia",
        ),
        *("/XFA", "/SubmitForm", "/ImportData", "/GoToE", "/Movie", "/Rendition", "/Sound", "/3D"),
    )
)
_MAIN_PART = {
    "docx": (b"/word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": (b"/xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
_MACRO = re.compile(
    r"vbaproject|(^|/)activex/|(^|/)macrosheets/|\.(exe|dll|js|vbs|hta|bat|cmd|scr|jar)$", re.IGNORECASE
)
# An outside template or object that Word or Excel would fetch when the file is opened.
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)(?=[^>]*/(attachedTemplate|oleObject|frame|subDocument)[\"'])"
)


class UploadRefused(Exception):
    """The file is not taken; `findings` say why and what to do."""

    def __init__(self, message: str, facts: dict | None = None, fix: str = ""):
        self.findings = [Finding("", "hard", message, facts or {}, fix)]
        super().__init__(message)


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: its safe name, kind (a key of TYPES) and content."""

    name: str
    kind: str
    content: bytes

    @property
    def content_type(self) -> str:
        return TYPES[self.kind]


def accept_upload(sent, accept: Iterable[str] | None = None, max_bytes: int = MAX_BYTES) -> CheckedFile:
    """Check an uploaded file (Django's UploadedFile). `accept` are kinds out of TYPES, by default all of them;
    `max_bytes` the largest size taken. Raises UploadRefused."""
    accept = tuple(accept or DEFAULT)
    name = _printable(str(getattr(sent, "name", "") or ""))
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
        wanted = "、".join(one.upper() for one in accept)
        raise UploadRefused(
            _("“%(n)s”的内容不是可接收的格式（%(w)s）。") % {"n": shown, "w": wanted},
            {"kind": kind or "", "accepted": list(accept)},
            _hint(content) or _("请另存为可接收的格式后上传；只改文件名后缀无效。"),
        )
    return CheckedFile(safe_name(name, kind), kind, _CHECKS[kind](content, shown, kind))


# --- What it is called and what it is ---------------------------------------------------------------------------


def _printable(name: str) -> str:
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip()


def safe_name(name: str, kind: str) -> str:
    """A file name without path, control characters, signs that systems refuse, or a misleading ending."""
    name = re.sub(r'[<>:"|?*]', "_", _printable(str(name or ""))).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem = name
    return f"{stem.strip(' .')[:100].strip(' .') or '文件'}.{kind}"


def sniff(content: bytes) -> str | None:
    """The kind of file by what it holds; None for anything not taken here."""
    if content[:1024].lstrip(b"\x00\t\n\f\r \xef\xbb\xbf").startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return None
        if "[Content_Types].xml" in names:
            return (
                "docx" if "word/document.xml" in names else ("xlsx" if "xl/workbook.xml" in names else None)
            )
    return None


def _hint(content: bytes) -> str:
    """What to do about the common formats that are not taken."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim"):
        return _("这是苹果手机的HEIC照片。请在手机“设置—相机—格式”中选“兼容性最佳”，或另存为JPG后上传。")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _(
            "这是旧版Office文件（DOC、XLS）或设有密码的文件。请另存为DOCX、XLSX或PDF（不设密码）后上传。"
        )
    if content.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return _("压缩包不能接收。请解压后逐个上传。")
    if content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")):
        return _("请将图片另存为JPG或PNG后上传。")
    return ""


def _broken(shown: str, kind: str, fix: str) -> UploadRefused:
    return UploadRefused(_("“%(n)s”已损坏或不完整，无法打开。") % {"n": shown}, {"kind": kind}, fix)


# --- PDF --------------------------------------------------------------------------------------------------------


def _check_pdf(content: bytes, shown: str, kind: str) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise UploadRefused(
                _("“%(n)s”已加密或设有权限密码，无法核对。") % {"n": shown},
                {"encrypted": True},
                _("请上传未加密的PDF。"),
            )
        pages = len(reader.pages)
        if not 0 < pages <= MAX_PAGES:
            raise UploadRefused(
                _("“%(n)s”有%(p)s页，应为1至%(m)s页。") % {"n": shown, "p": pages, "m": MAX_PAGES},
                {"pages": pages, "most": MAX_PAGES},
                _("请拆分后重新上传。"),
            )
        for page in reader.pages:
            _width = page.mediabox.width  # reading it proves that the page can be read
        active = _active(reader)
    except UploadRefused:
        raise
    except Exception as error:  # whatever a hostile file makes the parser raise, it is no PDF for us
        raise _broken(shown, kind, _("请重新导出或扫描后上传。")) from error
    if active:
        raise UploadRefused(
            _("“%(n)s”含有脚本、附件或可执行动作（%(a)s），不能接收。") % {"n": shown, "a": active},
            {"active": active},
            _("请用“打印为PDF”重新生成后上传。"),
        )
    return content


def _active(reader: PdfReader) -> str:
    """The first name of an active feature that any object of the file carries, or ""."""
    places = {(number, generation) for generation, table in reader.xref.items() for number in table}
    places |= {(number, 0) for number in reader.xref_objStm}
    if len(places) > MAX_OBJECTS:
        raise ValueError("too many objects")
    queue: list = [reader.trailer, *(IndirectObject(*place, reader) for place in sorted(places))]
    for one in queue:
        found = one.get_object() if isinstance(one, IndirectObject) else one
        pending = [found]
        while pending:
            part = pending.pop()
            if isinstance(part, DictionaryObject):
                if names := ACTIVE.intersection(part):
                    return sorted(names)[0]
                for key in ("/S", "/Subtype", "/Type"):
                    value = part.raw_get(key) if key in part else None
                    if isinstance(value, IndirectObject):
                        value = value.get_object()
                    if isinstance(value, str) and value in ACTIVE:
                        return str(value)
                pending += [
                    value
                    for value in map(part.raw_get, part)
                    if isinstance(value, DictionaryObject | ArrayObject)
                ]
            elif isinstance(part, ArrayObject):
                pending += [
                    value for value in list(part) if isinstance(value, DictionaryObject | ArrayObject)
                ]
    return ""


# --- Pictures ---------------------------------------------------------------------------------------------------


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
        raise _broken(shown, kind, _("请重新拍照或另存为JPG后上传。")) from error
    return out.getvalue()


# --- Word and Excel ---------------------------------------------------------------------------------------------


def _check_office(content: bytes, shown: str, kind: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            bombs = any(
                part.file_size > 1 << 20 and part.file_size > 500 * max(part.compress_size, 1)
                for part in parts
            )
            if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS or bombs:
                raise UploadRefused(
                    _("“%(n)s”解压后过大，不能接收。") % {"n": shown},
                    {"unpacked": unpacked, "most": MAX_UNPACKED},
                    _("请删去不需要的图片或工作表，或转为PDF后上传。"),
                )
            if any(
                _MACRO.search(part.filename) or part.filename.startswith(("/", "..", "\\")) for part in parts
            ):
                raise _macro(shown)
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
            types = archive.read("[Content_Types].xml")
            fetched = [
                part.filename
                for part in parts
                if part.filename.endswith(".rels") and _FETCHED.search(archive.read(part.filename))
            ]
    except UploadRefused:
        raise
    except Exception as error:  # a damaged or crafted archive; passwords raise RuntimeError
        raise _broken(shown, kind, _("请重新另存（不设密码）后上传。")) from error
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _macro(shown)
    part, main = _MAIN_PART[kind]
    if part not in types or main not in types:
        raise _broken(shown, kind, _("请用Word、Excel或WPS另存为标准格式后上传。"))
    if fetched:
        raise UploadRefused(
            _("“%(n)s”引用了外部模板或对象，打开时会连接别的地址，不能接收。") % {"n": shown},
            {"parts": fetched[:5]},
            _("请转为PDF后上传。"),
        )
    return content


def _macro(shown: str) -> UploadRefused:
    return UploadRefused(
        _("“%(n)s”含有宏或可执行内容，不能接收。") % {"n": shown},
        {"macros": True},
        _("请另存为不含宏的文件或PDF后上传。"),
    )


_CHECKS: dict[str, Callable[[bytes, str, str], bytes]] = {
    "pdf": _check_pdf,
    "jpg": _check_image,
    "png": _check_image,
    "docx": _check_office,
    "xlsx": _check_office,
}


# --- Keeping and giving out -------------------------------------------------------------------------------------


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
        one = io.BytesIO()
        page.save(one, "PDF", resolution=200, quality=85)
        writer.append(one)
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
    return store_document(
        CheckedFile(safe_name(name, "pdf"), "pdf", out.getvalue()), case, documents[0].purpose, actor
    )


def serve_document(document: Document) -> FileResponse:
    """The file as an answer: PDFs and pictures to look at, everything else to download; never sniffed or cached."""
    inline = document.content_type in (TYPES["pdf"], TYPES["jpg"], TYPES["png"])
    answer = FileResponse(document.file.open("rb"), content_type=document.content_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, document.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
