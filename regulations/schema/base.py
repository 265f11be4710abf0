"""Value leaves, texts and references: the small parts every chapter of the profile schema is made of.

Every model refuses unknown keys and coerces nothing (`2` is no text, `"2"` no number). Data come in as plain
JSON values (the loader turns YAML dates into ISO text first), so that a profile read from a file and one read
from the database are validated in exactly the same way.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from core.language import Bilingual
from regulations import vocabulary

CLAUSE = re.compile(r"^[A-Z][A-Z0-9]*-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$")
KEY = re.compile(r"^[a-z][a-z0-9_]*$")
DOTTED = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")


class Strict(BaseModel):
    """No unknown keys, no coercion, no change after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Text(Strict, Bilingual):
    """A text of the profile: `{zh: …, en: …}`; a plain string means `zh`. `str()` gives the Chinese."""

    zh: Annotated[str, Field(min_length=1)]
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    def __str__(self) -> str:
        return self.zh

    def in_language(self, language: str) -> str:
        """The text for a language code (`zh-hans`, `en`); falls back to Chinese."""
        return self.en if language.startswith("en") and self.en else self.zh


def _date(value: Any) -> Any:
    if isinstance(value, dt.datetime) or not isinstance(value, str | dt.date):
        raise ValueError("a date is written YYYY-MM-DD")
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("a number is wanted")
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError("a number is wanted") from error


def _clause(value: Any) -> Any:
    if not isinstance(value, str) or not CLAUSE.match(value):
        raise ValueError("a clause ID looks like NM-8.2b")
    return value


def _key(value: Any) -> Any:
    if not isinstance(value, str) or not KEY.match(value):
        raise ValueError("a key is lower case letters, digits and underscores, beginning with a letter")
    return value


def _text_number(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Date = Annotated[dt.date, BeforeValidator(_date), PlainSerializer(lambda d: d.isoformat(), return_type=str)]
Number = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(str, return_type=str)]
Clause = Annotated[str, BeforeValidator(_clause)]
Key = Annotated[str, BeforeValidator(_key)]
VersionNumber = Annotated[str, BeforeValidator(_text_number), Field(pattern=r"^[0-9]+(\.[0-9]+)*$")]
Strength = Literal["hard", "default", "priority", "encouraged", "info"]
Unit = Literal[tuple(vocabulary.UNITS)]
Level = Literal[tuple(vocabulary.LEVELS)]
Column = Literal[tuple(vocabulary.UNIT_COLUMNS)]
# The unit of a step: a column, or all the parties of its kind, each with a row of its own.
StepUnit = Literal[
    tuple([*vocabulary.UNIT_COLUMNS, *(f"{vocabulary.PARTY}{column}" for column in vocabulary.UNIT_COLUMNS)])
]
Scan = Literal["none", "scan", "original"]


class Cited(Strict):
    """Something that rests on a clause, or is a fill-in of the deployment (`local: true`).

    `clause` is the main clause; `also` holds further ones. `source` is accepted for `clause`.
    """

    clause: Clause | None = None
    also: list[Clause] = []
    local: bool = False

    @model_validator(mode="before")
    @classmethod
    def _source(cls, value: Any) -> Any:
        if isinstance(value, dict) and "source" in value and "clause" not in value:
            value = {("clause" if key == "source" else key): item for key, item in value.items()}
        return value

    @model_validator(mode="after")
    def _cites(self):
        if self.clause is None and not self.local and self.must_cite():
            raise ValueError("cites no clause and is not marked local")
        return self

    def must_cite(self) -> bool:
        """Whether this needs a clause; a silent value (null) does not."""
        return True

    @property
    def clauses(self) -> list[str]:
        """All clause IDs cited here, the main one first."""
        return ([self.clause] if self.clause else []) + list(self.also)


V = TypeVar("V")


class Leaf(Cited, Generic[V]):
    """One value of the regulation: `{value, unit?, strength?, source, also?, local?, title?, note?}`.

    `value: null` says that the regulation is silent (RR-4); code must not invent one. `local: true` marks a
    fill-in of the deployment, shown as such and replaceable by a dated local setting.
    """

    value: V | None
    unit: Unit | None = None
    strength: Strength = "hard"
    title: Text | None = None
    note: Text | None = None

    def must_cite(self) -> bool:
        return self.value is not None

    @property
    def source(self) -> str | None:
        """The clause ID of the value."""
        return self.clause


class Ref(Strict):
    """A number taken from a setting: `{setting: notice.recommend.days}`."""

    setting: Annotated[str, Field(pattern=DOTTED.pattern)]


class Option(Strict):
    """One entry of a code list: `{code, label, clause?, group?}`."""

    code: Key
    label: Text
    clause: Clause | None = None
    group: str = ""


class Actor(Strict):
    """Who acts: a role in an organisation column, `{unit: university, role: graduate_office}`."""

    unit: Column
    role: str

    @model_validator(mode="after")
    def _known(self):
        if self.role not in vocabulary.roles_of(self.unit):
            raise ValueError(f"no role «{self.role}» in unit «{self.unit}»")
        return self


class Hand(Strict):
    """Whose business a record is: a role in an organisation column, or `person: <word>`, somebody whom the case names. With
    both, it is the role's where the word means nobody. `party.<column>`: whoever has this part in the case."""

    unit: StepUnit | None = None
    role: str | None = None
    person: Key | None = None

    @model_validator(mode="after")
    def _known(self):
        if (self.unit is None) != (self.role is None) or (self.unit is None and self.person is None):
            raise ValueError("unit and role, or a person, or all three")
        if self.unit is not None and self.role not in vocabulary.roles_of(self.unit):
            raise ValueError(f"no role «{self.role}» in unit «{self.unit}»")
        return self

    @property
    def code(self) -> str:
        """What a row that somebody answers calls them: the person's word, or unit and role."""
        return self.person or f"{self.unit}.{self.role}"


class Item(Cited):
    """A named point of a list that rests on a clause: `{key, title, clause, strength?, points?, note?}`."""

    key: Key
    title: Text
    strength: Strength = "hard"
    points: list[Option] = []
    open: bool = False
    note: Text | None = None


class Prefill(Strict):
    """A field of a form that starts with what the portal knows; whoever corrects it fills `evidence` in."""

    field: Key
    fact: str
    evidence: Key | None = None
