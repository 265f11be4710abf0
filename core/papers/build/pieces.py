"""Pieces that several elements are made of: running text, labelled lines, room, places for signatures."""

from __future__ import annotations

from typing import Any

from core.papers import elements as el
from core.papers.context import PaperContext
from core.papers.format import BLANK_DATE, date_text
from core.papers.layout import PLACEHOLDER
from core.papers.styles import Styles
from core.papers.texts import paragraphs

SIGN_HEIGHTS = {"label": 10, "seal": 8, "date": 8}  # mm, as the style sheet sets them
GAP = "＿＿＿＿＿＿"


class Pieces:
    """What the makers of elements share: the paper's context and styles, and the pieces that elements are made of."""

    def __init__(self, context: PaperContext, styles: Styles, width: float = 166) -> None:
        self.context, self.styles, self.width = context, styles, width  # width between the margins, mm

    def insert(self, text: str) -> str:
        """Running text with `{key}` replaced by answers; an open line where there is none."""
        own = {"title": self.context.title, "number": self.context.number}
        return PLACEHOLDER.sub(lambda match: self.context.shown(match[1]) or own.get(match[1]) or GAP, text)

    def line(self, line: el.Line) -> dict[str, Any]:
        shown = self.context.shown(line.value, form=line.format)
        return {
            "label": line.label,
            "paragraphs": paragraphs(shown),
            "shown": shown,
            "hint": "" if shown else line.hint,
        }

    def room(self, whole: float, sign: dict[str, Any] | None, texts: list[str] | None = None) -> str:
        """Height of the text part of a block of `whole` mm, so that its signature lines stand at its foot.

        None for texts that fill it anyway: a block that runs over a page break would get the height on both pages.
        """
        lines = sum(-(-(len(text) + 2) // 38) for text in texts or ())  # 38: letters in a line of a whole page
        if not whole or lines * 6.3 > whole:
            return ""
        below = sum(SIGN_HEIGHTS[key] for key in SIGN_HEIGHTS if sign and sign.get(key)) + (5 if sign else 0)
        return self.styles.height(max(whole - below, 8))

    def sign(self, sign: el.Sign | None) -> dict[str, Any] | None:
        if sign is None:
            return None
        return {"label": sign.label, "seal": sign.seal, "date": BLANK_DATE if sign.date else ""}

    def _number(self, label: str) -> str:
        return f"{label}：{'' if self.context.blank else self.context.number}" if label else ""

    def _record(self, opinion: Any) -> str:
        if not opinion.person:
            return ""
        return "　".join(filter(None, [f"平台办理记录：{opinion.person}", opinion.unit, date_text(opinion.date)]))
