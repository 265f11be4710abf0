"""Merging, scans as pages, file names, fonts."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from core.papers import fonts
from core.papers.merge import file_name, image_pdf, merge_pdfs
from core.papers.render import PaperContext, render_paper
from tests.papers import pdf


def paper(text: str) -> bytes:
    return render_paper({"elements": [{"text": {"paragraphs": [text]}}]}, PaperContext(blank=True))


def test_merging_keeps_order_and_names_the_parts():
    merged = merge_pdfs([paper("甲件"), paper("乙件")], titles=["甲", "乙"])
    assert ["甲件" in pdf.texts(merged)[0], "乙件" in pdf.texts(merged)[1]] == [True, True]
    assert [one.title for one in PdfReader(io.BytesIO(merged)).outline] == ["甲", "乙"]


def test_what_cannot_be_merged_is_named():
    writer = PdfWriter(io.BytesIO(paper("密件")))
    writer.encrypt("secret", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ValueError, match="file 2 needs a password"):
        merge_pdfs([paper("甲"), locked.getvalue()])
    with pytest.raises(ValueError, match="file 1 is no readable PDF"):
        merge_pdfs([b"no pdf"])
    with pytest.raises(ValueError, match="nothing"):
        merge_pdfs([])


@pytest.mark.parametrize(("size", "sheet"), [((800, 1100), (210, 297)), ((1100, 800), (297, 210))])
def test_a_picture_becomes_a_page(size, sheet):
    target = io.BytesIO()
    Image.new("RGBA", size, (200, 0, 0, 90)).save(target, "PNG")
    assert pdf.sizes(image_pdf(target.getvalue())) == {sheet}
    with pytest.raises(ValueError):
        image_pdf(b"no picture")


def test_file_names():
    assert file_name(3, "西昌学院", "甲基地", "申报书") == "03_西昌学院_甲基地_申报书.pdf"
    assert file_name("附1", "", 'a/b\\c:*?"<>|', "..表\u202egpj\x00", "XLSX") == "附1_abc_表gpj.xlsx"
    long = file_name(12, "校" * 90, "基" * 90, "材" * 90)
    assert len(long.encode()) <= 240
    assert long.startswith("12_校")
    assert file_name("", "", "", "") == "文件.pdf"


def test_the_font_file_names_the_package_the_institution_and_a_cache(settings, tmp_path):
    own = tmp_path / "own fonts & more"
    own.mkdir()
    settings.LIANPEI_FONTS_DIR = str(own)
    written = fonts.configuration(tmp_path / "home")
    content = written.read_text("utf-8")
    assert "own fonts &amp; more" in content
    assert "pylopdf_fonts_zh_cn" in content
    assert f"<cachedir>{tmp_path / 'home' / 'cache'}</cachedir>" in content
    stamp = written.stat().st_mtime_ns
    assert fonts.configuration(tmp_path / "home").stat().st_mtime_ns == stamp


def test_font_stacks_begin_with_the_office_face():
    assert fonts.stack("song").startswith('"SimSun", "宋体"')
    assert fonts.stack("song").endswith(", serif")


def test_characters_without_a_glyph_are_found():
    assert fonts.unprintable("赵䶮 珺玥祎彧昇·〇㎡①Ⅰ“”—…\n") == ""
    assert fonts.unprintable("\U00012f90野家\U00012f90\ufe0f\u200d") == "\U00012f90"  # Cypro-Minoan: no font of ours
