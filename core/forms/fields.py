"""What a form is made of: frozen objects that core.forms.spec parses from plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import get_language

from core.language import Bilingual

# What an answer is to those who confirm a content (core.forms.content).
HOLDS = ("term", "fact", "contact")
FILE_KINDS = ("pdf", "jpg", "png", "docx", "xlsx")


@dataclass(frozen=True)
class Text(Bilingual):
    """A text in Chinese and perhaps English; `str()` gives the one of the current language."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return text(self, get_language() or "")

    def __bool__(self) -> bool:
        return bool(self.zh)


def text(value: Any, lang: str = "zh") -> str:
    """A text in the given language: a Text, `{zh, en}` or a plain string. Without English the Chinese stands."""
    if isinstance(value, dict):
        value = Text(value.get("zh") or "", value.get("en") or "")
    if isinstance(value, Text):
        return value.en if value.en and lang.startswith("en") else value.zh
    return "" if value is None else str(value)


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
    """The field is required when another field of the same form (or row) holds one of these codes."""

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
    holds: str = ""
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

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a choice or of a checklist's items."""
        return tuple(option.code for option in (self.items if self.type == "checklist" else self.options))

    @property
    def needed(self) -> bool:
        """Whether an empty answer is always refused; `required_when` depends on other answers."""
        return self.required or bool(self.min_rows) or (self.type != "checklist" and bool(self.min_files))

    def column(self, key: str) -> Field | None:
        """The column of a table by its key, or None."""
        return next((column for column in self.columns if column.key == key), None)


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

    def for_a_step(self) -> Section:
        """The section as part of a step's form: whoever acts there fills it in, in whatever state."""
        return replace(self, filled_by=(), states=())


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
        """The field under a key, or None; `table.column` names a column."""
        table, _, column = key.partition(".")
        entry = self.index.get(table)
        return entry.column(column) if entry is not None and column else entry

    def section_of(self, key: str) -> Section | None:
        """The section a field stands in, or None."""
        return next((section for section in self.sections if any(f.key == key for f in section.fields)), None)
