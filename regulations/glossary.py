"""What the regulations call things, from Chinese to English, for kept words that a page shows to an English reader.

Steps, lists and papers keep their Chinese titles in their rows. The profiles have both languages, so the English is
looked up by the Chinese. Shown words only: nothing decides by them.
"""

from __future__ import annotations

import json
from typing import Any

_words: dict[str, str] = {}
_read_all = False


def add(content: str) -> None:
    """Take over the pairs of one version's content (canonical JSON); of two English words the first stays."""
    _walk(json.loads(content))


def _walk(value: Any) -> None:
    if isinstance(value, dict):
        chinese, english = value.get("zh"), value.get("en")
        if isinstance(chinese, str) and isinstance(english, str) and english:
            _words.setdefault(chinese, english)
        for inner in value.values():
            _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner)


def look_up(chinese: str) -> str:
    """The English of words of a regulation, of each where several are joined; "" where one is not known."""
    global _read_all
    if not _read_all:
        from regulations.models import RegulationVersion

        for content in RegulationVersion.objects.order_by("pk").values_list("content", flat=True):
            add(content)
        _read_all = True
    found = [_words.get(part, "") for part in chinese.split("、")]
    return ", ".join(found) if all(found) else ""
