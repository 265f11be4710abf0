"""Counting characters (字) as RR-3 reads them; static/js/forms.js counts in the same way."""

from __future__ import annotations

import re

# One for every ideograph, kana, hangul syllable and full-width or Chinese punctuation mark; one for every other run
# of characters without white space (a word, a figure, an address).
_WIDE = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31c0-\u31ef"
    "\u3200-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"(?![\s\u3000])[{_WIDE}]|[^\s\u3000{_WIDE}]+")


def char_count(text: str) -> int:
    """How many characters a text has by RR-3: CJK signs and full-width marks 1 each, other runs 1, white space 0."""
    return sum(1 for _ in _TOKEN.finditer(text or ""))
