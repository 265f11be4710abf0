"""Drafts for the office system."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml.ns import qn

from core.papers.drafts import write_docx


def test_a_draft_is_marked_and_has_neither_number_nor_red():
    content = write_docx(
        "关于报送推荐材料的函",
        ["现报送如下。", "一、推荐情况", "（一）数量", "共<b>3</b>个\x00。"],
        (["序号", "基地名称"], [[1, "甲基地"], [2, None]]),
        addressee="岚江省教育厅",
        signer="岚江大学",
        date="2026年11月24日",
        attachments=["推荐汇总表", "证明材料"],
    )
    document = Document(io.BytesIO(content))
    texts = [one.text for one in document.paragraphs]
    assert texts[0] == "代拟稿"
    assert texts[1] == "关于报送推荐材料的函"
    assert "岚江省教育厅：" in texts
    assert "共<b>3</b>个。" in texts
    assert "附件：1. 推荐汇总表" in texts
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["序号", "基地名称"],
        ["1", "甲基地"],
        ["2", ""],
    ]
    assert "〔" not in "".join(texts)
    assert all(run.font.color.rgb is None for one in document.paragraphs for run in one.runs)
    faces = {one.text: one.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for one in document.paragraphs if one.text}
    assert (faces["一、推荐情况"], faces["（一）数量"], faces["现报送如下。"]) == (
        "黑体",
        "楷体_GB2312",
        "仿宋_GB2312",
    )
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.top_margin.mm)) == (210, 37)
