"""Elements of certificates and agreements: parties, clauses, the comparison with the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.papers.elements.parts import Line
from core.papers.elements.tables import Column


@dataclass(frozen=True)
class Certificate:
    """One framed page: title, name, body paragraphs with `{key}`, facts, issuer and date, document number."""

    title: str
    name: str = ""
    body: tuple[str, ...] = ()
    facts: tuple[Line, ...] = ()
    issuer: str = ""
    date: str = ""
    number: str = ""
    seal: str = "（公章）"


@dataclass(frozen=True)
class Clauses:
    """Numbered clauses of a table with rows {heading, text}: 第一条 …, or 1. …"""

    value: str
    numbering: Literal["article", "chinese", "arabic"] = "article"


@dataclass(frozen=True)
class Parties:
    """The parties at the head of an agreement: rows {label, name, uscc, address, representative, contact, phone}."""

    value: str
    lines: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Diff:
    """Comparison of rows {clause, left, right, reason}: words taken away struck through, words added underlined."""

    value: str
    left: str = "模板文本"
    right: str = "本协议文本"
    head: tuple[str, ...] = ("序号", "条款")
    reason: str = "修改理由"
