"""Drafts for the office system: .docx marked 代拟稿, in the usual faces, without document number or red head."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import clock

MARK = "代拟稿"
BODY, HEI, KAI, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
LEVEL_ONE = re.compile(r"[一二三四五六七八九十]{1,3}、")
LEVEL_TWO = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")
UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_docx(
    title: str,
    paragraphs: Sequence[str],
    table: tuple[Sequence[str], Sequence[Sequence[Any]]] | None = None,
    *,
    addressee: str = "",
    signer: str = "",
    date: str = "",
    attachments: Sequence[str] = (),
) -> bytes:
    """A draft letter or notice as .docx bytes.

    paragraphs: body; those that begin with 一、 or （一） are set as headings of the first and second level.
    table: (head, rows) printed behind the body as an annex. addressee: 主送; signer and date (as it shall read):
    at the foot, right. The mark 代拟稿 stands at the top; number and red head are left to the office system.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    _line(document, MARK, HEI, 16)
    _line(document, title, TITLE, 22, WD_ALIGN_PARAGRAPH.CENTER, spacing=32)
    _line(document, "", BODY, 16)
    if addressee:
        _line(document, addressee.rstrip("：:") + "：", BODY, 16)
    for text in paragraphs:
        face = HEI if LEVEL_ONE.match(text) else KAI if LEVEL_TWO.match(text) else BODY
        _line(document, text, face, 16, WD_ALIGN_PARAGRAPH.JUSTIFY, indent=True)
    for at, name in enumerate(attachments, 1):
        label = "附件：" if at == 1 else "　　　"
        _line(
            document,
            f"{label}{at}. {name}" if len(attachments) > 1 else f"{label}{name}",
            BODY,
            16,
            indent=True,
        )
    for text in (signer, date):
        if text:
            _line(document, text, BODY, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    if table:
        _table(document, *table)
    document.core_properties.author, document.core_properties.title = "联培", _clean(title)[:200]
    document.core_properties.comments = MARK
    document.core_properties.created = document.core_properties.modified = clock.now().replace(tzinfo=None)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _clean(text: Any) -> str:
    return UNUSABLE.sub("", str(text))


def _run(paragraph: Any, text: Any, face: str, size: float) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.name, run.font.size = face, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _line(
    document: Any,
    text: str,
    face: str,
    size: float,
    align: Any = None,
    *,
    indent: bool = False,
    spacing: float = 28,
) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    form.space_before = form.space_after = Pt(0)
    if indent:
        form.first_line_indent = Pt(2 * size)
    if align is not None:
        paragraph.alignment = align
    _run(paragraph, text, face, size)


def _table(document: Any, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The annex on a page of its own; the head repeats on every page."""
    document.add_page_break()
    _line(document, "附件", HEI, 16)
    table = document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, row in enumerate([head, *rows]):
        cells = table.rows[number].cells
        for place, value in enumerate(row):
            paragraph = cells[place].paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(paragraph, "" if value is None else value, HEI if number == 0 else BODY, 12)
    properties = table.rows[0]._tr.get_or_add_trPr()
    repeat = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(repeat)
