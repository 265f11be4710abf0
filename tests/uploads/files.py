"""Files as people send them, good and hostile, made on the spot."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordDocument
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject


def sent(content: bytes, name: str = "材料.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def pdf(pages: int = 1) -> bytes:
    return written(blank(pages))


def encrypted_pdf() -> bytes:
    writer = blank()
    writer.encrypt("secret")
    return written(writer)


def script_pdf() -> bytes:
    """A script that runs when the file is opened, in the tree of names as Acrobat writes it."""
    writer = blank()
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('hello');"),
        }
    )
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("run"), writer._add_object(script)])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})
    return written(writer)


def attachment_pdf() -> bytes:
    writer = blank()
    writer.add_attachment("tool.exe", b"MZ")
    return written(writer)


def open_action(**action: str) -> bytes:
    """A PDF that does something when it is opened: the action's names, given as S="/Launch"."""
    writer = blank()
    entries = {NameObject(f"/{key}"): NameObject(value) for key, value in action.items()}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(entries)
    return written(writer)


def nested_launch_pdf() -> bytes:
    """A launch action three direct levels down: page → annotations → annotation → action."""
    writer = blank()
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")})
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    return written(writer)


def hidden_name_pdf() -> bytes:
    """The name of the script written with a hexadecimal escape: /J#53 is /JS."""
    return script_pdf().replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/J#53")


def link_pdf() -> bytes:
    """A harmless PDF: it opens at its first page and has a link to a web address."""
    writer = blank()
    link = {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject("https://example.cn/")}
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): DictionaryObject(link)})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
    writer.root_object[NameObject("/OpenAction")] = ArrayObject(
        [writer.pages[0].indirect_reference, NameObject("/Fit")]
    )
    return written(writer)


def signed_pdf() -> bytes:
    """A PDF with the dictionary of a digital signature, of which a rewritten file would lose the worth."""
    writer = blank()
    seal = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Sig"),
            NameObject("/ByteRange"): ArrayObject([NumberObject(0) for _four in range(4)]),
        }
    )
    field = DictionaryObject({NameObject("/FT"): NameObject("/Sig"), NameObject("/V"): writer._add_object(seal)})
    fields = ArrayObject([writer._add_object(field)])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
    return written(writer)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", exif: bool = False) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size, 128 if mode in ("L", "P") else (200, 30, 30, 128)[: len(mode)])
    more = {}
    if exif:
        data = Image.Exif()
        data[0x0112] = 6  # turned by a quarter
        data[0x010F] = "SecretMaker"
        data.get_ifd(0x8825)[2] = (34.0, 5.0, 1.0)  # where it was taken
        more["exif"] = data
    image.save(out, kind, **more)
    return out.getvalue()


def docx(text: str = "合作意向") -> bytes:
    document = WordDocument()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    book = Workbook()
    book.active["A1"] = "姓名"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(
    content: bytes,
    add: dict[str, bytes] | None = None,
    replace: dict[str, tuple[bytes, bytes]] | None = None,
    encoding: str = "",
) -> bytes:
    """The same archive with further parts, or with bytes of a part replaced (and that part written in another
    encoding)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if replace and part.filename in replace:
                before, after = replace[part.filename]
                assert before in data, part.filename
                data = data.replace(before, after)
                if encoding:
                    text = data.decode()
                    data = f'<?xml version="1.0" encoding="{encoding}"?>{text[text.index("?>") + 2 :]}'.encode(encoding)
            new.writestr(part.filename, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def sizes(content: bytes) -> list[tuple[int, int]]:
    """The pages of a PDF in millimetres."""
    found = []
    for page in PdfReader(io.BytesIO(content)).pages:
        found.append((round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)))
    return found
