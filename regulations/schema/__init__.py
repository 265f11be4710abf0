"""The profile schema: one regulation as data. `profiles/README.md` shows every key with an example.

`Profile.model_validate(data)` takes plain JSON values. What goes over the whole file (references, facts,
cycles, clause IDs) is checked by `regulations.loader`, which also knows files and lines.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from regulations import formfields
from regulations.schema.agreement import (
    Agreement,
    AgreementClause,
    ListKind,
    NoticeKind,
    PaperKind,
    Recognition,
)
from regulations.schema.apply import Apply, Track
from regulations.schema.base import (
    Actor,
    Cited,
    Hand,
    Item,
    Key,
    Leaf,
    Option,
    Ref,
    Strength,
    Strict,
    Text,
    Unit,
)
from regulations.schema.consequences import Consequence, Grant
from regulations.schema.evaluation import EvaluationKind, Evaluations
from regulations.schema.events import Incident, Withdrawal
from regulations.schema.forms import Fields, Forms
from regulations.schema.grading import Grading
from regulations.schema.head import Head
from regulations.schema.office import Office
from regulations.schema.offsite import OffSite
from regulations.schema.placement import Placement
from regulations.schema.rectification import Rectification
from regulations.schema.route import Condition, Due, Panel, Step, StepPaper
from regulations.schema.sheets import Sheet
from regulations.schema.values import SETTING_TYPES, typed

__all__ = [
    "Actor",
    "Agreement",
    "AgreementClause",
    "Apply",
    "Condition",
    "Consequence",
    "Due",
    "Grant",
    "Grading",
    "EvaluationKind",
    "Head",
    "Incident",
    "Item",
    "Leaf",
    "ListKind",
    "NoticeKind",
    "OffSite",
    "Office",
    "Option",
    "Panel",
    "PaperKind",
    "Profile",
    "Recognition",
    "RecordType",
    "Rectification",
    "Ref",
    "Rule",
    "Setting",
    "Sheet",
    "Step",
    "StepPaper",
    "Text",
    "Track",
    "Withdrawal",
]


class Setting(Cited):
    """A number or choice that code reads by name: `regulations.settings.setting(profile, key, …)`.

    `local: true` = the regulation leaves it open: `value` is then the deployment's default or null, shown as
    本单位设定, and dated local settings of an organisation replace it. Without `local` the value is the
    regulation's own and no local setting may change it.
    """

    title: Text
    type: Literal[SETTING_TYPES]
    options: list[Option] = []
    # Of a map: what it maps from; any word where none is named.
    keys: list[Option] = []
    min: int | None = None
    max: int | None = None
    # After what it depends on: the value is typed by them.
    value: Any
    unit: Unit | None = None
    strength: Strength = "hard"
    note: Text | None = None
    owner: Literal["authority", "university", "party"] | None = None

    @field_validator("value")
    @classmethod
    def _typed(cls, value: Any, info: ValidationInfo) -> Any:
        known = info.data
        if value is None or not {"type", "options", "keys", "min", "max"} <= set(known):
            return value
        return typed(value, known["type"], known["options"], known["min"], known["max"], known["keys"])

    def must_cite(self) -> bool:
        return self.value is not None


class Override(Actor):
    """Who may override a `default` rule, with a recorded reason."""


class Rule(Cited):
    """A condition of the regulation: one predicate of the closed vocabulary with its parameters."""

    key: Key
    gate: list[str]
    predicate: str
    params: dict[str, Any]
    strength: Strength = "hard"
    when: Condition | None = None
    message: Text | None = None
    fix: Text | None = None
    title: Text | None = None
    field: str = ""
    form: str = ""
    section: str = ""
    override: Override | None = None
    tag: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _gates(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("gate"), str):
            value = {**value, "gate": [value["gate"]]}
        return value

    @model_validator(mode="after")
    def _override(self):
        if self.strength == "default" and self.override is None:
            raise ValueError("a rule of strength default names who may override it (override: {unit, role})")
        if self.strength != "default" and self.override is not None:
            raise ValueError("only a rule of strength default can be overridden")
        return self


class Yearly(Cited):
    """At least `times` entries in each calendar year, with this code in the type's column `code` if one is named; whoever
    owes them is reminded `remind` days before the year's last day."""

    times: int
    code: Key | None = None
    remind: int = 30


class Cadence(Cited):
    """How often a record is due: a number or setting of days, weeks or months.

    Periods follow each other from the day on which the case began to owe; with `calendar` they are months of the calendar,
    with `rolling` each begins on the day of the last entry. `everyone`: each of `authors` owes it, not the first alone; the
    entry of one of them does for all. `remind`: so many days before the last day of a period (-1: the day after).
    `yearly`: beside it, at least so many entries in each calendar year.
    """

    days: int | Ref | None = None
    weeks: int | Ref | None = None
    months: int | Ref | None = None
    calendar: bool = False
    rolling: bool = False
    everyone: bool = False
    remind: int | None = None
    yearly: Yearly | None = None

    @model_validator(mode="after")
    def _one(self):
        if sum(value is not None for value in (self.days, self.weeks, self.months)) != 1:
            raise ValueError("a cadence is one of days, weeks, months")
        if self.calendar and (self.months is None or self.rolling):
            raise ValueError("only months follow the calendar, and they do not roll")
        return self


class Matter(Actor):
    """An entry that stays open until this role settles it, by the day in its field `due`; `fields` say how it was."""

    due: Key | None = None
    fields: Fields = ()


class Called(Strict):
    """What an entry is called until everybody whom its type asks has confirmed it, and from then on."""

    waiting: Text
    confirmed: Text


class RecordType(Cited):
    """A type of dated entry on a subject; `fields` are form fields (core.forms).

    Of a `standing` type one entry holds at a time: a later one replaces the one before. `columns` names the fields
    whose values lists and counts read. `cadence` asks for one entry in each period, of the first of `authors`. `gates`
    are those that stay shut while the subject has no entry of the type. Each of `confirmed_by` is asked to confirm an entry;
    a gate counts only what all of them have confirmed.
    """

    title: Text
    subject: str
    fields: Fields = ()
    columns: dict[Literal["until", "due", "code", "number", "amount", "person", "organisation"], Key] = {}
    authors: list[Hand] = []
    readers: list[Hand] = []
    confirmed_by: list[Hand] = []
    called: Called | None = None
    cadence: Cadence | None = None
    gates: list[str] = []
    standing: bool = False
    matter: Matter | None = None
    strength: Strength = "hard"

    @model_validator(mode="after")
    def _due_field(self):
        due = self.matter.due if self.matter else None
        if due is not None and not any(field.key == due and field.type == "date" for field in self.fields):
            raise ValueError(f"the record has no date field «{due}» by which it is to be settled")
        return self


class Profile(Strict):
    """One regulation as data."""

    head: Head
    terms: dict[Key, Leaf[Text]] = {}
    settings: dict[str, Setting] = {}
    apply: Apply | None = None
    forms: Forms = {}
    rules: list[Rule] = []
    # Kind of case -> its steps in order; the kinds are registered (`regulations.routekinds`).
    routes: dict[Key, list[Step]] = {}
    agreement: Agreement | None = None
    recognition: Recognition | None = None
    # What the office that runs the bases keeps beside its cases (`bases.office`).
    office: Office | None = None
    # Training away from home (`applications.offsite`).
    offsite: OffSite | None = None
    lists: dict[Key, ListKind] = {}
    notices: dict[Key, NoticeKind] = {}
    papers: dict[Key, PaperKind] = {}
    records: dict[Key, RecordType] = {}
    rectifications: dict[Key, Rectification] = {}
    # Sums that a role gives by an act of its own (`bases.grants`).
    grants: dict[Key, Grant] = {}
    incident: Incident | None = None
    withdrawal: Withdrawal | None = None
    placement: Placement | None = None
    sheets: dict[Key, Sheet] = {}
    evaluations: Evaluations = {}
    # Values nothing reads yet: dotted name -> leaf. Shown on the reading page, marked as information.
    information: dict[str, Leaf[Any] | None] = Field(default={})

    @property
    def code(self) -> str:
        """The regulation's code, e.g. `NM`. Shown and stored, never compared in logic."""
        return self.head.code

    @property
    def level(self) -> str:
        """The level it governs (RR-11): school, provincial, national, or overlay."""
        return self.head.level.value

    @cached_property
    def form_fields(self) -> dict[str, formfields.FormField]:
        """The fields of all forms and record types by fact name `form.<form or record type>.<field>`."""
        return formfields.catalogue(self.forms, {key: kind.fields for key, kind in self.records.items()})

    def rule(self, key: str) -> Rule:
        """The rule with this key. Raises KeyError."""
        return next_by_key(self.rules, key)

    def route(self, case_kind: str) -> list[Step]:
        """The steps of a kind of case, in order; none where the regulation wants none."""
        return self.routes.get(case_kind, [])

    def step(self, case_kind: str, key: str) -> Step:
        """The step with this key on the route of a kind of case. Raises KeyError."""
        return next_by_key(self.route(case_kind), key)

    def track(self, key: str) -> Track:
        """The application track with this key. Raises KeyError."""
        return next_by_key(self.apply.tracks if self.apply else [], key)


def next_by_key(items: list, key: str):
    """The item of a keyed list. Raises KeyError."""
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)
