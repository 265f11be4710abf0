"""Layouts: the example is complete and valid, wrong ones are refused with the place."""

from __future__ import annotations

import pytest
import yaml

from core.forms.spec import parse_form
from core.papers import elements, layout
from core.papers.auto import default_layout
from core.papers.layout import LayoutError, bindings, check_bindings, opinion_keys, parse_layout
from tests.papers import annex1


def test_the_example_in_the_docs_shows_every_element():
    parsed = parse_layout(yaml.safe_load(layout.example()))
    assert {layout.kind_of(one) for one in parsed.elements} == set(elements.KINDS)
    assert opinion_keys(parsed) == ("op_mentor", "op_college", "op_school")
    assert parsed.copies == ("学科与研究生处存", "学院存", "本人存")


def test_bindings_name_columns_of_tables():
    keys = bindings(parse_layout(annex1.LAYOUT))
    assert {"base_name", "disciplines", "disciplines.name", "equipment.acquired_on", "cond_5_7"} <= keys
    assert "op_college" not in keys


@pytest.mark.parametrize(
    ("elements_", "message"),
    [
        ([{"cover": {"title": "甲", "titel": "乙"}}], "paper.elements[0].cover: unknown titel"),
        ([{"covers": {}}], "unknown element covers"),
        ([{"cover": {}}], "title is missing"),
        ([{"title": {"title": {"de": "x"}}}], "a text is a string"),
        ([{"grid": {"columns": 3, "rows": [["甲", "乙"]]}}], "rows[0] leaves column 3 empty"),
        ([{"grid": {"columns": 2, "rows": [["甲", "乙", "丙"]]}}], "rows[0] has more cells than columns"),
        (
            [{"grid": {"columns": 2, "rows": [[{"text": "甲", "rowspan": 2}, "乙"]]}}],
            "a rowspan runs past the last row",
        ),
        ([{"grid": {"columns": 1, "rows": [[{"text": "甲", "value": "b"}]]}}], "exactly one of"),
        ([{"grid": {"columns": [1, 0], "rows": []}}], "a list of widths"),
        ([{"grid": {"columns": 1, "rows": [[{"value": False}]]}}], "quote yes, no"),
        ([{"text": {"paragraphs": ["甲"], "align": "middle"}}], "one of left, center, right"),
        ([{"title": {"title": "甲"}}, {"cover": {"title": "乙"}}], "the cover comes first"),
        ([], "a paper needs elements"),
    ],
)
def test_wrong_layouts_are_refused_with_their_place(elements_, message):
    with pytest.raises(LayoutError) as refused:
        parse_layout({"elements": elements_})
    assert message in str(refused.value)


def test_unknown_keys_of_the_paper_are_refused():
    with pytest.raises(LayoutError, match="unknown paper_size"):
        parse_layout({"elements": ["new_page"], "paper_size": "A5"})


FORM = parse_form(
    {
        "key": "f",
        "title": "申请书",
        "sections": [
            {
                "key": "base",
                "title": "一、基本情况",
                "fields": [
                    {"key": "name", "type": "text", "label": "名称", "local": True},
                    {
                        "key": "kind",
                        "type": "choice",
                        "label": "类型",
                        "local": True,
                        "options": [{"code": "a", "label": "校外"}, {"code": "b", "label": "其他"}],
                        "other": "b",
                    },
                    {"key": "why", "type": "longtext", "label": "理由", "local": True},
                    {
                        "key": "money",
                        "type": "table",
                        "label": "投入",
                        "local": True,
                        "columns": [
                            {"key": "who", "type": "text", "label": "投入方"},
                            {"key": "sum", "type": "money", "label": "金额", "unit": "元"},
                        ],
                    },
                    {
                        "key": "check",
                        "type": "checklist",
                        "label": "核对",
                        "local": True,
                        "items": [{"code": "x", "label": "规模"}, {"code": "y", "label": "信誉"}],
                    },
                    {"key": "files", "type": "file", "label": "附件", "local": True},
                    {"key": "sign", "type": "signature", "label": "负责人签字", "local": True},
                ],
            },
        ],
    }
)


def test_keys_the_form_does_not_have_are_found():
    parsed = parse_layout(
        {
            "elements": [
                {"box": {"value": "reason"}},
                {"section": {"key": "nowhere"}},
                {"text": {"paragraphs": ["{name}"]}},
            ]
        }
    )
    assert check_bindings(parsed, FORM) == ["reason", "section nowhere"]


def test_a_form_without_layout_gets_one():
    made = default_layout(FORM)
    assert check_bindings(made, FORM) == []
    assert made.title == "申请书"
