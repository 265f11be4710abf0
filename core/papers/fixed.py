"""The fixed texts of a layout: titles, notes, labels, headings, everything that is printed whatever the answers are.

Each has a path (`3.items`, `5.rows.0.cells.2.text`: positions and names inside the layout), by which it can be given
another wording. A text of several lines (notes, paragraphs) is one text, a line for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from core.papers import elements as el
from core.papers.auto import section_elements
from core.papers.layout import PLACEHOLDER, PaperLayout, kind_of

# Names under which elements and their parts hold what is printed as it stands; every other string binds or chooses.
TEXTS = frozenset(
    ("title", "annex", "subtitle", "imprint", "number", "note", "label", "hint", "text", "unit", "prefix", "caption")
    + ("total_label", "signature", "seal", "left", "right", "reason")
)
LINES = frozenset(("items", "paragraphs", "body", "labels", "head"))
BOUND = {(el.Certificate, "number")}  # the answer that holds the document's number


@dataclass(frozen=True)
class FixedText:
    """One fixed text: where it stands, in an element of which kind (`at` counts them), under which name, what it says.
    `many`: a text of several lines; `count` is how many it must have, None for as many as there are."""

    path: str
    kind: str
    at: int
    name: str
    text: str
    many: bool = False
    count: int | None = None

    @property
    def placeholders(self) -> frozenset[str]:
        """The answers that the text inserts."""
        return frozenset(PLACEHOLDER.findall(self.text))


def expanded(layout: PaperLayout, form: Any) -> PaperLayout:
    """The layout with what its form says written out: sections as elements, the options of choices, the items of
    checklists. It prints the same."""
    if form is None:
        return layout
    made: list[Any] = []
    for element in layout.elements:
        made += section_elements(element, form) if isinstance(element, el.Section) else [element]
    known = {field.key: field for section in form.sections for field in section.fields}
    return replace(layout, elements=tuple(_with_words(element, known) for element in made))


def _with_words(element: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(element, el.Checklist) and not element.items and element.value in known:
        items = tuple(el.CheckItem(item.code, _zh(item.label)) for item in known[element.value].items)
        return replace(element, items=items)
    if isinstance(element, el.Grid):
        rows = tuple(
            row if row.each else replace(row, cells=tuple(_chosen(cell, known) for cell in row.cells))
            for row in element.rows
        )
        return replace(element, rows=rows)
    return element


def _chosen(cell: el.Cell, known: Mapping[str, Any]) -> el.Cell:
    field = known.get(cell.choice)
    if field is None or cell.options:
        return cell
    return replace(cell, options=tuple(el.Option(option.code, _zh(option.label)) for option in field.options))


def _zh(text: Any) -> str:
    return getattr(text, "zh", "") or str(text)


def texts(layout: PaperLayout) -> list[FixedText]:
    """Every fixed text of a layout, in printed order."""
    return [
        FixedText(path, kind_of(element), at, name, text, many, count)
        for at, element in enumerate(layout.elements)
        for path, name, text, many, count in _of(element, str(at))
    ]


def _of(item: Any, path: str) -> Iterator[tuple[str, str, str, bool, int | None]]:
    for field in fields(item):
        content, where = getattr(item, field.name), f"{path}.{field.name}"
        if is_dataclass(content):
            yield from _of(content, where)
        elif isinstance(content, str):
            if field.name in TEXTS and content and (type(item), field.name) not in BOUND:
                yield where, field.name, content, False, None
        elif isinstance(content, tuple) and content:
            if field.name in LINES and all(isinstance(line, str) for line in content):
                fixed = len(content) if field.name in ("head", "labels") else None
                yield where, field.name, "\n".join(content), True, fixed
            for number, part in enumerate(content):
                if is_dataclass(part):
                    yield from _of(part, f"{where}.{number}")


def reworded(layout: PaperLayout, wording: Mapping[str, str]) -> PaperLayout:
    """The layout with other texts at some paths; a path that the layout does not have is passed over."""
    known = {fixed.path: fixed for fixed in texts(layout)}
    elements = list(layout.elements)
    for path, text in wording.items():
        if (fixed := known.get(path)) is None:
            continue
        at, *steps = path.split(".")
        value = tuple(text.split("\n")) if fixed.many else text
        elements[int(at)] = _put(elements[int(at)], steps, value)
    return replace(layout, elements=tuple(elements))


def _put(item: Any, steps: list[str], value: Any) -> Any:
    """The item with the value at the end of the steps: names of fields, positions in tuples."""
    if not steps:
        return value
    if isinstance(item, tuple):
        at = int(steps[0])
        return (*item[:at], _put(item[at], steps[1:], value), *item[at + 1 :])
    return replace(item, **{steps[0]: _put(getattr(item, steps[0]), steps[1:], value)})
