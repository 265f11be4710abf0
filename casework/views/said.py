"""That an act was done, as the next page says it: the message also carries which act it was, so that whoever draws it can
offer what comes next (portal/todos/following.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

MARK = "acted"


@dataclass(frozen=True)
class Acted:
    """One act of the reader: the move's code, the case, and the step that it was about, "" where it was about none."""

    code: str
    case_kind: str
    case_id: int
    step_key: str = ""

    @property
    def tag(self) -> str:
        """As a message carries it."""
        return f"{MARK}:{self.code}:{self.case_kind}:{self.case_id}:{self.step_key}"


def say_done(request: HttpRequest, text: str, acted: Acted) -> None:
    """Tell the reader, on the next page, that the act was done."""
    messages.success(request, text, extra_tags=acted.tag)


def acted_of(message) -> Acted | None:
    """The act that a message reports, or None."""
    mark, *parts = str(message.extra_tags or "").split(":", 4)
    if mark != MARK or len(parts) != 4 or not parts[2].isdigit():
        return None
    code, kind, pk, step_key = parts
    return Acted(code, kind, int(pk), step_key)
