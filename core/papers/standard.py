"""Layouts that belong to no form: certificate, agreement, comparison, simple one-page papers.

A profile may bring its own layout for each; these are used where it does not. Each docstring names the answers the
layout prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .layout import PaperLayout, parse_layout


def certificate_layout(title: str = "研究生联合培养基地证书", body: Iterable[str] = ()) -> PaperLayout:
    """基地证书. Answers: base_name, university, partner, base_no, period, issuer, issued_on, document_no."""
    return parse_layout(
        {
            "title": title,
            "elements": [
                {
                    "certificate": {
                        "title": title,
                        "name": "base_name",
                        "body": list(body)
                        or ["经审定，认定由{university}与{partner}共建的上述基地为研究生联合培养基地。"],
                        "facts": [
                            {"label": "基地编号", "value": "base_no"},
                            {"label": "有效期", "value": "period", "format": "period"},
                            {"label": "批准文号", "value": "document_no"},
                        ],
                        "issuer": "issuer",
                        "date": "issued_on",
                    }
                }
            ],
        }
    )


def agreement_layout(title: str = "研究生联合培养基地协议书") -> PaperLayout:
    """协议书 with signing page. Answers: parties (table), opening, clauses (table heading, text), closing."""
    return parse_layout(
        {
            "title": title,
            "font": "fangsong",
            "size": 14,
            "elements": [
                {"title": {"title": title, "number": "协议编号"}},
                {"parties": {"value": "parties"}},
                {"box": {"value": "opening", "frame": False}},
                {"clauses": {"value": "clauses"}},
                {"box": {"value": "closing", "frame": False}},
                {
                    "signing": {
                        "value": "parties",
                        "new_page": True,
                        "hint": "骑缝章：本协议共{pages}页，请各方在全部页面骑缝处加盖公章。",
                    }
                },
            ],
        }
    )


def comparison_layout(left: str = "模板文本", right: str = "本协议文本") -> PaperLayout:
    """协议修改对照表. Answers: agreement (name), changes (table clause, left, right, reason)."""
    return parse_layout(
        {
            "title": "协议修改对照表",
            "landscape": True,
            "elements": [
                {
                    "title": {
                        "title": "协议修改对照表",
                        "number": "编号",
                        "lines": [{"label": "协议名称", "value": "agreement"}],  # no case: a key of a sample
                    }
                },
                {"diff": {"value": "changes", "left": left, "right": right}},
                {"signing": {"blocks": [{"label": "经办人（签字）："}, {"label": "审核人（签字）："}]}},
            ],
        }
    )


def one_page_layout(
    title: str,
    paragraphs: Iterable[str],
    *,
    facts: Iterable[tuple[str, str]] = (),
    number: str = "编号",
    sign: str = "",
    seal: str = "（公章）",
) -> PaperLayout:
    """A simple paper: title, paragraphs with `{key}`, a grid of (label, answer key), one place to sign.

    For 受理回执, 补正通知书, 送达回证, 聘书 and the like.
    """
    elements: list[Any] = [{"title": {"title": title, "number": number}}]
    if lines := list(paragraphs):
        elements.append({"text": {"paragraphs": lines}})
    if pairs := list(facts):
        rows = [[label, {"value": key, "align": "left"}] for label, key in pairs]
        elements.append({"grid": {"columns": [3, 9], "rows": rows}})
    elements.append({"signing": {"columns": 1, "blocks": [{"label": sign, "seal": seal}], "min_height": 45}})
    return parse_layout({"title": title, "elements": elements})
