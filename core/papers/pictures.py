"""Pictures that a paper prints: each has an address by its content, which the paper's fetcher answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from core.papers import elements as el
from core.papers.context import PaperContext
from core.papers.layout import PaperLayout

SCHEME = "paper"


def picture_path(row: Mapping[str, Any]) -> str:
    """The path of a picture inside its paper."""
    return f"/pictures/{hashlib.sha256(row['content']).hexdigest()[:24]}.jpg"


def pictures_of(layout: PaperLayout, context: PaperContext) -> dict[str, bytes]:
    """Path → JPEG of every picture that the layout prints."""
    tables = [element.value for element in layout.elements if isinstance(element, el.Pictures)]
    return {picture_path(row): row["content"] for table in tables for row in context.rows(table)}
