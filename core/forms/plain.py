"""Plain values out of what a browser or a script sent: texts without harmful signs, ids, and bounded JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from typing import Any

# Hard caps against abuse, above anything a form asks for. Lengths in Unicode characters.
MAX_TEXT, MAX_LONGTEXT, MAX_ROWS, MAX_FILES, MAX_CODES = 500, 20_000, 300, 60, 100
# NUL and other controls, marks of direction that hide what a text says, halves of surrogate pairs, non-characters.
_HARMFUL = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
_ID = re.compile(r"[0-9]{1,18}")


def plain_text(value: Any, cap: int = MAX_LONGTEXT) -> str:
    """A text, or a number as text; "" for every other type. Line ends become \\n; cut after `cap` characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    if isinstance(value, int) and abs(value) >= 10**60:
        return "9" * 61  # Python refuses to print figures of thousands of digits; no field takes one of sixty
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)  # scripts and spreadsheets send 12 as 12.0
    text = _HARMFUL.sub("", str(value)[: cap * 2 + 2])
    return text.replace("\r\n", "\n").replace("\r", "\n")[:cap]


def plain_figure(value: Any) -> str:
    """The digits of a number as people type them: full-width forms made plain, grouping commas dropped."""
    return re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", plain_text(value, 80)).replace("−", "-"))


def plain_id(value: Any) -> int | None:
    """A positive database id, or None. Only ASCII digits: `"²".isdigit()` is true and `int("²")` raises."""
    text = plain_text(value, 30).strip()
    return int(text) if _ID.fullmatch(text) and int(text) > 0 else None


def plain_json(value: Any) -> Any:
    """The same JSON value without the signs that databases refuse or that hide what a text says."""
    if isinstance(value, str):
        return _HARMFUL.sub("", value)
    if isinstance(value, dict):
        return {_HARMFUL.sub("", str(key)): plain_json(one) for key, one in value.items()}
    return [plain_json(one) for one in value] if isinstance(value, list | tuple) else value


def read_autosave(body: bytes, most: int = 2_000_000) -> tuple[dict, int]:
    """Answers and revision out of an autosave's JSON. Raises ValueError for anything else, however hostile."""
    if len(body) > most:
        raise ValueError("too long")
    try:
        data = json.loads(body)
        answers, revision = data["answers"], data["revision"]
    except (RecursionError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError("not an autosave") from error
    if not isinstance(answers, dict) or isinstance(revision, bool) or not isinstance(revision, int):
        raise ValueError("not an autosave")
    if not 0 <= revision < 2**31:
        raise ValueError("no revision")
    return answers, revision
