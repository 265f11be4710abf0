"""Looking into a file of each kind: what comes back is what may be kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from django.utils.translation import gettext as _
from lxml import etree
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from core.uploads.kinds import UploadRefused

MAX_PIXELS = 60_000_000
LARGE_PIXELS = 24_000_000  # a photograph above this is halved while it is read
MAX_PAGES = 400
MAX_OBJECTS = 200_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 5_000
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
    "docx": ("/word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("/xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
_MACRO = re.compile(
    r"vbaproject|(^|/)activex/|(^|/)macrosheets/|\.(exe|dll|js|vbs|hta|bat|cmd|scr|jar)$", re.IGNORECASE
)
# Relations to another address that Word or Excel would fetch when the file is opened.
_FETCHED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument")


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
    for entry in queue:
        node = entry.get_object() if isinstance(entry, IndirectObject) else entry
        pending = [node]
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
                    value for value in map(part.raw_get, part) if isinstance(value, DictionaryObject | ArrayObject)
                ]
            elif isinstance(part, ArrayObject):
                pending += [value for value in list(part) if isinstance(value, DictionaryObject | ArrayObject)]
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
                part.file_size > 1 << 20 and part.file_size > 500 * max(part.compress_size, 1) for part in parts
            )
            if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS or bombs:
                raise UploadRefused(
                    _("“%(n)s”解压后过大，不能接收。") % {"n": shown},
                    {"unpacked": unpacked, "most": MAX_UNPACKED},
                    _("请删去不需要的图片或工作表，或转为PDF后上传。"),
                )
            if any(_MACRO.search(part.filename) or part.filename.startswith(("/", "..", "\\")) for part in parts):
                raise _macro(shown)
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
            types = {
                entry.get("PartName"): entry.get("ContentType", "") for entry in _xml(archive, "[Content_Types].xml")
            }
            fetched = [
                part.filename
                for part in parts
                if part.filename.endswith(".rels")
                for entry in _xml(archive, part.filename)
                if entry.get("TargetMode") == "External" and entry.get("Type", "").endswith(_FETCHED)
            ]
    except UploadRefused:
        raise
    except Exception as error:  # a damaged or crafted archive; passwords raise RuntimeError
        raise _broken(shown, kind, _("请重新另存（不设密码）后上传。")) from error
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types.values()):
        raise _macro(shown)
    part, main = _MAIN_PART[kind]
    if not types.get(part, "").endswith(main):
        raise _broken(shown, kind, _("请用Word、Excel或WPS另存为标准格式后上传。"))
    if fetched:
        raise UploadRefused(
            _("“%(n)s”引用了外部模板或对象，打开时会连接别的地址，不能接收。") % {"n": shown},
            {"parts": fetched[:5]},
            _("请转为PDF后上传。"),
        )
    return content


def _xml(archive: zipfile.ZipFile, name: str) -> list:
    """The elements below the root of one part; entities are not resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return [element for element in etree.fromstring(archive.read(name), parser) if isinstance(element.tag, str)]


def _macro(shown: str) -> UploadRefused:
    return UploadRefused(
        _("“%(n)s”含有宏或可执行内容，不能接收。") % {"n": shown},
        {"macros": True},
        _("请另存为不含宏的文件或PDF后上传。"),
    )


CHECKS: dict[str, Callable[[bytes, str, str], bytes]] = {
    "pdf": _check_pdf,
    "jpg": _check_image,
    "png": _check_image,
    "docx": _check_office,
    "xlsx": _check_office,
}
