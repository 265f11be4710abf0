"""Answers out of an HTML form: `f-<key>`, tables `f-<key>-<row>-<column>`, periods `f-<key>-from` and `-to`.

`add-row` holds the key of a table that is to get one more row, `remove-row` a row as `<key>-<row>`: both also work
in a browser without scripts. New files come as `upload-<key>` and are taken by the view (core.uploads).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.http import QueryDict

from core.forms.fields import Field, FormSpec
from core.forms.plain import READ_ROWS

_ROW = re.compile(r"([0-9]{1,4})-")


def from_post(spec: FormSpec, data: QueryDict, section_keys: Collection[str] | None = None) -> dict[str, Any]:
    """Raw answers as `core.forms.clean.clean` takes them; only the named sections, if any are named."""
    raw: dict[str, Any] = {}
    for section in spec.sections:
        if section_keys is not None and section.key not in section_keys:
            continue
        for field in section.fields:
            if field.type not in ("note", "signature"):
                _put(raw, field, f"f-{field.key}", data)
    return raw


def wants_rows(data: QueryDict) -> bool:
    """Whether the form was sent to have a table's row added or removed, not to be saved and left."""
    return "add-row" in data or "remove-row" in data


def _put(raw: dict, field: Field, name: str, data: QueryDict) -> None:
    raw[field.key] = _value(field, name, data)
    if field.other:
        raw[f"{field.key}_other"] = data.get(f"{name}_other", "")


def _value(field: Field, name: str, data: QueryDict) -> Any:
    if field.type == "table":
        return _rows(field, name, data)
    if field.type == "period":
        return {"from": data.get(f"{name}-from", ""), "to": data.get(f"{name}-to", "")}
    if field.type in ("multichoice", "file"):
        return [item for item in data.getlist(name) if item]
    if field.type == "checklist":
        return {
            item.code: {
                "checked": data.get(f"{name}-{item.code}") in ("on", "true"),
                "remark": data.get(f"{name}-{item.code}-remark", ""),
            }
            for item in field.items
        }
    if field.type == "boolean":
        return {"on": True, "true": True, "1": True, "false": False, "0": False}.get(data.get(name, ""))
    return data.get(name, "")


def _rows(field: Field, name: str, data: QueryDict) -> list[dict]:
    matches = (_ROW.match(key, len(name) + 1) for key in data if key.startswith(f"{name}-"))
    numbers = sorted({int(match.group(1)) for match in matches if match})
    removed = data.get("remove-row", "")
    rows = []
    for number in numbers[:READ_ROWS]:
        if removed == f"{field.key}-{number}":
            continue
        row: dict[str, Any] = {}
        for column in field.columns:
            _put(row, column, f"{name}-{number}-{column.key}", data)
        rows.append(row)
    return rows
