"""Answers out of an HTML form: `f-<key>`, tables `f-<key>-<row>-<column>`, periods `f-<key>-from`."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from core.forms.clean import MAX_ROWS
from core.forms.spec import Field, FormSpec


def from_post(spec: FormSpec, data: QueryDict, section_keys=None) -> dict[str, Any]:
    """Raw answers as `core.forms.clean.clean` takes them; only the named sections, if any are named."""
    raw: dict[str, Any] = {}
    for section in spec.sections:
        if section_keys is not None and section.key not in section_keys:
            continue
        for field in section.fields:
            raw[field.key] = _value(field, f"f-{field.key}", data)
            if field.other:
                raw[f"{field.key}_other"] = data.get(f"f-{field.key}_other", "")
    return raw


def _value(field: Field, name: str, data: QueryDict) -> Any:
    if field.type == "table":
        return _rows(field, name, data)
    if field.type == "period":
        return {"from": data.get(f"{name}-from", ""), "to": data.get(f"{name}-to", "")}
    if field.type in ("multichoice", "file"):
        return [one for one in data.getlist(name) if one]
    if field.type == "checklist":
        return {
            item.code: {
                "checked": data.get(f"{name}-{item.code}") == "on",
                "remark": data.get(f"{name}-{item.code}-remark", ""),
            }
            for item in field.items
        }
    if field.type == "boolean":
        return data.get(name) in ("on", "true", "1")
    return data.get(name, "")


def _rows(field: Field, name: str, data: QueryDict) -> list[dict]:
    numbers = set()
    for key in data:
        if key.startswith(f"{name}-"):
            number = key[len(name) + 1 :].split("-", 1)[0]
            if number.isdigit() and len(number) < 5:
                numbers.add(int(number))
    removed = data.get("remove-row", "")
    rows = []
    for number in sorted(numbers)[: MAX_ROWS + 1]:
        if removed == f"{field.key}-{number}":
            continue
        rows.append({column.key: _value(column, f"{name}-{number}-{column.key}", data) for column in field.columns})
    return rows
