"""Running text in pieces: paragraphs of a long answer, and what differs between two versions of a text."""

from __future__ import annotations

import difflib
import re
from typing import Any

KEPT = 4  # equal runs shorter than this between two changes read better as part of the change


def paragraphs(text: Any) -> list[str]:
    """Lines of a long text without the empty ones; leading white space goes, the style sheet indents."""
    lines = re.split(r"\r\n|\r|\n|\u2028|\u2029", str(text or ""))
    return [line.strip(" \t\u3000") for line in lines if line.strip(" \t\u3000")]


def changed(left: str, right: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both texts in pieces {text, changed}: what only the left has, what only the right has."""
    runs: list[list[Any]] = []
    steps = difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for at, (kind, left_from, left_to, right_from, right_to) in enumerate(steps):
        short = 0 < at < len(steps) - 1 and left_to - left_from < KEPT
        differs = kind != "equal" or short
        if runs and runs[-1][0] == differs:
            runs[-1][1] += left[left_from:left_to]
            runs[-1][2] += right[right_from:right_to]
        else:
            runs.append([differs, left[left_from:left_to], right[right_from:right_to]])
    left_runs = [{"text": gone, "changed": differs} for differs, gone, _ in runs if gone]
    right_runs = [{"text": added, "changed": differs} for differs, _, added in runs if added]
    return left_runs, right_runs
