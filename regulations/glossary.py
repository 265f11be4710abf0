"""What the regulations call things, from Chinese to English, for kept words that a page shows to an English reader.

Steps, lists and papers keep their Chinese titles in their rows. The profiles have both languages, so the English is
looked up by the Chinese. Shown words only: nothing decides by them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

_words: dict[str, str] = {}
_unread: list[Callable[[], Iterable[str]]] = []


def read_from(contents: Callable[[], Iterable[str]]) -> None:
    """Say where the contents of all versions are to be had, once the first word is looked up."""
    _unread.append(contents)


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
    for contents in _unread:
        for content in contents():
            add(content)
    _unread.clear()
    words = [_words.get(part, "") for part in chinese.split("、")]
    return ", ".join(words) if all(words) else ""
