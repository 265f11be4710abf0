"""How lists show where a case's stamped papers stand (casework.queries.scan_state)."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core.models import PaperState
from core.templatetags.ui import state_badge


def scan_code(row: Any) -> str:
    """The state of a row's stamped papers that most needs somebody, "" where no stamped paper is asked for."""
    return row.scan or (PaperState.TO_PRINT if row.to_print else "")


def scan_words(row: Any) -> str:
    code = scan_code(row)
    return str(PaperState(code).label) if code else ""


def scan_cell(row: Any) -> SafeString:
    code = scan_code(row)
    return state_badge(PaperState(code), scan_words(row)) if code else mark_safe("")
