"""Elements that are no tables: covers, titles, texts, boxes, opinions, places to sign, lists of attachments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.papers import elements as el
from core.papers.build.pieces import Pieces
from core.papers.format import BLANK_DATE, blank_chinese_month, chinese_month, date_text, ordinal, zh
from core.papers.pictures import SCHEME, picture_path
from core.papers.texts import paragraphs


class Blocks(Pieces):
    """The part of `core.papers.build.Builder` for these elements."""

    def cover(self, element: el.Cover) -> dict[str, Any]:
        month = self.context.raw(element.month) if element.month else None
        lines = [self.line(line) for line in element.lines]
        return {
            "annex": element.annex,
            "title": self.insert(element.title),
            "subtitle": self.insert(element.subtitle),
            "imprint": element.imprint,
            "lines": lines,
            "size": self.styles.fit(element.title, self.width, 26),
            "month": (chinese_month(month) or blank_chinese_month()) if element.month else "",
            "number": self._number(element.number),
        }

    def title(self, element: el.Title) -> dict[str, Any]:
        return {
            "annex": element.annex,
            "title": self.insert(element.title),
            "subtitle": self.insert(element.subtitle),
            "number": self._number(element.number),
            "lines": [self.line(line) for line in element.lines],
            "size": self.styles.fit(self.insert(element.title), self.width, 20),
        }

    def notes(self, element: el.Notes) -> dict[str, Any]:
        numbers: dict[str, Callable[[int], str]] = {
            "chinese": lambda at: f"{ordinal(at)}、",
            "arabic": lambda at: f"{at}. ",
            "none": lambda at: "",
        }
        items = [numbers[element.numbering](at) + self.insert(item) for at, item in enumerate(element.items, 1)]
        return {"title": element.title, "items": items, "new_page": element.new_page}

    def part(self, element: el.Part) -> dict[str, Any]:
        return {"title": element.title, "note": element.note, "new_page": element.new_page, "level": element.level}

    def box(self, element: el.Box) -> dict[str, Any]:
        sign, texts = self.sign(element.sign), paragraphs(self.context.shown(element.value))
        return {
            "title": element.title,
            "note": element.note,
            "frame": element.frame,
            "sign": sign,
            "height": self.room(element.min_height, sign, texts),
            "paragraphs": texts,
            "lines": [self.line(line) for line in element.lines],
        }

    def opinion(self, element: el.Opinion) -> dict[str, Any]:
        recorded = self.context.opinion(element.key)
        date = date_text(recorded.date) if recorded.date else BLANK_DATE
        sign = {"label": element.signature, "seal": element.seal, "date": date if element.date else ""}
        texts = paragraphs(recorded.text)
        return {
            "title": element.title,
            "note": element.note,
            "paragraphs": texts,
            "sign": sign,
            "height": self.room(element.min_height, sign, texts),
            "record": self._record(recorded) if element.record else "",
        }

    def signing(self, element: el.Signing) -> dict[str, Any]:
        blocks = [{"head": "", "name": "", **self.sign(block)} for block in element.blocks]  # type: ignore[dict-item]
        for row in self.context.rows(element.value) if element.value else []:
            shown = {
                key: self.context.shown(key, row=row, table=element.value) for key in ("label", "name", "signature")
            }
            blocks.append(
                {
                    "head": shown["label"],
                    "name": shown["name"],
                    "label": shown["signature"] or element.signature,
                    "seal": element.seal,
                    "date": BLANK_DATE,
                }
            )
        rows = [blocks[at : at + element.columns] for at in range(0, len(blocks), element.columns)]
        for row in rows:
            row += [{} for _ in range(element.columns - len(row))]
        unsigned = (
            f"（本页无正文，为《{self.context.title}》签署页）" if element.new_page and self.context.title else ""
        )
        tall = element.min_height or (60 if any(block["seal"] for block in blocks) else 35)
        return {
            "title": element.title,
            "rows": rows,
            "hint": element.hint.split("{pages}"),
            "new_page": element.new_page,
            "unsigned": unsigned,
            "height": self.styles.row(tall),
            "widths": self.styles.widths((1,) * element.columns),
        }

    def text(self, element: el.Text) -> dict[str, Any]:
        lines = [line for text in element.paragraphs for line in paragraphs(self.insert(text))]
        return {"paragraphs": lines, "align": element.align, "indent": element.indent, "size": element.size}

    def attachments(self, element: el.Attachments) -> dict[str, Any]:
        names = list(element.items)
        for key in element.values:
            value = self.context.raw(key)
            files = value if isinstance(value, list | tuple) else []
            label = zh(getattr(self.context.field(key), "label", "")) or key
            if self.context.names:
                named = filter(None, (self.context.names("file", file) for file in files))
                names += [f"{label}：{name}" for name in named]
            elif files:
                names.append(f"{label}（{len(files)}份）")
        return {
            "title": element.title,
            "blank": self.context.blank,
            "items": [f"{at}. {name}" for at, name in enumerate(names, 1)],
        }

    def copies(self, element: el.Copies) -> dict[str, Any]:
        return {"text": element.text}

    def pictures(self, element: el.Pictures) -> dict[str, Any]:
        rows = self.context.rows(element.value)
        return {
            "title": element.title,
            "new_page": element.new_page,
            "rows": [{"caption": row["caption"], "address": f"{SCHEME}:{picture_path(row)}"} for row in rows],
        }

    def new_page(self, element: el.Break) -> dict[str, Any]:
        return {}
