"""The specification of a form, parsed from plain data into frozen objects. Unknown keys are refused."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

TYPES = frozenset(
    "text longtext integer decimal money date month period choice multichoice boolean catalogue organisation person "
    "phone email file table checklist signature uscc note".split()
)
STRENGTHS = ("hard", "default", "priority", "encouraged", "info")
# Types a table's column may have: nothing that is itself a table, a signature or a note.
COLUMN_TYPES = TYPES - {"table", "signature", "note", "checklist"}


class FormSpecError(ValueError):
    """A form specification is wrong; the message begins with the path to the fault."""


@dataclass(frozen=True)
class Text:
    """A text in Chinese and perhaps English; `str()` gives the one of the current language."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.en if self.en and (get_language() or "").startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh)


@dataclass(frozen=True)
class Option:
    """One code that may be chosen, or one item of a checklist."""

    code: str
    label: Text
    clause: str = ""
    help: Text = Text("")
    group: str = ""
    local: bool = False


@dataclass(frozen=True)
class When:
    """The field is required when another field holds one of these codes."""

    field: str
    among: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One field. See docs of the profile format for what each key means; lengths count characters by RR-3."""

    key: str
    type: str
    label: Text
    required: bool = False
    required_when: When | None = None
    clause: str = ""
    also: tuple[str, ...] = ()
    local: bool = False
    strength: str = "hard"
    help: Text = Text("")
    unit: Text = Text("")
    note: Text = Text("")
    min_chars: int | None = None
    max_chars: int | None = None
    min: Any = None
    max: Any = None
    decimals: int | None = None
    options: tuple[Option, ...] = ()
    other: str = ""
    catalogue: str = ""
    name_key: str = ""
    kinds: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    min_files: int | None = None
    max_files: int | None = None
    columns: tuple[Field, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    items: tuple[Option, ...] = ()

    @property
    def many_files(self) -> bool:
        return self.max_files is None or self.max_files > 1

    def column(self, key: str) -> Field | None:
        """The column of a table by its key, or None."""
        return next((one for one in self.columns if one.key == key), None)


@dataclass(frozen=True)
class Section:
    """A part of the form, with the roles that fill it in (empty: whoever fills in the form) and in which states."""

    key: str
    title: Text
    fields: tuple[Field, ...]
    filled_by: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    clause: str = ""
    also: tuple[str, ...] = ()
    local: bool = False
    help: Text = Text("")


@dataclass(frozen=True)
class FormSpec:
    """A whole form."""

    key: str
    title: Text
    sections: tuple[Section, ...]
    clause: str = ""
    also: tuple[str, ...] = ()
    local: bool = False
    help: Text = Text("")
    paper: Any = None
    index: dict[str, Field] = field(default_factory=dict, compare=False, repr=False)

    def field(self, key: str) -> Field | None:
        """The field under a key, or None."""
        return self.index.get(key)

    def section_of(self, key: str) -> Section | None:
        """The section a field stands in, or None."""
        return next((one for one in self.sections if any(f.key == key for f in one.fields)), None)


def parse_form(data: Any) -> FormSpec:
    """Read a form from plain data. Raises FormSpecError naming the place."""
    data = _mapping(data, "form", {f.name for f in fields(FormSpec)} - {"index"})
    where = f"forms.{data.get('key', '?')}"
    if not isinstance(data.get("sections"), list) or not data["sections"]:
        raise FormSpecError(f"{where}: a form has at least one section")
    sections = tuple(_section(one, f"{where}.sections[{n}]") for n, one in enumerate(data["sections"]))
    index: dict[str, Field] = {}
    for section in sections:
        for one in section.fields:
            if one.key in index:
                raise FormSpecError(f"{where}: field {one.key} stands twice")
            index[one.key] = one
    if len({section.key for section in sections}) != len(sections):
        raise FormSpecError(f"{where}: a section stands twice")
    for one in index.values():
        _references(one, index, where)
    return FormSpec(
        key=_string(data.get("key", ""), f"{where}.key"),
        title=_text(data.get("title", ""), f"{where}.title"),
        sections=sections,
        clause=_string(data.get("clause") or "", f"{where}.clause"),
        also=_strings(data.get("also"), f"{where}.also"),
        local=bool(data.get("local", False)),
        help=_text(data.get("help") or "", f"{where}.help", empty=True),
        paper=data.get("paper"),
        index=index,
    )


def _references(one: Field, index: dict[str, Field], where: str) -> None:
    if one.required_when and one.required_when.field not in index:
        raise FormSpecError(f"{where}.{one.key}: required_when names no field {one.required_when.field}")
    if one.name_key and one.name_key not in index:
        raise FormSpecError(f"{where}.{one.key}: name_key names no field {one.name_key}")
    for column in one.columns:
        if column.name_key and one.column(column.name_key) is None:
            raise FormSpecError(f"{where}.{one.key}.{column.key}: name_key names no column {column.name_key}")


def _section(data: Any, where: str) -> Section:
    data = _mapping(data, where, {f.name for f in fields(Section)})
    if not isinstance(data.get("fields"), list):
        raise FormSpecError(f"{where}: a section has fields")
    return Section(
        key=_string(data.get("key"), f"{where}.key"),
        title=_text(data.get("title"), f"{where}.title"),
        fields=tuple(_field(one, f"{where}.fields[{n}]") for n, one in enumerate(data["fields"])),
        filled_by=_strings(data.get("filled_by"), f"{where}.filled_by"),
        states=_strings(data.get("states"), f"{where}.states"),
        clause=_string(data.get("clause") or "", f"{where}.clause"),
        also=_strings(data.get("also"), f"{where}.also"),
        local=bool(data.get("local", False)),
        help=_text(data.get("help") or "", f"{where}.help", empty=True),
    )


def _field(data: Any, where: str, column: bool = False) -> Field:
    data = _mapping(data, where, {f.name for f in fields(Field)})
    key = _string(data.get("key"), f"{where}.key")
    where = f"{where}({key})"
    kind = data.get("type")
    if kind not in (COLUMN_TYPES if column else TYPES):
        raise FormSpecError(f"{where}: unknown type {kind!r}")
    if data.get("strength", "hard") not in STRENGTHS:
        raise FormSpecError(f"{where}: unknown strength {data['strength']!r}")
    if not column and not data.get("clause") and not data.get("local"):
        raise FormSpecError(f"{where}: cites no clause and is not marked local")
    if kind in ("choice", "multichoice") and not isinstance(data.get("options"), list):
        raise FormSpecError(f"{where}: a choice has options")
    if kind == "table" and not data.get("columns"):
        raise FormSpecError(f"{where}: a table has columns")
    if kind == "checklist" and not data.get("items"):
        raise FormSpecError(f"{where}: a checklist has items")
    if kind == "catalogue" and not data.get("catalogue"):
        raise FormSpecError(f"{where}: names no catalogue")
    numbers = {}
    for name in ("min_chars", "max_chars", "decimals", "min_files", "max_files", "min_rows", "max_rows"):
        value = data.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise FormSpecError(f"{where}.{name}: a whole number is wanted")
        numbers[name] = value
    return Field(
        key=key,
        type=kind,
        label=_text(data.get("label"), f"{where}.label"),
        required=bool(data.get("required", False)),
        required_when=_when(data.get("required_when"), where),
        clause=_string(data.get("clause") or "", f"{where}.clause"),
        also=_strings(data.get("also"), f"{where}.also"),
        local=bool(data.get("local", False)),
        strength=data.get("strength", "hard"),
        help=_text(data.get("help") or "", f"{where}.help", empty=True),
        unit=_text(data.get("unit") or "", f"{where}.unit", empty=True),
        note=_text(data.get("note") or "", f"{where}.note", empty=True),
        min=data.get("min"),
        max=data.get("max"),
        options=tuple(_option(one, f"{where}.options[{n}]") for n, one in enumerate(data.get("options") or [])),
        other=_string(data.get("other") or "", f"{where}.other"),
        catalogue=_string(data.get("catalogue") or "", f"{where}.catalogue"),
        name_key=_string(data.get("name_key") or "", f"{where}.name_key"),
        kinds=_strings(data.get("kinds"), f"{where}.kinds"),
        accept=_strings(data.get("accept"), f"{where}.accept"),
        columns=tuple(_field(one, f"{where}.columns[{n}]", True) for n, one in enumerate(data.get("columns") or [])),
        items=tuple(_option(one, f"{where}.items[{n}]") for n, one in enumerate(data.get("items") or [])),
        **numbers,
    )


def _when(data: Any, where: str) -> When | None:
    if data is None:
        return None
    data = _mapping(data, f"{where}.required_when", {"field", "in"})
    return When(_string(data.get("field"), where), _strings(data.get("in"), where))


def _option(data: Any, where: str) -> Option:
    data = _mapping(data, where, {f.name for f in fields(Option)})
    return Option(
        code=_string(data.get("code"), f"{where}.code"),
        label=_text(data.get("label"), f"{where}.label"),
        clause=_string(data.get("clause") or "", f"{where}.clause"),
        help=_text(data.get("help") or "", f"{where}.help", empty=True),
        group=_string(data.get("group") or "", f"{where}.group"),
        local=bool(data.get("local", False)),
    )


def _mapping(data: Any, where: str, known: set[str]) -> dict:
    if not isinstance(data, dict):
        raise FormSpecError(f"{where}: a mapping is wanted")
    if unknown := sorted(set(data) - known):
        raise FormSpecError(f"{where}: unknown key {unknown[0]!r}")
    return data


def _string(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise FormSpecError(f"{where}: a text is wanted")
    return value


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FormSpecError(f"{where}: a list of texts is wanted")
    return tuple(value)


def _text(value: Any, where: str, empty: bool = False) -> Text:
    if isinstance(value, str):
        value = {"zh": value}
    elif not isinstance(value, dict) and hasattr(value, "zh"):
        value = {"zh": value.zh, "en": getattr(value, "en", "")}
    elif hasattr(value, "__str__") and not isinstance(value, dict | list | type(None) | int | float):
        value = {"zh": str(value)}
    if not isinstance(value, dict) or set(value) - {"zh", "en"} or not isinstance(value.get("zh"), str):
        raise FormSpecError(f"{where}: a text {{zh, en}} is wanted")
    if not value["zh"] and not empty:
        raise FormSpecError(f"{where}: the Chinese text is missing")
    return Text(value["zh"], value.get("en") or "")
