"""What is taken and what is refused, on both sides of every bound."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from core.uploads import TYPES, UploadRefused, accept_upload, checks, office, pdf, safe_name, sniff
from tests.uploads import files
from tests.uploads.files import sent

MB = 1024 * 1024


def refused(content: bytes, name: str = "材料.pdf", **more) -> str:
    """The whole sentence of the refusal."""
    with pytest.raises(UploadRefused) as caught:
        accept_upload(sent(content, name), **more)
    (finding,) = caught.value.findings
    assert finding.strength == "hard"
    assert finding.fix
    return finding.message + finding.fix


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", files.pdf()),
        ("pdf", files.link_pdf()),
        ("jpg", files.picture()),
        ("png", files.picture("PNG", mode="RGBA")),
        ("docx", files.docx()),
        ("xlsx", files.xlsx()),
    ],
)
def test_good_files_are_taken_by_what_they_hold(kind, content):
    checked = accept_upload(sent(content, "佐证.exe", "application/x-msdownload"))
    assert (checked.name, checked.kind, checked.content_type) == (f"佐证.{kind}", kind, TYPES[kind])


def test_a_file_of_another_kind_is_refused_whatever_its_name():
    said = refused(b"<html><script>alert(1)</script></html>", "公章.pdf")
    assert (
        said
        == "“公章.pdf”的内容不是可接收的格式（PDF、JPG、PNG、DOCX、XLSX）。请另存为可接收的格式后上传；只改文件名后缀无效。"
    )


def test_a_field_takes_its_own_kinds_only():
    assert accept_upload(sent(files.pdf()), ("pdf",)).kind == "pdf"
    assert refused(files.docx(), "意见.docx", accept=("pdf", "jpg")).startswith(
        "“意见.docx”的内容不是可接收的格式（PDF、JPG）。"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "旧版Office文件"),
        (b"Rar!\x1a\x07\x00" + b"\x00" * 40, "压缩包不能接收"),
        (
            files.rezipped(files.docx(), replace={}).replace(b"word/document.xml", b"word/documenu.xml"),
            "压缩包不能接收",
        ),
        (b"GIF89a" + b"\x00" * 40, "另存为JPG或PNG"),
    ],
)
def test_common_other_kinds_are_told_what_to_do(content, words):
    assert words in refused(content)


def test_empty_and_large_files():
    assert refused(b"") == "“材料.pdf”是空文件。请检查后重新上传。"
    content = files.pdf()
    assert accept_upload(sent(content), max_bytes=len(content)).kind == "pdf"
    assert "超过" in refused(content, max_bytes=len(content) - 1)


def test_fifty_megabytes_are_refused_before_they_are_read():
    class Large:
        name, size = "结项材料合订本.pdf", 50 * MB

    with pytest.raises(UploadRefused) as caught:
        accept_upload(Large())
    (finding,) = caught.value.findings
    assert finding.message == "“结项材料合订本.pdf”为50.0 MB，超过20 MB的上限。"
    assert finding.fix == "请压缩或拆分后重新上传。"
    assert finding.facts == {"size": 50 * MB, "most": 20 * MB}


# --- PDF --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "feature"),
    [
        (files.script_pdf(), "/"),
        (files.hidden_name_pdf(), "/"),
        (files.attachment_pdf(), "/Embedded"),
        (files.open_action(S="/Launch"), "/Launch"),
        (files.open_action(S="/SubmitForm"), "/SubmitForm"),
        (files.open_action(S="/ImportData"), "/ImportData"),
        (files.open_action(S="/GoToE"), "/GoToE"),
        (files.nested_launch_pdf(), "/Launch"),
        (files.open_action(S="/GoToR"), "/GoToR"),
    ],
)
def test_a_pdf_that_does_something_is_refused(content, feature):
    said = refused(content)
    assert said.startswith("“材料.pdf”含有脚本、附件或可执行动作（")
    assert feature in said


def test_what_stands_outside_the_table_is_not_kept():
    """Readers that repair a file would see it; ours is written anew from what its pages reach."""
    body, table = files.pdf().split(b"\nxref\n")
    content = body + b"\n99 0 obj\n<< /S /JavaScript /JS (app.alert) >>\nendobj\nxref\n"
    content += table.replace(b"startxref\n%d" % (len(body) + 1), b"startxref\n%d" % (len(content) - 5))
    assert b"JavaScript" in content
    kept = accept_upload(sent(content)).content
    assert b"JavaScript" not in kept
    assert len(PdfReader(io.BytesIO(kept)).pages) == 1
    assert accept_upload(sent(kept)).content == kept


def test_a_signed_pdf_is_kept_to_the_byte_if_it_is_whole():
    content = files.signed_pdf()
    assert accept_upload(sent(content)).content == content
    assert "已损坏或不完整" in refused(content.replace(b"startxref\n", b"startxref\n9"))


def test_an_encrypted_pdf_is_refused():
    assert refused(files.encrypted_pdf()) == "“材料.pdf”已加密或设有权限密码，无法核对。请上传未加密的PDF。"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing",
        files.pdf()[: len(files.pdf()) // 2],
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj trailer<</Root 1 0 R>>",
    ],
)
def test_a_damaged_pdf_is_refused(content):
    assert "“材料.pdf”" in refused(content)


def test_pages_have_a_limit(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 3)
    assert accept_upload(sent(files.pdf(3))).kind == "pdf"
    assert refused(files.pdf(4)) == "“材料.pdf”有4页，应为1至3页。请拆分后重新上传。"


# --- pictures ---------------------------------------------------------------------------------------------------


def test_a_picture_is_written_anew_upright_and_without_its_data():
    content = files.picture(size=(60, 40), exif=True)
    assert b"SecretMaker" in content
    checked = accept_upload(sent(content, "IMG_0001.HEIC.JPG"))
    assert checked.name == "IMG_0001.HEIC.jpg"
    assert b"SecretMaker" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.size == (40, 60)
        assert not image.getexif()


def test_nothing_but_the_picture_is_kept():
    """Comments, colour profiles and text chunks go with the rest."""
    out, chunks = io.BytesIO(), PngImagePlugin.PngInfo()
    chunks.add_text("Author", "SecretMaker")
    Image.new("RGBA", (9, 9)).save(out, "PNG", pnginfo=chunks, icc_profile=b"SecretProfile")
    assert b"Secret" not in accept_upload(sent(out.getvalue(), "a.png")).content
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", comment=b"SecretMaker", icc_profile=b"SecretProfile")
    assert b"Secret" not in accept_upload(sent(out.getvalue(), "a.jpg")).content


def test_a_very_large_photograph_is_halved(monkeypatch):
    monkeypatch.setattr(checks, "LARGE_PIXELS", 400 * 300)
    for size, wanted in (((400, 300), (400, 300)), ((402, 300), (201, 150))):
        checked = accept_upload(sent(files.picture(size=size), "a.jpg"))
        assert Image.open(io.BytesIO(checked.content)).size == wanted


def test_what_is_hidden_behind_a_picture_is_gone():
    checked = accept_upload(sent(files.picture() + b"<script>alert(1)</script>", "a.jpg"))
    assert b"script" not in checked.content


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGB", "RGBA"])
def test_every_kind_of_png(mode):
    content = files.picture("PNG", mode=mode) if mode != "LA" else files.picture("PNG", mode="RGBA")
    assert accept_upload(sent(content, "a.png")).kind == "png"


def test_pixels_have_a_limit(monkeypatch):
    monkeypatch.setattr(checks, "MAX_PIXELS", 60 * 40)
    assert accept_upload(sent(files.picture(size=(60, 40)), "a.jpg")).kind == "jpg"
    assert "像素过多（60×41）" in refused(files.picture(size=(60, 41)), "a.jpg")


def test_one_request_has_so_many_pixels():
    assert accept_upload(sent(files.picture()), pixels_left=60 * 40).pixels == 60 * 40
    assert refused(files.picture(), "现场.jpg", pixels_left=60 * 40 - 1) == (
        "“现场.jpg”没有接收：本次上传的照片合计像素过多。请分批上传，已接收的照片不必重传。"
    )
    assert accept_upload(sent(files.pdf()), pixels_left=0).pixels == 0


def test_a_halved_photograph_counts_a_quarter(monkeypatch):
    monkeypatch.setattr(checks, "LARGE_PIXELS", 60 * 40 - 1)
    assert accept_upload(sent(files.picture())).pixels == 60 * 40 // 4


@pytest.mark.parametrize(
    "content",
    [files.picture()[:300], b"\xff\xd8\xff\xe0" + b"\x00" * 50, b"\x89PNG\r\n\x1a\n" + b"\x00" * 50],
)
def test_a_damaged_picture_is_refused(content):
    assert "已损坏或不完整" in refused(content, "a.jpg")


# --- Word and Excel ---------------------------------------------------------------------------------------------

RELS = "word/_rels/document.xml.rels"
OUTSIDE = (
    b'<Relationship Id="r99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>'
)
MACRO = b"ms-excel.sheet.macroEnabled.main"
PICTURE = OUTSIDE.replace(b"attachedTemplate", b"image")
CHUNK = OUTSIDE.replace(b"attachedTemplate", b"aFChunk").replace(b' TargetMode="External"', b"")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
COMMAND = b'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe"'
DDE_FIELD = (
    b'<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>' + COMMAND + b"</w:instrText></w:r>"
    b'<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r>'
)
DDE_SIMPLE = b"<w:p><w:fldSimple w:instr='" + COMMAND + b"'/></w:p>"
MACRO_BOOK = files.rezipped(files.xlsx(), replace={"[Content_Types].xml": (b"spreadsheetml.sheet.main", MACRO)})
LINK = OUTSIDE.replace(b"attachedTemplate", b"hyperlink")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (files.rezipped(files.docx(), add={"word/vbaProject.bin": b"x"}), "含有宏"),
        (files.rezipped(files.docx(), add={"word/activeX/activeX1.xml": b"x"}), "含有宏"),
        (files.rezipped(files.docx(), add={"word/embeddings/tool.EXE": b"x"}), "含有宏"),
        (files.rezipped(files.xlsx(), replace={"[Content_Types].xml": (b"spreadsheetml.sheet.main", MACRO)}), "含有宏"),
        (
            files.rezipped(files.docx(), replace={"[Content_Types].xml": (b"document.main+xml", b"template.main+xml")}),
            "已损坏或不完整",
        ),
        (files.rezipped(files.docx(), replace={RELS: (b"</Relationships>", OUTSIDE)}), "外部模板"),
        (files.rezipped(files.docx(), replace={RELS: (b"</Relationships>", PICTURE)}), "外部模板、图片"),
        (files.rezipped(files.docx(), replace={RELS: (b"</Relationships>", CHUNK)}), "aFChunk"),
        (files.rezipped(files.docx(), add={"word/media/image9.png": COMPOUND}), "嵌入的对象或宏"),
        (files.rezipped(files.docx(), add={"word/embeddings/oleObject1.bin": COMPOUND}), "嵌入的对象或宏"),
        (files.rezipped(files.docx(), replace={"word/document.xml": (b"<w:t>", DDE_FIELD + b"<w:t>")}), "DDE"),
        (files.rezipped(files.docx(), replace={"word/document.xml": (b"<w:p>", DDE_SIMPLE + b"<w:p>")}), "DDE"),
        (files.rezipped(files.docx(), add={"word/embeddings/chart.xlsx": MACRO_BOOK}), "含有宏"),
        (files.rezipped(files.docx(), replace={RELS: (b"</Relationships>", OUTSIDE)}, encoding="utf-16"), "外部模板"),
        (
            files.rezipped(files.docx(), add={"word/_rels/settings.xml.rels": b"<Relationship " * 60_000}),
            "已损坏或不完整",
        ),
        (files.rezipped(files.docx(), add={"../evil.xml": b"x"}), "含有宏或可执行内容"),
        (files.docx()[:-200], "格式"),
    ],
)
def test_an_office_file_that_is_not_what_it_should_be(content, words):
    assert words in refused(content, "a.docx")


def test_a_link_to_a_web_page_is_harmless():
    content = files.rezipped(files.docx(), replace={RELS: (b"</Relationships>", LINK)})
    assert accept_upload(sent(content, "a.docx")).content == content


def test_a_workbook_that_starts_a_program_is_refused():
    part = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    )
    assert "DDE" in refused(files.rezipped(files.xlsx(), add={"xl/externalLinks/externalLink1.xml": part}), "a.xlsx")


def test_binary_parts_of_a_workbook_are_not_read_as_records():
    """Twenty kilobytes of zeros, a part of no known type, held a worker for half a minute."""
    began = time.process_time()
    book = files.rezipped(files.xlsx(), add={"xl/printerSettings/printerSettings1.bin": bytes(20_000)})
    assert accept_upload(sent(book, "a.xlsx")).kind == "xlsx"
    assert time.process_time() - began < 5
    types = (
        b"<Default ",
        b'<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.main"/><Default ',
    )
    assert "另存为标准格式" in refused(files.rezipped(book, replace={"[Content_Types].xml": types}), "a.xlsx")


def test_the_workbook_behind_a_chart_is_harmless():
    assert (
        accept_upload(sent(files.rezipped(files.docx(), add={"word/embeddings/chart.xlsx": files.xlsx()}))).kind
        == "docx"
    )


def test_a_zip_bomb_is_refused_without_unpacking():
    bomb = files.rezipped(files.docx(), add={"word/media/image1.bmp": b"\x00" * (8 * MB)})
    assert len(bomb) < 100_000
    assert "解压后过大" in refused(bomb, "a.docx")


def test_unpacked_size_has_a_limit(monkeypatch):
    content = files.docx()

    unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    monkeypatch.setattr(office, "MAX_UNPACKED", unpacked)
    assert accept_upload(sent(content, "a.docx")).kind == "docx"
    monkeypatch.setattr(office, "MAX_UNPACKED", unpacked - 1)
    assert "解压后过大" in refused(content, "a.docx")


def test_what_a_file_embeds_counts_with_it(monkeypatch):
    """A small file may hold many others that each unpack to as much as one may."""
    inner = files.xlsx()
    content = files.rezipped(files.docx(), add={f"word/embeddings/{number}.xlsx": inner for number in range(3)})
    outside = zipfile.ZipFile(io.BytesIO(content)).infolist()
    parts = outside + 3 * zipfile.ZipFile(io.BytesIO(inner)).infolist()
    for limit, most in (("MAX_UNPACKED", sum(part.file_size for part in parts)), ("MAX_PARTS", len(parts))):
        with monkeypatch.context() as patched:
            patched.setattr(office, limit, most)
            assert accept_upload(sent(content, "a.docx")).kind == "docx"
            patched.setattr(office, limit, most - 1)
            assert "解压后过大" in refused(content, "a.docx")


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("申报书.docx", "申报书.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\材料\\证明.jpg", "证明.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("2026.1测试材料", "2026.1测试材料.pdf"),
        ('<b>"x"|?*</b>.pdf', "b_.pdf"),
        ("", "文件.pdf"),
        (" . . ", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
    ],
)
def test_names_are_safe(name, wanted):
    assert safe_name(name, "pdf") == wanted


def test_nothing_makes_sniffing_raise():
    for content in (
        b"",
        b"P",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\xff" * 100,
        b"\xff\xd8\xff",
        b"%PDF",
        b"\x00" * 2000,
    ):
        sniff(content)
