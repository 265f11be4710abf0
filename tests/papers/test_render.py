"""The PDFs themselves: what stands on which page, paper sizes, faces, spilling, escaping, sameness."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess

import pytest
import segno
from PIL import Image
from pypdf.generic import NameObject

from core.papers.auto import default_layout
from core.papers.booklet import impose_booklet, sheet_order
from core.papers.fetcher import PaperFetcher, RefusedAddress
from core.papers.layout import parse_layout
from core.papers.render import OpinionText, PaperContext, render_paper, render_print, version_code
from core.papers.standard import agreement_layout, certificate_layout, comparison_layout, one_page_layout
from tests.papers import annex1, pdf
from tests.papers.test_layout import FORM

LAYOUT = parse_layout(annex1.LAYOUT)
CODE = version_code("xcu.annex1", annex1.ANSWERS)
FINAL = {
    "number": "XCU-2026-0007",
    "version_code": CODE,
    "verify_url": f"https://portal.example/verify/{CODE}",
    "state": "final",
}


def annex(**changes) -> PaperContext:
    return PaperContext(answers={**annex1.ANSWERS, **changes}, opinions=annex1.OPINIONS, **FINAL)


@pytest.fixture(scope="module")
def final() -> bytes:
    return render_paper(LAYOUT, annex())


@pytest.fixture(scope="module")
def blank() -> bytes:
    return render_paper(LAYOUT, PaperContext(blank=True))


def test_the_cover_is_page_one_with_all_its_lines(final):
    first = pdf.texts(final)[0]
    assert first.startswith("附件1西昌学院研究生联合培养基地申报书")
    for text in (
        "基地名称：青岐学院—高原作物试验站研究生联合培养基地",
        "申报单位：农业科学学院",
        "合作单位：青岐市高原作物试验站（演示）",
        "负责人：吉克·拉则",
        "联系人：赵䶮",
        "联系电话：0834-0000123",
        "申报日期：2026年9月1日",
        "西昌学院制",
        "二〇二六年九月",
    ):
        assert text in first


def test_a_blank_form_leaves_year_and_month_open_and_has_no_code(blank):
    assert "二〇二年月" in pdf.texts(blank)[0]
    assert "（填写校内培养单位名称）" in pdf.texts(blank)[0]
    assert "校验码" not in pdf.whole(blank)
    assert "不得用印" not in pdf.whole(blank)


def test_screen_pages_are_a4_and_printed_sheets_a3(final):
    assert pdf.sizes(final) == {(210, 297)}
    booklet = render_print(LAYOUT, annex())
    assert pdf.sizes(booklet) == {(420, 297)}
    count = len(pdf.pages(final))
    assert len(pdf.pages(booklet)) == -(-count // 4) * 2
    assert "附件1" in pdf.texts(booklet)[0]
    assert "填表说明" in pdf.texts(booklet)[1]


def test_body_text_is_song_of_twelve_points(final):
    body = [(font, size) for text, font, size in pdf.runs(pdf.pages(final)[2]) if "必要性与可行性" in text]
    assert body
    assert {size for _, size in body} == {12.0}
    assert all("Serif" in font or "Song" in font or "SimSun" in font for font, _ in body)


def test_fonts_are_embedded(final):
    for font in pdf.pages(final)[0]["/Resources"]["/Font"].values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"].get_object())


def test_four_opinion_blocks_two_of_them_with_a_personal_signature(blank):
    last = pdf.texts(blank)[-1]
    assert last.count("公章") == 4
    assert last.count("年月日") == 4
    assert (last.count("院长签章："), last.count("负责人签章：")) == (1, 1)
    order = [
        last.index(text)
        for text in ("校内申报单位意见：", "基地建设合作单位意见：", "学科与研究生处意见：", "学校意见：")
    ]
    assert order == sorted(order)


def test_a_recorded_opinion_is_printed_with_its_record_and_date(final):
    last = pdf.texts(final)[-1]
    assert "经学院党政联席会研究，材料属实，同意申报。平台办理记录：吉克·拉则农业科学学院2026年9月3日" in last
    assert "院长签章：公章2026年9月3日" in last
    assert last.count("年月日") == 3


def test_every_page_of_a_final_carries_number_code_and_qr(final):
    pages, texts = pdf.pages(final), pdf.texts(final)
    for number, text in enumerate(texts, 1):
        assert f"编号：XCU-2026-0007｜版本校验码：{CODE}｜第{number}页共{len(pages)}页" in text


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not installed")
def test_the_printed_qr_code_is_that_of_the_verification_address(final):
    """Rasterise the last page and compare the code module by module."""
    last = str(len(pdf.pages(final)))
    command = ["pdftoppm", "-r", "300", "-f", last, "-l", last, "-gray", "-"]
    picture = Image.open(io.BytesIO(subprocess.run(command, input=final, capture_output=True, check=True).stdout))
    dot = 300 / 25.4
    corner = picture.crop([round(mm * dot) for mm in (175, 268, 209, 296)]).point(lambda grey: 255 if grey < 128 else 0)
    code = corner.crop(corner.getbbox())
    wanted = [list(row) for row in segno.make(FINAL["verify_url"], error="m", micro=False).matrix]
    step = code.width / len(wanted)
    seen = [
        [1 if code.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) else 0 for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert seen == wanted
    assert 14 < code.width / dot < 16


def test_a_draft_says_so_on_every_page():
    draft = PaperContext(answers=annex1.ANSWERS, number="XCU-2026-0007", version_code=CODE)
    for text in pdf.texts(render_paper(LAYOUT, draft)):
        assert text.count("草稿（不得用印）") == 2
        assert CODE not in text


def test_a_version_for_review_says_so():
    review = PaperContext(answers={"a": "甲"}, number="N1", version_code=CODE, state="review")
    content = render_paper({"elements": [{"box": {"value": "a"}}]}, review)
    assert "送审稿" in pdf.whole(content)
    assert f"编号：N1｜送审稿｜版本校验码：{CODE}｜第1页共1页" in pdf.whole(content)


def test_six_thousand_characters_run_on_over_pages_without_loss(final):
    text = annex1.text(6000)
    content = render_paper(LAYOUT, annex(necessity=text))
    assert len(pdf.pages(content)) > len(pdf.pages(final)) + 3
    printed = "".join(page.split("编号：")[0] for page in pdf.texts(content))
    assert text.replace("\n", "") in printed


def test_a_cell_with_five_thousand_characters_runs_on_over_pages():
    text = annex1.text(5000)
    rows = [[{"text": "总结报告", "vertical": True}, {"value": "report"}], ["签名", "日期"]]
    layout = {"elements": [{"grid": {"columns": [1, 6], "rows": rows}}]}
    content = render_paper(layout, PaperContext(answers={"report": text}, **FINAL))
    assert len(pdf.pages(content)) > 3
    printed = "".join(page.split("编号：")[0] for page in pdf.texts(content)).replace("总结报告", "")
    assert text.replace("\n", "") in printed
    assert printed.endswith("签名日期")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_nothing_is_cut_off_at_the_margins(final):
    """Every word lies inside the paper."""
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=final, capture_output=True, check=False
    ).stdout.decode()
    if not boxes:
        pytest.skip("pdftotext is not installed")
    for left, top, right, bottom in re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes
    ):
        assert 0 < float(left) < float(right) < 595.3
        assert 0 < float(top) < float(bottom) < 841.9


def test_the_grid_prints_numbers_as_entered_and_empty_rows_stay(final, blank):
    page = pdf.texts(final)[3]
    assert "总数（项）3总经费数（万元）186.5" in page
    assert "导师年均科研项目数（项）1.5" in page
    assert "农业095124146电子信息0854" in page
    fourth = pdf.texts(final)[-2]
    assert "近红外谷物分析仪NIR-1241（品质测定训练）2024年3月" in fourth
    assert "318000" not in pdf.whole(final)
    assert "参与基地建设的学科、专业情况" in pdf.texts(blank)[3]


EVIL = [
    "<b>粗</b><script>alert(1)</script>",
    '<img src="http://evil.example/x.png">',
    "<style>@import url(file:///etc/passwd)</style>",
    '"><link rel=stylesheet href=http://evil.example/x.css>',
    "{{ settings.SECRET_KEY }}{% include 'x' %}",
    "&lt;i&gt; &amp;",
]


def test_markup_in_answers_is_printed_as_text():
    layout = {
        "elements": [
            {"title": {"title": "题", "lines": [{"label": "名称", "value": "a"}]}},
            {"text": {"paragraphs": ["正文{a}"]}},
            {"grid": {"columns": 2, "rows": [[{"value": "a"}, {"opinion": "o"}]]}},
            {"diff": {"value": "d"}},
            {"clauses": {"value": "c"}},
        ]
    }
    text = " ".join(EVIL)
    shown = "".join(text.split())
    answers = {"a": text, "d": [{"left": "", "right": text}], "c": [{"heading": text, "text": text}]}
    content = render_paper(layout, PaperContext(answers=answers, opinions={"o": OpinionText(text=text)}))
    assert pdf.whole(content).count(shown) >= 5


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/x.png",
        "https://evil.example/x",
        "file:///etc/passwd",
        "ftp://h/x",
        "data:image/png;base64,AAAA",
        "paper:/static/../../config/settings.py",
        "paper:/static/css/papers/../../../manage.py",
        "paper:/static/css/site.css",
        "paper://host/static/css/papers/paper.css",
        "paper:/etc/passwd",
        "paper:/qr.svg?x",
        "/etc/passwd",
        "gopher://x",
    ],
)
def test_only_the_projects_own_addresses_are_fetched(url):
    with pytest.raises(RefusedAddress):
        PaperFetcher("https://portal.example/v/1").fetch(url)


def test_own_addresses_are_fetched():
    fetcher = PaperFetcher("https://portal.example/v/1")
    assert b"@page" in fetcher.fetch("paper:/static/css/papers/paper.css").read()
    assert b"<svg" in fetcher.fetch("paper:/qr.svg").read()
    with pytest.raises(RefusedAddress):
        PaperFetcher("").fetch("paper:/qr.svg")


def test_equal_input_gives_equal_bytes(final):
    assert hashlib.sha256(render_paper(LAYOUT, annex())).digest() == hashlib.sha256(final).digest()
    assert render_print(LAYOUT, annex()) == render_print(LAYOUT, annex())


def test_version_codes_follow_the_content():
    again = version_code("xcu.annex1", dict(reversed(annex1.ANSWERS.items())))
    assert again == CODE
    assert [len(part) for part in CODE.split("-")] == [4, 4, 4]
    assert CODE.upper() == CODE
    assert not set(CODE) & set("ILOU")
    changed = {**annex1.ANSWERS, "phone": "0834-0000124"}
    assert (
        len(
            {
                CODE,
                version_code("xcu.annex1", changed),
                version_code("xcu.annex2", annex1.ANSWERS),
                version_code("xcu.annex1", annex1.ANSWERS, annex1.OPINIONS),
            }
        )
        == 4
    )


def test_rare_characters_have_glyphs():
    names = "赵䶮 珺 玥 祎 彧 昇 降央泽仁 阿依努尔·卡德尔 〇 ㎡ ① Ⅰ"
    content = render_paper({"elements": [{"text": {"paragraphs": ["{a}"]}}]}, PaperContext(answers={"a": names}))
    assert "".join(names.split()) in pdf.whole(content)
    assert all("Serif" in font or "Sim" in font for text, font, _ in pdf.runs(pdf.pages(content)[0]) if "䶮" in text)


def test_one_labelled_copy_for_each_holder():
    layout = parse_layout(
        {"elements": [{"box": {"value": "a"}}, {"copies": {"labels": ["研究生处存", "学院存", "本人存"]}}]}
    )
    content = render_paper(layout, PaperContext(answers={"a": "甲"}, copies=layout.copies, **FINAL))
    texts = pdf.texts(content)
    assert [next(label for label in layout.copies if label in text) for text in texts] == list(layout.copies)
    assert all("第1页共1页" in text for text in texts)


def test_choices_in_brackets_and_boxes():
    options = [{"code": "outside", "label": "校外基地"}, {"code": "other", "label": "其他"}]
    rows = [[{"choice": "kind", "style": style, "options": options}] for style in ("brackets", "boxes")]
    content = render_paper(
        {"elements": [{"grid": {"columns": 1, "rows": rows}}]}, PaperContext(answers={"kind": "outside"})
    )
    assert "校外基地（√）其他（）" in pdf.whole(content)
    assert "√校外基地" in pdf.whole(content)


def test_house_layout_of_a_form_section():
    answers = {
        "name": "甲基地",
        "kind": "b",
        "kind_other": "实验室",
        "why": annex1.text(120),
        "files": [4, 5],
        "money": [{"who": "学校", "sum": "600000"}, {"who": "医院", "sum": "1.5"}],
        "check": {"x": {"checked": True, "remark": "大"}, "y": {"checked": False, "remark": ""}},
    }

    context = PaperContext(answers=answers, form=FORM, names=lambda kind, value: f"{kind}{value}.pdf", **FINAL)
    text = pdf.whole(render_paper(default_layout(FORM), context))
    for part in (
        "一、基本情况",
        "类型其他（实验室）",
        "金额（元）",
        "1学校600000",
        "1规模√大",
        "file4.pdf；file5.pdf",
        "负责人签字：",
    ):
        assert part in text


def test_totals_are_exact():
    columns = [
        {"title": "项", "value": "a"},
        {"title": "金额", "value": "b", "total": True, "format": "money"},
    ]
    content = render_paper(
        {"elements": [{"rows_table": {"value": "t", "columns": columns, "number": "序号"}}]},
        PaperContext(answers={"t": [{"a": "甲", "b": "0.1"}, {"a": "乙", "b": "0.2"}, {"a": "丙", "b": None}]}),
    )
    assert "合计0.30" in pdf.whole(content)


def test_repeating_tables_repeat_their_head():
    columns = [{"title": "姓名", "value": "name"}]
    rows = [{"name": f"学生{number}"} for number in range(120)]
    content = render_paper(
        {"elements": [{"rows_table": {"value": "t", "columns": columns}}]}, PaperContext(answers={"t": rows})
    )
    texts = pdf.texts(content)
    assert len(texts) > 3
    assert all("姓名" in text for text in texts)
    assert "学生119" in texts[-1]


def test_certificate():
    answers = {
        "base_name": "青岐学院—高原作物试验站研究生联合培养基地",
        "university": "青岐学院",
        "partner": "高原作物试验站",
        "base_no": "JD-7",
        "period": {"from": "2025-12-01", "to": "2030-11-30"},
        "issuer": "青岐学院",
        "issued_on": "2025-12-05",
        "document_no": "青院〔2025〕75号",
    }
    content = render_paper(certificate_layout(), PaperContext(answers=answers, **FINAL))
    (text,) = pdf.texts(content)
    for part in (
        "研究生联合培养基地证书",
        answers["base_name"],
        "由青岐学院与高原作物试验站共建",
        "基地编号：JD-7",
        "有效期：2025年12月1日至2030年11月30日",
        "批准文号：青院〔2025〕75号",
        "二〇二五年十二月五日",
        CODE,
    ):
        assert part in text


def test_agreement_with_numbered_clauses_and_a_signing_page():
    parties = [
        {"label": "甲方", "name": "青岐学院"},
        {"label": "乙方", "name": "试验站", "uscc": "12990300DEMP000334"},
    ]
    clauses = [{"heading": f"题{number}", "text": annex1.text(150), "key": "ip"} for number in range(1, 12)]
    context = PaperContext(title="研究生联合培养基地协议书", answers={"parties": parties, "clauses": clauses}, **FINAL)
    texts = pdf.texts(render_paper(agreement_layout(), context))
    assert "甲方：青岐学院" in texts[0]
    assert "统一社会信用代码：12990300DEMP000334" in texts[0]
    assert "第十一条题11" in "".join(texts)
    last = texts[-1]
    assert last.startswith("（本页无正文，为《研究生联合培养基地协议书》签署页）")
    assert last.count("（公章）") == 2
    assert last.count("法定代表人或授权代表（签字）：") == 2
    assert f"骑缝章：本协议共{len(texts)}页" in last
    assert CODE in last


def test_comparison_shows_what_was_taken_away_and_what_came():
    changes = [
        {
            "clause": "第五条",
            "left": "成果归双方共有。",
            "right": "成果归甲方所有。",
            "reason": "合作单位要求",
        },
        {"clause": "第六条", "left": "", "right": "新条"},
    ]
    context = PaperContext(answers={"agreement": "协议书", "changes": changes}, **FINAL)
    content = render_paper(comparison_layout(), context)
    assert pdf.sizes(content) == {(297, 210)}
    assert "1第五条成果归双方共有。成果归甲方所有。合作单位要求2第六条（无此条）新条" in pdf.whole(content)


def test_one_page_paper():
    layout = one_page_layout("材料受理回执", ["今收到{name}材料。"], facts=[("日期", "on")], sign="经办人（签字）：")
    content = render_paper(layout, PaperContext(answers={"name": "甲基地", "on": "2026-09-01"}, **FINAL))
    assert "今收到甲基地材料。日期2026年9月1日" in pdf.whole(content)


def test_a_final_needs_number_and_code():
    with pytest.raises(ValueError, match="number and a version code"):
        PaperContext(state="final")
    with pytest.raises(ValueError, match="no state"):
        PaperContext(state="printed")


@pytest.mark.parametrize(
    ("count", "order"),
    [
        (1, [(None, 0), (None, None)]),
        (4, [(3, 0), (1, 2)]),
        (5, [(None, 0), (1, None), (None, 2), (3, 4)]),
        (8, [(7, 0), (1, 6), (5, 2), (3, 4)]),
    ],
)
def test_order_of_pages_in_a_booklet(count, order):
    assert sheet_order(count) == order


def test_a_booklet_needs_a_page():
    with pytest.raises(ValueError):
        sheet_order(0)


def test_folding_a_booklet_gives_the_pages_in_order():
    elements = [{"text": {"paragraphs": [f"第{number}篇"]}} for number in range(1, 7)]
    between = [one for element in elements for one in (element, "new_page")][:-1]
    content = impose_booklet(render_paper({"elements": between}, PaperContext(blank=True)))
    texts = pdf.texts(content)
    assert [("第1篇" in texts[0]), ("第2篇" in texts[1]), ("第6篇" in texts[2]), ("第4篇" in texts[3])] == [True] * 4
    assert NameObject("/Annots") not in pdf.pages(content)[0]
