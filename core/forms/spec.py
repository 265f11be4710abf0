"""The specification of a form, parsed from plain data into frozen objects.

Everything that is not understood is refused with the path to it: an unknown key, a wrong type, a key that says
nothing about a field of that type, a bound that no value can keep. A field cites a clause unless it is `local`.

A form may be put together from sections and fields that have been parsed already (those of a regulation's profile) and
plain data beside them: what is parsed is taken as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from core.forms.fields import FILE_KINDS, HOLDS, Field, FormSpec, Option, Section, Text, When, text
from core.language import Bilingual

__all__ = [
    "Field",
    "FormSpec",
    "FormSpecError",
    "Option",
    "Section",
    "Text",
    "When",
    "parse_fields",
    "parse_form",
    "text",
]

TYPES = frozenset(
    (
        *(
            "text",
            "longtext",
            "integer",
            "decimal",
            "money",
            "date",
            "month",
            "period",
            "choice",
            "multichoice",
        ),
        *("boolean", "catalogue", "organisation", "person", "phone", "email", "file", "table", "checklist"),
        *("signature", "uscc", "note"),
    )
)
STRENGTHS = ("hard", "default", "priority", "encouraged", "info")

# Types a table's column may have: nothing that has rows, items or files of its own, and nothing that holds no answer.
COLUMN_TYPES = TYPES - {"table", "checklist", "file", "signature", "note"}
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")

_TEXTS = frozenset({"text", "longtext", "person", "phone", "email", "uscc"})
_NUMBERS = frozenset({"integer", "decimal", "money"})
_CHOICES = frozenset({"choice", "multichoice"})
# Keys that only fields of these types may have.
_ONLY = {
    "min_chars": _TEXTS,
    "max_chars": _TEXTS,
    "min": _NUMBERS | {"date", "month"},
    "max": _NUMBERS | {"date", "month"},
    "decimals": frozenset({"decimal", "money"}),
    "options": _CHOICES,
    "other": _CHOICES,
    "catalogue": frozenset({"catalogue"}),
    "name_key": frozenset({"catalogue"}),
    "kinds": frozenset({"organisation"}),
    "accept": frozenset({"file"}),
    "min_files": frozenset({"file"}),
    "max_files": frozenset({"file"}),
    "columns": frozenset({"table"}),
    "min_rows": frozenset({"table"}),
    "max_rows": frozenset({"table"}),
    "items": frozenset({"checklist"}),
}
_COUNTS = ("min_chars", "max_chars", "decimals", "min_files", "max_files", "min_rows", "max_rows")
_PAIRS = (("min_chars", "max_chars"), ("min_files", "max_files"), ("min_rows", "max_rows"), ("min", "max"))


class FormSpecError(ValueError):
    """A form specification is wrong. The message begins with the path to the fault; `path` holds it in parts."""

    def __init__(self, path: tuple, message: str):
        self.path = path
        shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        super().__init__(f"{shown}: {message}" if shown else message)


def parse_form(data: Any) -> FormSpec:
    """Read a form from plain data. Raises FormSpecError naming the place."""
    data = _mapping(data, (), {f.name for f in fields(FormSpec)} - {"index"})
    if not isinstance(data.get("sections"), list) or not data["sections"]:
        raise FormSpecError(("sections",), "a form has at least one section")
    sections = tuple(_section(item, ("sections", n)) for n, item in enumerate(data["sections"]))
    index: dict[str, Field] = {}
    places: dict[str, tuple] = {}
    for n, section in enumerate(sections):
        if section.key in {earlier.key for earlier in sections[:n]}:
            raise FormSpecError(("sections", n), f"section {section.key!r} stands twice")
        for m, field in enumerate(section.fields):
            if field.key in index:
                raise FormSpecError(("sections", n, "fields", m), f"field {field.key!r} stands twice")
            index[field.key], places[field.key] = field, ("sections", n, "fields", m)
    for key, field in index.items():
        _references(field, index, places[key])
    return FormSpec(
        key=_string(data.get("key", ""), ("key",)),
        title=_text(data.get("title", ""), ("title",)),
        sections=sections,
        paper=data.get("paper"),
        index=index,
        **_common(data, ()),
    )


def parse_fields(data: Any) -> tuple[Field, ...]:
    """Read a list of fields that make part of some form. Raises FormSpecError naming the place."""
    fields = tuple(_field(item, (n,)) for n, item in enumerate(_list(data, ())))
    index: dict[str, Field] = {}
    for n, field in enumerate(fields):
        if field.key in index:
            raise FormSpecError((n,), f"field {field.key!r} stands twice")
        index[field.key] = field
    for n, field in enumerate(fields):
        _references(field, index, (n,))
    return fields


def _common(data: dict, path: tuple) -> dict:
    return {
        "clause": _string(data.get("clause") or "", (*path, "clause")),
        "also": _strings(data.get("also"), (*path, "also")),
        "local": _bool(data.get("local"), (*path, "local")),
        "help": _text(data.get("help") or "", (*path, "help"), empty=True),
    }


def _references(field: Field, index: dict[str, Field], path: tuple) -> None:
    for n, column in enumerate(field.columns):
        _references(column, {other.key: other for other in field.columns} | {}, (*path, "columns", n))
    if field.other and f"{field.key}_other" in index:
        raise FormSpecError(path, f"the text of the other choice of {field.key!r} has the name of a field")
    if field.name_key:
        name = index.get(field.name_key)
        if name is None or name.type != "text":
            raise FormSpecError((*path, "name_key"), f"no text field {field.name_key!r} for the name")
    if field.required_when:
        asked = index.get(field.required_when.field)
        if asked is None:
            raise FormSpecError((*path, "required_when"), f"no field {field.required_when.field!r}")
        if asked.type in _CHOICES and (unknown := set(field.required_when.among) - set(asked.codes)):
            raise FormSpecError((*path, "required_when"), f"{asked.key!r} has no option {sorted(unknown)[0]!r}")


def _section(data: Any, path: tuple) -> Section:
    if isinstance(data, Section):
        return data
    data = _mapping(data, path, {f.name for f in fields(Section)})
    if not isinstance(data.get("fields"), list | tuple):
        raise FormSpecError((*path, "fields"), "a section has fields")
    return Section(
        key=_key(data.get("key"), (*path, "key")),
        title=_text(data.get("title"), (*path, "title")),
        fields=tuple(_field(item, (*path, "fields", n)) for n, item in enumerate(data["fields"])),
        filled_by=_strings(data.get("filled_by"), (*path, "filled_by")),
        states=_strings(data.get("states"), (*path, "states")),
        **_common(data, path),
    )


def _field(data: Any, path: tuple, column: bool = False) -> Field:
    if isinstance(data, Field) and not column:
        return data
    data = _mapping(data, path, {f.name for f in fields(Field)})
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in (COLUMN_TYPES if column else TYPES):
        raise FormSpecError((*path, "type"), f"unknown type {kind!r}" + (" of a column" if column else ""))
    for name, kinds in _ONLY.items():
        if data.get(name) is not None and kind not in kinds:
            raise FormSpecError((*path, name), f"says nothing about a field of type {kind}")
    if data.get("strength", "hard") not in STRENGTHS:
        raise FormSpecError((*path, "strength"), f"unknown strength {data['strength']!r}")
    if data.get("holds", "") not in ("", *HOLDS):
        raise FormSpecError((*path, "holds"), f"holds a {', '.join(HOLDS)}, not {data['holds']!r}")
    field = Field(
        key=_key(data.get("key"), (*path, "key")),
        type=kind,
        label=_text(data.get("label"), (*path, "label")),
        required=_bool(data.get("required"), (*path, "required")),
        required_when=_when(data.get("required_when"), (*path, "required_when")),
        strength=data.get("strength", "hard"),
        holds=data.get("holds", ""),
        unit=_text(data.get("unit") or "", (*path, "unit"), empty=True),
        note=_text(data.get("note") or "", (*path, "note"), empty=True),
        min=_bound(data.get("min"), kind, (*path, "min")),
        max=_bound(data.get("max"), kind, (*path, "max")),
        options=_options(data.get("options"), (*path, "options")),
        other=_string(data.get("other") or "", (*path, "other")),
        catalogue=_string(data.get("catalogue") or "", (*path, "catalogue")),
        name_key=_string(data.get("name_key") or "", (*path, "name_key")),
        kinds=_strings(data.get("kinds"), (*path, "kinds")),
        accept=_strings(data.get("accept"), (*path, "accept")),
        columns=_columns(data.get("columns"), (*path, "columns")),
        items=_options(data.get("items"), (*path, "items")),
        **_common(data, path),
        **{name: _whole(data.get(name), (*path, name)) for name in _COUNTS},
    )
    _whole_field(field, data, path, column)
    return field


def _whole_field(field: Field, data: dict, path: tuple, column: bool) -> None:
    """What only the field as a whole shows."""
    if not column and not field.clause and not field.local:
        raise FormSpecError(path, f"field {field.key!r} cites no clause and is not marked local")
    for kind, name, wanted in (
        (_CHOICES, "options", "a choice has options"),
        ({"table"}, "columns", "a table has columns"),
        ({"checklist"}, "items", "a checklist has items"),
        ({"catalogue"}, "catalogue", "names no catalogue"),
    ):
        # A choice may turn out to have nothing to choose from (no candidate yet), but it says so.
        if field.type in kind and (data.get(name) is None or (not data[name] and field.type not in _CHOICES)):
            raise FormSpecError((*path, name), wanted)
    if field.other and field.other not in field.codes:
        raise FormSpecError((*path, "other"), f"no option {field.other!r}")
    if unknown := [kind for kind in field.accept if kind not in FILE_KINDS]:
        raise FormSpecError((*path, "accept"), f"unknown kind of file {unknown[0]!r}")
    for least, most in _PAIRS:
        low, high = getattr(field, least), getattr(field, most)
        if low is not None and high is not None and low > high:
            raise FormSpecError((*path, least), f"larger than {most}")


def _columns(data: Any, path: tuple) -> tuple[Field, ...]:
    columns = tuple(_field(item, (*path, n), column=True) for n, item in enumerate(_list(data, path)))
    for n, column in enumerate(columns):
        if column.key in {other.key for other in columns[:n]}:
            raise FormSpecError((*path, n), f"column {column.key!r} stands twice")
    return columns


def _when(data: Any, path: tuple) -> When | None:
    if data is None:
        return None
    data = _mapping(data, path, {"field", "in"})
    among = _strings(data.get("in"), (*path, "in"))
    if not among:
        raise FormSpecError((*path, "in"), "at least one code is wanted")
    return When(_string(data.get("field"), (*path, "field")), among)


def _options(data: Any, path: tuple) -> tuple[Option, ...]:
    options: list[Option] = []
    for n, item in enumerate(_list(data, path)):
        here = (*path, n)
        item = _mapping(item, here, {f.name for f in fields(Option)})
        option = Option(
            code=_string(item.get("code"), (*here, "code")),
            label=_text(item.get("label"), (*here, "label")),
            clause=_string(item.get("clause") or "", (*here, "clause")),
            help=_text(item.get("help") or "", (*here, "help"), empty=True),
            group=_string(item.get("group") or "", (*here, "group")),
            local=_bool(item.get("local"), (*here, "local")),
        )
        if not option.code or option.code in {other.code for other in options}:
            raise FormSpecError((*here, "code"), f"code {option.code!r} is empty or stands twice")
        options.append(option)
    return tuple(options)


def _mapping(data: Any, path: tuple, known: set[str]) -> dict:
    if not isinstance(data, dict):
        raise FormSpecError(path, "a mapping is wanted")
    if unknown := sorted(str(name) for name in set(data) - known):
        raise FormSpecError((*path, unknown[0]), f"unknown key {unknown[0]!r}")
    return data


def _list(value: Any, path: tuple) -> list:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise FormSpecError(path, "a list is wanted")
    return list(value)


def _key(value: Any, path: tuple) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise FormSpecError(path, "a key of letters, digits and underscores is wanted")
    return value


def _string(value: Any, path: tuple) -> str:
    if not isinstance(value, str):
        raise FormSpecError(path, "a text is wanted")
    return value


def _bool(value: Any, path: tuple) -> bool:
    if value is not None and not isinstance(value, bool):
        raise FormSpecError(path, "true or false is wanted")
    return bool(value)


def _whole(value: Any, path: tuple) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise FormSpecError(path, "a whole number is wanted")
    return value


def _bound(value: Any, kind: str, path: tuple) -> Any:
    """A bound as it compares with answers: Decimal for numbers, ISO text for dates and months."""
    if value is None:
        return None
    if kind in ("date", "month"):
        shape = r"\d{4}-\d{2}-\d{2}" if kind == "date" else r"\d{4}-(0[1-9]|1[0-2])"
        value = value.isoformat() if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else value
        if not isinstance(value, str) or not re.fullmatch(shape, value):
            raise FormSpecError(path, f"a {kind} is wanted")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not Decimal(str(value)).is_finite():
        raise FormSpecError(path, "a number is wanted")
    return Decimal(str(value))


def _strings(value: Any, path: tuple) -> tuple[str, ...]:
    items = _list(value, path)
    if not all(isinstance(item, str) for item in items):
        raise FormSpecError(path, "a list of texts is wanted")
    return tuple(items)


def _text(value: Any, path: tuple, empty: bool = False) -> Text:
    if isinstance(value, str):
        value = {"zh": value}
    elif isinstance(value, Bilingual):
        value = {"zh": value.zh, "en": value.en}
    elif isinstance(value, Promise):  # a translation that waits for its language
        value = {"zh": str(value)}
    if not isinstance(value, dict) or set(value) - {"zh", "en"} or not isinstance(value.get("zh"), str):
        raise FormSpecError(path, "a text {zh, en} is wanted")
    if not isinstance(value.get("en") or "", str):
        raise FormSpecError(path, "the English text is no text")
    if not value["zh"].strip() and not empty:
        raise FormSpecError(path, "the Chinese text is missing")
    return Text(value["zh"], value.get("en") or "")
