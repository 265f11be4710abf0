"""Looking into Word and Excel files, without unpacking more than they may hold."""

from __future__ import annotations

import io
import re
import zipfile

from django.utils.translation import gettext as _
from lxml import etree

from core.uploads.kinds import UploadRefused, broken

MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 5_000
_MAIN_PART = {
    "docx": ("/word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("/xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}
_MACRO = re.compile(
    r"vbaproject|(^|/)activex/|(^|/)macrosheets/|\.(exe|dll|js|vbs|hta|bat|cmd|scr|jar)$", re.IGNORECASE
)
# A compound file inside: an embedded object of any program, or macros under another name.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The one relation to another address that nothing fetches when the file is opened.
_HARMLESS = "/hyperlink"
# Records instead of XML, which Excel writes into .xlsb only.
_RECORDS = re.compile(r"application/vnd\.ms-excel\.(?!.*\+xml$)")
# Parts that Word reads in as if they were text of the document (RTF, HTML with scripts).
_READ_IN = "/aFChunk"


def check_office(content: bytes, shown: str, kind: str) -> bytes:
    """The file as it came. Raises UploadRefused for one that runs, fetches or hides something, or that embeds such a file.
    What a file may hold is the limit for it and all that it embeds together."""
    pending, parts = [(content, kind)], []
    for inner, inner_kind in pending:  # the data of a chart is a workbook of its own
        pending += _check_one(inner, shown, inner_kind, parts)
    return content


def _check_one(content: bytes, shown: str, kind: str, parts: list[zipfile.ZipInfo]) -> list[tuple[bytes, str]]:
    """Look into one file by itself; its parts are added to `parts`. Returns the files that it embeds, with their kinds."""
    part, main = _MAIN_PART[kind]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            types, fetched, read_in = _look_into(archive, shown, parts)
            embedded = [
                (archive.read(entry), entry.filename.rsplit(".", 1)[1].lower())
                for entry in archive.infolist()
                if entry.filename.lower().endswith((".docx", ".xlsx"))
            ]
        linked = _linked_data(content, kind) if types.get(part, "").endswith(main) else ""
    except UploadRefused:
        raise
    except Exception as error:  # a damaged or crafted archive; passwords raise RuntimeError
        raise broken(shown, kind, _("请重新另存（不设密码）后上传。")) from error
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types.values()):
        raise _macro(shown)
    if not types.get(part, "").endswith(main) or any(_RECORDS.match(kind) for kind in types.values()):
        raise broken(shown, kind, _("请用Word、Excel或WPS另存为标准格式后上传。"))
    if fetched:
        raise UploadRefused(
            _("“%(n)s”引用了外部模板、图片或对象，打开时会连接别的地址，不能接收。") % {"n": shown},
            {"parts": fetched[:5]},
            _("请将外部图片改为插入到文件中，或转为PDF后上传。"),
        )
    if read_in or linked:
        raise UploadRefused(
            _("“%(n)s”含有打开时自动读入或取数的内容（%(w)s），不能接收。")
            % {"n": shown, "w": "aFChunk" if read_in else "DDE"},
            {"parts": read_in[:5], "linked": linked[:200]},
            _("请删去这些内容，或转为PDF后上传。"),
        )
    return embedded


def _look_into(
    archive: zipfile.ZipFile, shown: str, before: list[zipfile.ZipInfo]
) -> tuple[dict[str, str], list[str], list[str]]:
    """The parts' types, the parts with relations that are fetched, and those with parts that are read in. The parts are
    added to those of the files `before`, for the limits hold for all of them."""
    parts = archive.infolist()
    before += parts
    unpacked = sum(part.file_size for part in before)
    bombs = any(part.file_size > 1 << 20 and part.file_size > 500 * max(part.compress_size, 1) for part in parts)
    if unpacked > MAX_UNPACKED or len(before) > MAX_PARTS or bombs:
        raise UploadRefused(
            _("“%(n)s”解压后过大，不能接收。") % {"n": shown},
            {"unpacked": unpacked, "most": MAX_UNPACKED},
            _("请删去不需要的图片或工作表，或转为PDF后上传。"),
        )
    if any(_MACRO.search(part.filename) or part.filename.startswith(("/", "..", "\\")) for part in parts):
        raise _macro(shown)
    if archive.testzip() is not None:
        raise zipfile.BadZipFile
    for part in parts:
        with archive.open(part) as opened:
            if opened.read(len(_COMPOUND)) == _COMPOUND:
                raise UploadRefused(
                    _("“%(n)s”含有嵌入的对象或宏，不能接收。") % {"n": shown},
                    {"part": part.filename},
                    _("请将对象另存为单独的文件上传，或把全文转为PDF后上传。"),
                )
    types = {
        entry.get("PartName") or entry.get("Extension"): entry.get("ContentType", "")
        for entry in _xml(archive, "[Content_Types].xml")
    }
    relations = [
        (part.filename, entry)
        for part in parts
        if part.filename.endswith(".rels")
        for entry in _xml(archive, part.filename)
    ]
    fetched = [
        name
        for name, entry in relations
        if entry.get("TargetMode") == "External" and not entry.get("Type", "").endswith(_HARMLESS)
    ]
    return types, fetched, [name for name, entry in relations if entry.get("Type", "").endswith(_READ_IN)]


def _linked_data(content: bytes, kind: str) -> str:
    """The commands of fields that start another program for their data (DDE, DDEAUTO), or ""."""
    from oletools import msodde, ooxml  # noqa: PLC0415 - loads for a quarter of a second, and few requests bring such a file

    if kind == "docx":
        return msodde.process_docx(io.BytesIO(content)).strip()
    # Not msodde.process_xlsx: it reads every part that is no XML as records, and twenty kilobytes of zeros are endless ones.
    return " ".join(
        " ".join(filter(None, (link.get("ddeService"), link.get("ddeTopic")))) or "DDE"
        for _part, link, _depth in ooxml.XmlParser(io.BytesIO(content)).iter_xml()
        if link.tag.rpartition("}")[2].lower() == "ddelink"
    )


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
