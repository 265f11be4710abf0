"""The reading view of a form: what was answered, as people write it."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.forms.fields import Field, FormSpec
from core.language import amount, bracketed, english, listed, said

EMPTY = "—"
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True)
class FileLink:
    """One file of an answer."""

    name: str
    url: str
    size: int = 0


@dataclass(frozen=True)
class Cell:
    """One cell of a table with its column's heading; figures stand at the right."""

    label: str
    text: str
    number: bool = False


@dataclass(frozen=True)
class Tick:
    """One item of a checklist."""

    label: str
    checked: bool
    remark: str = ""


@dataclass(frozen=True)
class Line:
    """One answer: `text`, or rows of a table under `head`, or files, or the items of a checklist."""

    key: str
    label: str
    type: str
    text: str = ""
    clause: str = ""
    head: list[str] = dataclasses.field(default_factory=list)
    rows: list[list[Cell]] = dataclasses.field(default_factory=list)
    files: list[FileLink] = dataclasses.field(default_factory=list)
    items: list[Tick] = dataclasses.field(default_factory=list)
    empty: bool = False
    long: bool = False

    @property
    def wide(self) -> bool:
        return self.long or self.type in ("table", "checklist", "file")


@dataclass(frozen=True)
class ReadingPart:
    """A section with its answers."""

    key: str
    title: str
    lines: list[Line]


def reading(spec: FormSpec, answers: dict, resolver=None) -> list[ReadingPart]:
    """The form's sections with their answers as texts. Nothing is escaped here: the template does it."""
    parts = []
    for section in spec.sections:
        lines = [_line(field, answers, resolver) for field in section.fields if field.type not in ("note", "signature")]
        parts.append(ReadingPart(section.key, str(section.title), lines))
    return parts


def differences(spec: FormSpec, mine: dict, theirs: dict, resolver=None) -> list[tuple[str, str, str]]:
    """Fields whose answers differ: (label, how mine reads, how theirs reads)."""
    changes = []
    for field in spec.index.values():
        keys = (field.key, f"{field.key}_other") if field.other else (field.key,)
        if any((mine.get(key) or None) != (theirs.get(key) or None) for key in keys):
            changes.append((str(field.label), flat(field, mine, resolver), flat(field, theirs, resolver)))
    return changes


def flat(field: Field, answers: dict, resolver=None) -> str:
    """One answer as a text of one or more lines: rows, files and ticks each on their own."""
    line = _line(field, answers, resolver)
    if line.rows:
        return "\n".join(listed((said(cell.label, cell.text) for cell in row), "；") for row in line.rows)
    if line.files:
        return "\n".join(link.name for link in line.files)
    if line.items:
        ticked = [tick for tick in line.items if tick.checked or tick.remark]
        marked = (f"{'☑' if t.checked else '☐'} {said(t.label, t.remark) if t.remark else t.label}" for t in ticked)
        return "\n".join(marked) or EMPTY
    return line.text or EMPTY


def _line(field: Field, answers: dict, resolver) -> Line:
    value = answers.get(field.key)
    common = {"key": field.key, "label": str(field.label), "type": field.type, "clause": field.clause}
    if field.type == "table":
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        shown = [[_cell(column, row, resolver) for column in field.columns] for row in rows]
        return Line(**common, head=[headed(column) for column in field.columns], rows=shown, empty=not rows)
    if field.type == "file":
        files = _files(value, resolver)
        text = "" if files or not value else _("共%(n)s个文件") % {"n": len(value)}
        return Line(**common, files=files, text=text, empty=not files and not text)
    if field.type == "checklist":
        return Line(**common, items=ticks(field, answers), empty=not _ticked(value))
    text = shown_value(field, value, answers, resolver)
    return Line(**common, text=text, empty=text == EMPTY, long=field.type == "longtext")


def ticks(field: Field, answers: dict) -> list[Tick]:
    """The items of a checklist, or the codes of a field of which several may be chosen, each with what was made of it."""
    value = answers.get(field.key)
    if field.type == "multichoice":
        chosen = {str(code) for code in value} if isinstance(value, list) else set()
        other = str(answers.get(f"{field.key}_other") or "")
        return [
            Tick(str(option.label), option.code in chosen, other if option.code == field.other else "")
            for option in field.options
        ]
    given = _ticked(value)
    return [
        Tick(
            str(item.label),
            given.get(item.code, {}).get("checked") is True,
            str(given.get(item.code, {}).get("remark") or ""),
        )
        for item in field.items
    ]


def _ticked(value: Any) -> dict[str, dict]:
    value = value if isinstance(value, dict) else {}
    return {code: tick for code, tick in value.items() if isinstance(tick, dict)}


def _cell(column: Field, row: dict, resolver) -> Cell:
    value = row.get(column.key)
    number = column.type in ("integer", "decimal", "money")
    text = number_text(value) if number and value not in (None, "") else shown_value(column, value, row, resolver)
    return Cell(headed(column), text, number)


def headed(column: Field) -> str:
    """A column's heading with its unit: 单价（元）."""
    unit = str(column.unit) or (_("元") if column.type == "money" else "")
    return bracketed(column.label, unit)


def _files(value: Any, resolver) -> list[FileLink]:
    ids = [pk for pk in value if isinstance(pk, int)] if isinstance(value, list) else []
    known = resolver.documents(ids) if resolver is not None and ids else {}
    return [FileLink(known[pk].name, f"/documents/{known[pk].uid}/", known[pk].size) for pk in ids if pk in known]


def shown_value(field: Field, value: Any, answers: dict, resolver=None) -> str:
    """One answer as text: dates 2026年9月1日, money with its unit, labels instead of codes, — for nothing."""
    if value in (None, "", [], {}):
        return EMPTY
    kind = field.type
    if kind in ("date", "month"):
        return chinese_date(value)
    if kind == "period" and isinstance(value, dict):
        if not (value.get("from") or value.get("to")):
            return EMPTY
        return _("%(a)s 至 %(b)s") % {
            "a": chinese_date(value.get("from")),
            "b": chinese_date(value.get("to")),
        }
    if kind in ("choice", "multichoice"):
        labels = {option.code: str(option.label) for option in field.options}
        other = str(answers.get(f"{field.key}_other") or "")
        return listed(
            bracketed(labels.get(code, code), other if code == field.other else "")
            for code in map(str, value if isinstance(value, list) else [value])
        )
    if kind == "boolean":
        return _("是") if value is True else _("否") if value is False else str(value)
    if kind == "catalogue" and not field.name_key and resolver is not None:
        return bracketed(resolver.catalogue(field.catalogue).get(str(value)) or str(value), str(value))
    if kind == "organisation":
        organisation = resolver.organisation(value) if resolver is not None and isinstance(value, int) else None
        return organisation.display_name if organisation is not None else str(value)
    if kind in ("integer", "decimal", "money"):
        return amount(number_text(value), str(field.unit) or (_("元") if kind == "money" else ""))
    if kind == "file":
        return listed(link.name for link in _files(value, resolver)) or EMPTY
    return str(value)


def number_text(value: Any) -> str:
    """A figure with its thousands grouped, decimals as typed; anything that is no figure as it stands."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number:,f}" if number.is_finite() else str(value)


def chinese_date(value: Any) -> str:
    """2026-09-01 → 2026年9月1日, 2026-09 → 2026年9月 (in English as stored); anything that is no date as it stands,
    — for nothing."""
    match = _ISO.fullmatch(str(value or ""))
    if not match or english():
        return str(value) if value else EMPTY
    year, month, day = match.groups()
    return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")
