"""Layouts the house makes itself, for forms whose regulation prints none."""

from __future__ import annotations

from typing import Any

from . import elements as el
from .format import zh
from .layout import PaperLayout

SHORT = {
    "text",
    "integer",
    "decimal",
    "money",
    "date",
    "month",
    "period",
    "choice",
    "multichoice",
    "boolean",
    "catalogue",
    "organisation",
    "person",
    "phone",
    "email",
    "uscc",
    "file",
}
WIDE = {"multichoice", "period", "organisation", "file"}


def _label(field: Any) -> str:
    unit = zh(getattr(field, "unit", ""))
    return zh(field.label) + (f"（{unit}）" if unit and unit not in zh(field.label) else "")


def _wide(field: Any) -> bool:
    return field.type in WIDE or (field.type == "text" and (getattr(field, "max_chars", None) or 0) > 40)


def _grid(fields: list[Any]) -> el.Grid:
    """Short fields in pairs of label and value; a wide one takes the row."""
    rows, waiting = [], None
    for field in fields:
        cells = (el.Cell(text=_label(field)), el.Cell(value=field.key, colspan=3 if _wide(field) else 1))
        if _wide(field):
            if waiting:
                rows.append(el.Row((waiting[0], el.Cell(value=waiting[1].value, colspan=3))))
            rows.append(el.Row(cells))
            waiting = None
        elif waiting:
            rows.append(el.Row((*waiting, *cells)))
            waiting = None
        else:
            waiting = cells
    if waiting:
        rows.append(el.Row((waiting[0], el.Cell(value=waiting[1].value, colspan=3))))
    return el.Grid(columns=el.Widths((10, 12, 10, 12)), rows=tuple(rows))


def section_elements(section: el.Section, form: Any) -> tuple[Any, ...]:
    """The elements for one section of a parsed form, in the order of its fields. Raises KeyError for no section."""
    part = next((candidate for candidate in getattr(form, "sections", ()) if candidate.key == section.key), None)
    if part is None:
        raise KeyError(section.key)
    made: list[Any] = [el.Part(zh(part.title), level=2)] if section.title else []
    short: list[Any] = []

    def flush() -> None:
        if short:
            made.append(_grid(short))
            short.clear()

    for field in part.fields:
        if field.key in section.skip:
            continue
        if field.type in SHORT:
            short.append(field)
            continue
        flush()
        label = _label(field)
        if field.type == "longtext":
            made.append(el.Box(value=field.key, title=label, min_height=section.min_height))
        elif field.type == "table":
            columns = tuple(
                el.Column(
                    _label(column),
                    column.key,
                    width=2 if column.type in ("text", "longtext", "organisation") else 1,
                )
                for column in field.columns
                if column.type != "note"
            )
            made.append(
                el.RowsTable(
                    field.key,
                    columns,
                    caption=label,
                    number="序号",
                    min_rows=max(getattr(field, "min_rows", 0) or 0, 3),
                )
            )
        elif field.type == "checklist":
            made.append(el.Checklist(field.key, title=label))
        elif field.type == "signature":
            made.append(el.Signing(blocks=(el.Sign(label=f"{zh(field.label)}："),), columns=1, min_height=30))
    flush()
    return tuple(made)


def default_layout(form: Any, *, title: str = "") -> PaperLayout:
    """A layout for a form without one: its title, then every section."""
    parts = tuple(el.Section(section.key) for section in form.sections)
    head = title or zh(form.title)
    return PaperLayout(elements=(el.Title(head, number="编号"), *parts), title=head)
