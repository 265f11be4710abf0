"""Kinds of files by what they hold, their safe names, and the refusal of the others."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.findings import Finding

TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class UploadRefused(Exception):
    """The file is not taken; `findings` say why and what to do."""

    def __init__(self, message: str, facts: dict | None = None, fix: str = ""):
        self.findings = [Finding("", "hard", message, facts or {}, fix)]
        super().__init__(message)


def broken(shown: str, kind: str, fix: str) -> UploadRefused:
    """The refusal of a file that cannot be opened."""
    return UploadRefused(_("“%(n)s”已损坏或不完整，无法打开。") % {"n": shown}, {"kind": kind}, fix)


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: its safe name, kind (a key of TYPES) and content; how many pixels were decoded for it."""

    name: str
    kind: str
    content: bytes
    pixels: int = 0

    @property
    def content_type(self) -> str:
        return TYPES[self.kind]


def printable(name: str) -> str:
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip()


def safe_name(name: str, kind: str) -> str:
    """A file name without path, control characters, signs that systems refuse, or a misleading ending."""
    name = re.sub(r'[<>:"|?*]', "_", printable(str(name or ""))).strip(" .")
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
            return "docx" if "word/document.xml" in names else ("xlsx" if "xl/workbook.xml" in names else None)
    return None


def hint(content: bytes) -> str:
    """What to do about the common formats that are not taken."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim"):
        return _("这是苹果手机的HEIC照片。请在手机“设置—相机—格式”中选“兼容性最佳”，或另存为JPG后上传。")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _("这是旧版Office文件（DOC、XLS）或设有密码的文件。请另存为DOCX、XLSX或PDF（不设密码）后上传。")
    if content.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return _("压缩包不能接收。请解压后逐个上传。")
    if content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")):
        return _("请将图片另存为JPG或PNG后上传。")
    return ""
