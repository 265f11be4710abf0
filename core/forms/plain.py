"""Plain values out of what a browser or a script sent: texts without harmful signs, ids, and bounded JSON."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from core import text

# Hard caps against abuse, above anything a form asks for; what is over them is refused by name, draft or not, and
# never shortened. Lengths in Unicode characters.
MAX_TEXT, MAX_LONGTEXT, MAX_ROWS, MAX_FILES, MAX_CODES = 500, 20_000, 300, 60, 100
# Rows, files and codes that are looked at; more come from no page of ours.
READ_ROWS, READ_PICKS = 10_000, 1_000
_ID = re.compile(r"[0-9]{1,18}")


def plain_text(value: Any) -> str:
    """A text as it is kept (core.text.normal), or a number as text; "" for every other type."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    if isinstance(value, int) and abs(value) >= 10**60:
        return "9" * 61  # Python refuses to print figures of thousands of digits; no field takes one of sixty
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        value = int(value)  # scripts and spreadsheets send 12 as 12.0
    return text.normal(str(value))


def plain_id(value: Any) -> int | None:
    """A positive database id, or None. Only ASCII digits: `"²".isdigit()` is true and `int("²")` raises."""
    typed = plain_text(value).strip()
    return int(typed) if _ID.fullmatch(typed) and int(typed) > 0 else None


def plain_json(value: Any) -> Any:
    """The same JSON value with every text as it is kept: without the signs that databases refuse."""
    if isinstance(value, str):
        return text.normal(value)
    if isinstance(value, dict):
        return {text.normal(str(key)): plain_json(item) for key, item in value.items()}
    return [plain_json(item) for item in value] if isinstance(value, list | tuple) else value


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
