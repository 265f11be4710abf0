"""Form fields as facts: which fields the forms of a profile have, and of which type.

Reads the raw form specifications (plain mappings), so that a profile can be checked before any case exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from core.forms.fields import Text

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


def both(text: Any) -> Text:
    """A raw text (`{zh: …, en: …}` or a plain string) as one that speaks the reader's language; empty for else."""
    if isinstance(text, dict):
        words = [text.get(language) for language in ("zh", "en")]
        return Text(*(word if isinstance(word, str) else "" for word in words))
    return Text(text if isinstance(text, str) else "")


def _field(form: str, section: str, raw: Any) -> FormField | None:
    if not isinstance(raw, dict) or raw.get("type") not in FACT_TYPE or not isinstance(raw.get("key"), str):
        return None
    entries = raw.get("items") if raw["type"] == "checklist" else raw.get("options")
    options = {str(entry.get("code")): both(entry.get("label")) for entry in entries or [] if isinstance(entry, dict)}
    columns = [_field(form, section, column) for column in raw.get("columns") or []]
    return FormField(
        form=form,
        section=section,
        key=raw["key"],
        type=FACT_TYPE[raw["type"]],
        label=both(raw.get("label")) or Text(raw["key"]),
        unit=both(raw.get("unit")),
        options=options,
        columns={column.key: column for column in columns if column},
    )


def fields_of(form_key: str, raw: Any) -> Iterator[FormField]:
    """All fields of a raw form specification that can be facts, with the hidden `<key>_other` texts."""
    if not isinstance(raw, dict):
        return
    for section in raw.get("sections") or []:
        if not isinstance(section, dict):
            continue
        name = str(section.get("key", ""))
        for item in section.get("fields") or []:
            found = _field(form_key, name, item)
            if found is None:
                continue
            yield found
            if item.get("other"):
                other = Text(f"{found.label.zh}（其他）", f"{found.label.en} (other)" if found.label.en else "")
                yield FormField(form_key, name, f"{found.key}_other", "text", other)


def catalogue(forms: dict[str, Any]) -> dict[str, FormField]:
    """Every field of the given raw forms by its fact name `form.<form>.<field>`."""
    return {f"form.{form}.{item.key}": item for form, raw in forms.items() for item in fields_of(form, raw)}


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
