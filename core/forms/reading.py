"""The reading view of a form: what was answered, as people write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from core.forms.spec import Field, FormSpec

EMPTY = "—"


@dataclass(frozen=True)
class FileLink:
    """One file of an answer."""

    name: str
    url: str


@dataclass(frozen=True)
class Line:
    """One answer: `text`, or rows of a table under `head`, or files, or the items of a checklist."""

    key: str
    label: str
    type: str
    text: str = ""
    clause: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    files: list[FileLink] = field(default_factory=list)
    items: list[tuple[str, bool, str]] = field(default_factory=list)
    empty: bool = False
    long: bool = False


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
        lines = [
            _line(one, answers, resolver) for one in section.fields if one.type not in ("note", "signature")
        ]
        parts.append(ReadingPart(section.key, str(section.title), lines))
    return parts


def _line(one: Field, answers: dict, resolver) -> Line:
    value = answers.get(one.key)
    common = {"key": one.key, "label": str(one.label), "type": one.type, "clause": one.clause}
    if one.type == "table":
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        shown = [[shown_value(column, row.get(column.key), row, resolver) for column in one.columns] for row in rows]
        return Line(**common, head=[_headed(column) for column in one.columns], rows=shown, empty=not rows)
    if one.type == "file":
        files = _files(value, resolver)
        return Line(**common, files=files, empty=not files)
    if one.type == "checklist":
        value = value if isinstance(value, dict) else {}
        items = [
            (str(item.label), bool((value.get(item.code) or {}).get("checked")),
             str((value.get(item.code) or {}).get("remark") or ""))
            for item in one.items
        ]  # fmt: skip
        return Line(**common, items=items, empty=not value)
    text = shown_value(one, value, answers, resolver)
    return Line(**common, text=text, empty=text == EMPTY, long=one.type == "longtext")


def _headed(column: Field) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else str(column.label)


def _files(value: Any, resolver) -> list[FileLink]:
    ids = [pk for pk in value if isinstance(pk, int)] if isinstance(value, list) else []
    known = resolver.documents(ids) if resolver is not None and ids else {}
    return [FileLink(known[pk].name, f"/documents/{known[pk].uid}/") for pk in ids if pk in known]


def shown_value(one: Field, value: Any, answers: dict, resolver=None) -> str:
    """One answer as text: dates 2026年9月1日, money with its unit, labels instead of codes, — for nothing."""
    if value in (None, "", [], {}):
        return EMPTY
    kind = one.type
    if kind == "date":
        return chinese_date(value)
    if kind == "month":
        parts = str(value).split("-")
        return f"{parts[0]}年{int(parts[1])}月" if len(parts) == 2 and parts[1].isdigit() else str(value)
    if kind == "period" and isinstance(value, dict):
        return f"{chinese_date(value.get('from'))} 至 {chinese_date(value.get('to'))}"
    if kind in ("choice", "multichoice"):
        labels = {option.code: str(option.label) for option in one.options}
        chosen = value if isinstance(value, list) else [value]
        other = answers.get(f"{one.key}_other")
        return "、".join(
            f"{labels.get(code, code)}（{other}）" if code == one.other and other else labels.get(code, str(code))
            for code in chosen
        )
    if kind == "boolean":
        return "是" if value is True else "否"
    if kind == "organisation":
        found = resolver.organisation(value) if resolver is not None and isinstance(value, int) else None
        return found.display_name if found is not None else str(value)
    if kind in ("integer", "decimal", "money"):
        text = f"{number_text(value)}{one.unit}"
        return f"{text}元" if kind == "money" and not one.unit else text
    if kind == "file":
        return "、".join(link.name for link in _files(value, resolver)) or EMPTY
    return str(value)


def number_text(value: Any) -> str:
    """A figure with its thousands grouped; anything that is no figure as it stands."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number:,}" if number.is_finite() else str(value)


def chinese_date(value: Any) -> str:
    """2026-09-01 → 2026年9月1日; anything that is no date as it stands."""
    parts = str(value or "").split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日"
    return str(value) if value else EMPTY
