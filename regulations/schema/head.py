"""§4.1 Identity: what the instrument is, who issued it, what it rests on."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from regulations import vocabulary
from regulations.schema.base import (
    Cited,
    Clause,
    Date,
    Leaf,
    Level,
    Strict,
    Text,
    VersionNumber,
)


class Adopted(Cited):
    """One adopting meeting: body, number of the session, day."""

    body: Text
    session: Text | None = None
    on: Date | None = None


class Basis(Cited):
    """A higher instrument, identified by its number; titles differ between regulations (X-24)."""

    number: str
    title: Text | None = None
    code: str = ""


class Parent(Cited):
    """A superior regulation that prevails on conflict (XCU-31c): a pointer, `code` if it is loaded here."""

    title: Text
    number: str | None = None
    level: Level
    code: str = ""


class Effective(Cited):
    """From when it applies: the event the text names, and the day if the text gives one.

    `value: null` = the text does not say. An administrator enters the day when publishing.
    """

    value: Literal[tuple(vocabulary.EFFECTIVE_ON)] | None = None
    date: Date | None = None

    def must_cite(self) -> bool:
        return self.value is not None or self.date is not None


class Head(Strict):
    """Head of the instrument. Every value but `code`, `version` and `title` is a leaf or null (silent)."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]
    version: VersionNumber
    title: Text
    short: Text | None = None
    number: Leaf[str] | None = None
    level: Leaf[Level]
    issuer: Leaf[Text] | None = None
    signatory: Leaf[Text] | None = None
    issued_on: Leaf[Date] | None = None
    adopted: list[Adopted] = []
    addressees: Leaf[Text] | None = None
    effective: Effective
    interpreter: Leaf[Text] | None = None
    basis: list[Basis] = []
    parents: list[Parent] = []
    scope: Leaf[Text] | None = None
    principles: Leaf[list[Text]] | None = None
    purpose: Leaf[Text] | None = None
    definition: Leaf[Text] | None = None
    trial: Leaf[bool] | None = None
    annex_no: Leaf[int] | None = None
    # How people cite it: "article" = 第八条（二）1, "section" = 二、3. Exceptions by clause ID in `articles`.
    citation: Literal["article", "section"] = "article"
    articles: dict[Clause, str] = {}

    def dated(self) -> Any:
        """The day from which it applies according to the text itself, or None."""
        return self.effective.date
