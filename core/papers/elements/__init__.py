"""The elements a paper may consist of, as frozen dataclasses. `core.papers.layout` shows each in an example.

A *binding* (`value`, `choice`, `month`, …) names an answer of the form: a field key, or a dotted path into nested
answers. Heights are millimetres, widths are relative weights unless said otherwise.
"""

from __future__ import annotations

from core.papers.elements.agreements import Certificate, Clauses, Diff, Parties
from core.papers.elements.blocks import (
    Attachments,
    Box,
    Break,
    Copies,
    Cover,
    Notes,
    Opinion,
    Part,
    Pictures,
    Section,
    Signing,
    Text,
    Title,
)
from core.papers.elements.kinds import KINDS, NAMES, Element
from core.papers.elements.parts import As, Line, Option, Sign
from core.papers.elements.tables import Cell, CheckItem, Checklist, Column, Grid, Row, RowsTable, Widths

__all__ = [
    "As",
    "Attachments",
    "Box",
    "Break",
    "Cell",
    "Certificate",
    "CheckItem",
    "Checklist",
    "Clauses",
    "Column",
    "Copies",
    "Cover",
    "Diff",
    "Element",
    "Grid",
    "KINDS",
    "Line",
    "NAMES",
    "Notes",
    "Opinion",
    "Option",
    "Part",
    "Parties",
    "Pictures",
    "Row",
    "RowsTable",
    "Section",
    "Sign",
    "Signing",
    "Text",
    "Title",
    "Widths",
]
