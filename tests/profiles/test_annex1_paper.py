"""Annex 1 as the profile's own layout prints it: cover, labels, blocks, sheets (X-8, X-10, X-19, X-23, X-25)."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from pypdf import PdfReader

from core.papers.fonts import STACKS
from core.papers.layout import parse_layout
from core.papers.render import PaperContext, render_paper, render_print
from tests.profiles.samples import ANNEX1, COLLEGE, PARTNER, form, profile, text, with_

NAMES = {COLLEGE: "农业科学学院", PARTNER: "青岐市高原作物试验站（演示）"}
MM = 72 / 25.4


def names(kind: str, value) -> str:
    return NAMES.get(value, str(value))


def layout():
    return parse_layout(profile("xcu").papers["application"].layout)


def pages(content: bytes) -> list[str]:
    """The text of each page without white space."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def context(**more) -> PaperContext:
    more.setdefault("answers", ANNEX1)
    return PaperContext(form=form("xcu", "annex1"), number="XCU-2026-001", names=names, **more)


@pytest.fixture(scope="module")
def filled() -> list[str]:
    return pages(render_paper(layout(), context()))


@pytest.mark.clause("XCU-A1.C0", "XCU-A1.C8", "XCU-A1.C9")
def test_the_cover_comes_first(filled):
    for printed in (
        "附件1",
        "西昌学院研究生联合培养基地申报书",
        "西昌学院制",
        "二〇二六年三月",
        "农业科学学院",
        "2026年3月1日",
    ):
        assert printed in filled[0]


@pytest.mark.clause("XCU-A1.C9")
def test_a_blank_form_leaves_the_last_digit_of_the_year_open():
    cover = pages(render_paper(layout(), PaperContext(form=form("xcu", "annex1"), blank=True)))[0]
    assert "二〇二年月" in cover
    assert "填写校内培养单位名称" in cover


@pytest.mark.clause("XCU-A1.N3")
def test_a4_pages_are_imposed_on_a3_and_the_cover_stays_outside():
    flat = PdfReader(io.BytesIO(render_paper(layout(), context())))
    assert {(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in flat.pages} == {(210, 297)}
    sheets = PdfReader(io.BytesIO(render_print(layout(), context())))
    assert {(round(page.mediabox.width / MM), round(page.mediabox.height / MM)) for page in sheets.pages} == {
        (420, 297)
    }
    assert len(sheets.pages) == -(-len(flat.pages) // 4) * 2
    assert "西昌学院制" in sheets.pages[0].extract_text()
    assert (layout().font, layout().size) == ("song", 12)


@pytest.mark.clause("XCU-A1.N3")
def test_the_body_is_set_in_song_of_12_points():
    """小四宋体: SimSun comes first where the house has it; what is typed in is 12 points in every field."""
    used: Counter = Counter()

    def count(words, outer, inner, font, size):
        if words.strip():
            points = round(size * outer[0] * inner[0], 2)
            used[font["/BaseFont"].split("+")[1].replace("-", " "), points] += len(words.strip())

    for page in PdfReader(io.BytesIO(render_paper(layout(), context()))).pages[1:]:
        page.extract_text(visitor_text=count)
    family, size = used.most_common(1)[0][0]
    assert STACKS["song"][0] == "SimSun" and family in STACKS["song"]
    assert size == 12


LABELS = {
    "II": [
        "专业学位类别或一级学科名称",
        "代码",
        "校内导师人数",
        "近3年招生人数",
        "近3年国家级科研项目",
        "近3年省部级科研项目",
        "近3年横向科研项目",
        "总经费数(万元)",
        "导师年均科研项目数(项)",
        "导师年均科研经费总数(万元)",
        "导师年均横向科研经费数(万元)",
        "E-mail",
    ],
    "III": [
        "合作单位名称",
        "通讯地址",
        "基地建设负责人",
        "基地建设联系人",
        "合作单位主要专业领域",
        "每年拟接受联合培养研究生人数",
        "总人数",
        "高级技术职称人数",
        "博士学位以上员工人数",
        "近三年年均科研经费投入（万元）",
    ],
    "IV": ["单价10万元以上", "仪器设备（平台）名称", "规格型号（训练内容）", "购置（建设）时间"],
}

TITLES = {"II": "申报单位基本情况", "III": "合作单位基本情况", "IV": "支撑条件"}


@pytest.mark.parametrize("part", list(LABELS))
def test_printed_labels_stand_on_their_part(filled, part):
    page = next(one for one in filled if part + TITLES[part] in one)
    for label in LABELS[part]:
        assert label in page


@pytest.mark.clause("XCU-A1.I")
def test_a_long_analysis_runs_on_over_more_pages(filled):
    more = pages(render_paper(layout(), context(answers=with_(ANNEX1, necessity=text(6000)))))
    assert len(more) - len(filled) == 3
    assert "可加附页" in "".join(more)


def test_prices_are_not_printed(filled):
    assert "318" not in "".join(filled)


@pytest.mark.clause("XCU-A1.V.1", "XCU-A1.V.2", "XCU-A1.V.3", "XCU-A1.V.4")
def test_four_opinion_blocks_of_which_two_have_a_personal_signature(filled):
    blocks = filled[-1]
    order = [
        blocks.index(title)
        for title in ("校内申报单位意见：", "基地建设合作单位意见：", "学科与研究生处意见：", "学校意见：")
    ]
    assert order == sorted(order)
    assert (blocks.count("院长签章："), blocks.count("负责人签章：")) == (1, 1)
    assert blocks.count("年月日") == blocks.count("公章") == 4


@pytest.mark.clause("XCU-A1.V.4")
def test_a_recorded_opinion_is_printed_with_its_date_and_the_others_stay_empty():
    given = {
        "college_opinion": {
            "text": "材料属实，同意申报。",
            "person": "吉克·拉则",
            "unit": "农业科学学院",
            "date": "2026-03-03",
        }
    }
    blocks = pages(render_paper(layout(), context(opinions=given)))[-1]
    assert "材料属实，同意申报。" in blocks
    assert "2026年3月3日" in blocks
    assert blocks.count("年月日") == 3
