"""Elements of certificates and agreements: parties, clauses, the comparison with the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.papers import elements as el
from core.papers.build.pieces import Pieces
from core.papers.format import chinese_date, ordinal
from core.papers.texts import changed, paragraphs

PARTY_LINES = (
    el.Column("统一社会信用代码", "uscc"),
    el.Column("地址", "address"),
    el.Column("法定代表人（负责人）", "representative"),
    el.Column("联系人", "contact"),
    el.Column("联系电话", "phone"),
)


class Agreements(Pieces):
    """The part of `core.papers.build.Builder` for these elements."""

    def certificate(self, element: el.Certificate) -> dict[str, Any]:
        raw, shown = self.context.raw, self.context.shown
        facts = [self.line(line) for line in element.facts]
        return {
            "title": element.title,
            "name": shown(element.name),
            "body": [self.insert(text) for text in element.body],
            "facts": [fact for fact in facts if fact["shown"] or self.context.blank],
            "issuer": shown(element.issuer),
            "seal": element.seal,
            "date": chinese_date(raw(element.date)) if element.date else "",
            "number": shown(element.number),
            "size": self.styles.fit(element.title, self.width - 38, 30),
            "name_size": self.styles.fit(shown(element.name), self.width - 38, 20),
        }

    def clauses(self, element: el.Clauses) -> dict[str, Any]:
        labels: dict[str, Callable[[int], str]] = {
            "article": lambda at: f"第{ordinal(at)}条",
            "chinese": lambda at: f"{ordinal(at)}、",
            "arabic": lambda at: f"{at}.",
        }
        rows = [
            {
                "number": labels[element.numbering](at),
                "heading": str(row.get("heading") or ""),
                "paragraphs": paragraphs(row.get("text")),
            }
            for at, row in enumerate(self.context.rows(element.value), 1)
        ]
        return {"rows": rows}

    def parties(self, element: el.Parties) -> dict[str, Any]:
        lines = element.lines or PARTY_LINES
        rows = []
        for row in self.context.rows(element.value):
            shown = [(line.title, self.context.shown(line.value, row=row, table=element.value)) for line in lines]
            name = self.context.shown("name", row=row, table=element.value)
            rows.append(
                {
                    "label": str(row.get("label") or ""),
                    "name": name,
                    "lines": [{"label": title, "shown": text} for title, text in shown if text],
                }
            )
        return {"rows": rows}

    def diff(self, element: el.Diff) -> dict[str, Any]:
        rows = []
        for at, row in enumerate(self.context.rows(element.value), 1):
            left, right = changed(str(row.get("left") or ""), str(row.get("right") or ""))
            rows.append(
                {
                    "number": at,
                    "clause": str(row.get("clause") or ""),
                    "left": left,
                    "right": right,
                    "reason": str(row.get("reason") or ""),
                }
            )
        head = [*element.head, element.left, element.right, *([element.reason] if element.reason else [])]
        widths = (1.3, 2.4, 6, 6, 2.6) if element.reason else (1.3, 2.4, 6, 6)
        return {"head": head, "rows": rows, "reason": bool(element.reason), "widths": self.styles.widths(widths)}
