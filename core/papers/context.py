"""What a paper is filled with: answers, recorded opinions, number and codes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .format import Names, display

State = Literal["draft", "review", "final"]


@dataclass(frozen=True)
class OpinionText:
    """A recorded opinion: its text, who gave it in which unit, and the paper's date."""

    text: str = ""
    person: str = ""
    unit: str = ""
    date: dt.date | str | None = None

    @classmethod
    def read(cls, data: Any) -> OpinionText:
        """From an OpinionText, a mapping with these keys, or None (nothing recorded)."""
        if isinstance(data, OpinionText):
            return data
        known = {key: data[key] for key in ("text", "person", "unit", "date") if key in data} if data else {}
        return cls(**known)


@dataclass(frozen=True)
class PaperContext:
    """Content of one paper.

    answers: {field key: answer} of one form (contract of `core.forms`).
    form: the parsed form, whose fields say how answers read; None prints stored values.
    opinions: {opinion key: OpinionText or mapping}.
    state: draft (watermark 草稿（不得用印）), review (送审稿), final (footer with code and QR).
    copies: holder labels (研究生处存); the paper is printed once for each. Empty: one copy without label.
    blank: an empty form for filling by hand: no answers, lines left open, no code.
    names: looks up organisations and files, see `format.Names`.
    """

    title: str = ""
    answers: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    opinions: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    number: str = ""
    version_code: str = ""
    verify_url: str = ""
    state: State = "draft"
    copies: tuple[str, ...] = ()
    blank: bool = False
    form: Any = None
    names: Names | None = None

    def __post_init__(self) -> None:
        if self.state not in ("draft", "review", "final"):
            raise ValueError(f"{self.state} is no state of a paper")
        if self.state == "final" and not self.blank and not (self.number and self.version_code):
            raise ValueError("a final paper has a number and a version code")

    def opinion(self, key: str) -> OpinionText:
        """The opinion recorded under `key`; an empty one if there is none."""
        return OpinionText() if self.blank else OpinionText.read(self.opinions.get(key))

    def raw(self, key: str, row: Mapping[str, Any] | None = None) -> Any:
        """The stored answer: of a table's row if given, else of the form; dotted keys go into nested answers."""
        if self.blank or not key:
            return None
        source: Any = self.answers if row is None else row
        if key in source:
            return source[key]
        for step in key.split("."):
            if not isinstance(source, Mapping) or step not in source:
                return None
            source = source[step]
        return source

    def field(self, key: str, table: str = "") -> Any:
        """The form's field `key`, or the column `key` of its table field; None if there is no such field."""
        if self.form is None or not key:
            return None
        for section in self.form.sections:
            for field in section.fields:
                if table and field.key == table:
                    return next((column for column in field.columns or () if column.key == key), None)
                if not table and field.key == key:
                    return field
        return None

    def shown(self, key: str, *, row: Mapping[str, Any] | None = None, table: str = "", form: str = "") -> str:
        """The answer as printed; "" if there is none."""
        other = self.raw(f"{key}_other", row)
        return display(self.raw(key, row), self.field(key, table), form=form, names=self.names, other=str(other or ""))

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """Rows of a table answer."""
        value = self.raw(key)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
