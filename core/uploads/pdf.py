"""Looking into a PDF: it opens, does nothing by itself, and is kept without what no page of it reaches."""

from __future__ import annotations

import io

import pikepdf
from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from core.uploads.kinds import UploadRefused, broken

MAX_PAGES = 400
MAX_OBJECTS = 200_000
# What a PDF may not do when somebody opens it.
ACTIVE = frozenset(
    (
        *("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia"),
        *("/XFA", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Movie", "/Rendition", "/Sound", "/3D"),
    )
)


def check_pdf(content: bytes, shown: str, kind: str) -> bytes:
    """The file as it may be kept: written anew, so that objects outside its table are gone; a file with a digital
    signature as it came, if nothing in it needs repair. Raises UploadRefused."""
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
        kept = b"" if active else _written_anew(content)
    except UploadRefused:
        raise
    except Exception as error:  # whatever a hostile file makes the parser raise, it is no PDF for us
        raise broken(shown, kind, _("请重新导出或扫描后上传。")) from error
    if active:
        raise UploadRefused(
            _("“%(n)s”含有脚本、附件或可执行动作（%(a)s），不能接收。") % {"n": shown, "a": active},
            {"active": active},
            _("请用“打印为PDF”重新生成后上传。"),
        )
    return kept


def _written_anew(content: bytes) -> bytes:
    """The same pages in a file that holds nothing else. Raises pikepdf.PdfError, or ValueError for a signed file that is
    not whole (a reader that repairs it would see objects that its table does not name)."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if any(_is_signature(thing) for thing in pdf.objects):
            if pdf.check_pdf_syntax():
                raise ValueError("a signed file that needs repair")
            return content
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _is_signature(thing: pikepdf.Object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/ByteRange" in thing


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
