"""The word of each kind of element, and how an element of a layout is read."""

from __future__ import annotations

from typing import Any

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
from core.papers.elements.tables import Checklist, Grid, RowsTable
from core.papers.strict import LayoutError, Parsed, build

KINDS: dict[str, type] = {
    "cover": Cover,
    "title": Title,
    "notes": Notes,
    "part": Part,
    "box": Box,
    "grid": Grid,
    "rows_table": RowsTable,
    "opinion": Opinion,
    "signing": Signing,
    "checklist": Checklist,
    "text": Text,
    "attachments": Attachments,
    "copies": Copies,
    "certificate": Certificate,
    "clauses": Clauses,
    "parties": Parties,
    "diff": Diff,
    "section": Section,
    "pictures": Pictures,
    "new_page": Break,
}
NAMES = {kind: name for name, kind in KINDS.items()}


class Element(Parsed):
    """Parses `{kind: {...}}` into the dataclass of that kind."""

    @classmethod
    def parse(cls, data: Any, where: str) -> Any:
        if isinstance(data, str):
            data = {data: None}
        if not isinstance(data, dict) or len(data) != 1:
            raise LayoutError(f"{where}: an element is one key (its kind) with its settings")
        ((kind, settings),) = data.items()
        if kind not in KINDS:
            raise LayoutError(f"{where}: unknown element {kind}; known: {', '.join(KINDS)}")
        return build(KINDS[kind], settings, f"{where}.{kind}")
