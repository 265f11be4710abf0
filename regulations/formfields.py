"""Form fields as facts: which fields the forms of a profile have, and of which type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from core.forms.fields import Field, FormSpec, Text

# Form field type -> fact type.
FACT_TYPE = {
    "text": "text",
    "longtext": "text",
    "phone": "text",
    "email": "text",
    "person": "text",
    "uscc": "text",
    "integer": "integer",
    "decimal": "decimal",
    "money": "money",
    "date": "date",
    "month": "date",
    "period": "period",
    "choice": "code",
    "multichoice": "codes",
    "boolean": "boolean",
    "catalogue": "code",
    "organisation": "organisation",
    "file": "file",
    "table": "table",
    "checklist": "checklist",
}


@dataclass(frozen=True)
class FormField:
    """A field as rules see it: fact type, label, codes it may hold, columns of a table."""

    form: str
    section: str
    key: str
    type: str
    label: Text
    unit: Text = Text("")
    options: dict[str, Text] = field(default_factory=dict)
    columns: dict[str, FormField] = field(default_factory=dict)


def _field(form: str, section: str, item: Field) -> FormField | None:
    if item.type not in FACT_TYPE:
        return None
    entries = item.items if item.type == "checklist" else item.options
    columns = [_field(form, section, column) for column in item.columns]
    return FormField(
        form=form,
        section=section,
        key=item.key,
        type=FACT_TYPE[item.type],
        label=item.label,
        unit=item.unit,
        options={entry.code: entry.label for entry in entries},
        columns={column.key: column for column in columns if column},
    )


def _fields_of(form: str, section: str, items: Iterable[Field]) -> Iterator[FormField]:
    """The fields that can be facts, with the hidden `<key>_other` texts."""
    for item in items:
        known = _field(form, section, item)
        if known is None:
            continue
        yield known
        if item.other:
            other = Text(f"{known.label.zh}（其他）", f"{known.label.en} (other)" if known.label.en else "")
            yield FormField(form, section, f"{known.key}_other", "text", other)


def catalogue(
    forms: Mapping[str, FormSpec], records: Mapping[str, Iterable[Field]] | None = None
) -> dict[str, FormField]:
    """Every field of forms and record types by its fact name `form.<form or record type>.<field>`."""
    parts = [(key, "record", fields) for key, fields in (records or {}).items()]
    parts += [(key, section.key, section.fields) for key, spec in forms.items() for section in spec.sections]
    return {
        f"form.{form}.{item.key}": item for form, section, fields in parts for item in _fields_of(form, section, fields)
    }


def _date(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(f"{value}-01" if len(str(value)) == 7 else str(value))
    except ValueError:
        return None


def _number(value: Any, kind: str) -> Any:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if kind == "integer" and number == int(number) else number


def read(item: FormField, value: Any) -> Any:
    """A stored answer as a typed value: Decimal, date, (date, date), code, list …; None for nothing or nonsense."""
    if value is None or value == "" or isinstance(value, bool) != (item.type == "boolean"):
        return None
    if item.type in ("integer", "decimal", "money"):
        return _number(value, item.type)
    if item.type == "date":
        return _date(value)
    if item.type == "period":
        value = value if isinstance(value, dict) else {}
        return _date(value.get("from")), _date(value.get("to"))
    if item.type in ("codes", "file", "table"):
        return value if isinstance(value, list) else None
    if item.type == "checklist":
        return value if isinstance(value, dict) else None
    return value
