"""Counting characters (字) as RR-3 reads them; static/js/forms.js counts in the same way.

One for every ideograph, kana, hangul syllable and full-width or Chinese punctuation mark; one for every other run of
characters without white space (a word, a figure, an address); nothing for white space and for signs that cannot be
seen (joiners, marks of direction, variation selectors), which neither count nor end a run.
"""

from __future__ import annotations

import re

# The classes are spelled out because "white space" is not the same set in Python and in JavaScript.
SPACE = "\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ud800-\\udfff"
UNSEEN = "\\u00ad\\u034f\\u061c\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\U000e0000-\\U000e0fff"
WIDE = (
    "\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u2e80-\\u2fdf\\u2ff0-\\u2fff\\u3001-\\u303f\\u3040-\\u30ff\\u3100-\\u312f"
    "\\u31a0-\\u31ef\\u3200-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\ufe30-\\ufe4f"
    "\\uff01-\\uff60\\uffe0-\\uffe6\\U00020000-\\U0003ffff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
_TOKEN = re.compile(f"[{WIDE}]|[^{SPACE}{WIDE}]+")


def char_count(text: str) -> int:
    """How many characters a text has by RR-3: CJK signs and full-width marks 1 each, other runs 1, white space 0."""
    return sum(1 for _ in _TOKEN.finditer(_UNSEEN.sub("", text))) if text else 0
