"""§4.3 Approval chain: ordered steps with actor, evidence, papers, time and what a refusal leads to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from regulations import vocabulary
from regulations.schema.base import Cited, Key, Leaf, Option, Ref, Scan, StepUnit, Strict, Text

Scalar = str | int | float | bool


class Condition(Strict):
    """`when`: exactly one of a comparison or a combination.

    Comparison: `fact` or `setting`, and one of `equals, not_equals, in, gte, lte, present`.
    Combination: `all: […]`, `any: […]`, `not: …`.
    """

    fact: Any = None
    setting: str | None = None
    equals: Scalar | None = None
    not_equals: Scalar | None = None
    in_: list[Scalar] | None = Field(default=None, alias="in")
    gte: Scalar | None = None
    lte: Scalar | None = None
    present: bool | None = None
    all_: list[Condition] | None = Field(default=None, alias="all")
    any_: list[Condition] | None = Field(default=None, alias="any")
    not_: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one(self):
        combos = [name for name in ("all_", "any_", "not_") if getattr(self, name) is not None]
        names = ("equals", "not_equals", "in_", "gte", "lte", "present")
        tests = [name for name in names if getattr(self, name) is not None]
        subjects = [name for name in ("fact", "setting") if getattr(self, name) is not None]
        if combos:
            if len(combos) > 1 or tests or subjects:
                raise ValueError("a condition is one of all, any, not, or one comparison")
        elif len(subjects) != 1 or len(tests) != 1:
            raise ValueError(
                "a condition names one fact or setting and one of equals, not_equals, in, gte, lte, present"
            )
        return self

    def parts(self) -> list[Condition]:
        """The conditions combined here, or itself alone."""
        nested = (self.all_ or []) + (self.any_ or []) + ([self.not_] if self.not_ else [])
        return [leaf for part in nested for leaf in part.parts()] if nested else [self]


class StepPaper(Strict):
    """Paper beside the screen: whether a scan or the original comes back, seal, which of the unit's seals that is, copies,
    who keeps it."""

    key: str = ""
    scan: Scan = "none"
    seal: Text | None = None
    stamp: Literal[tuple(vocabulary.STAMPS)] | None = None
    copies: int | None = None
    keeper: Text | None = None


class Due(Cited):
    """Time to act: one of the three counts, a number or a setting."""

    days: int | Ref | None = None
    working_days: int | Ref | None = None
    months: int | Ref | None = None

    @model_validator(mode="after")
    def _one(self):
        if sum(value is not None for value in (self.days, self.working_days, self.months)) != 1:
            raise ValueError("a due time is one of days, working_days, months")
        return self


class Panel(Strict):
    """Rules of an expert panel: least number, on campus only or at least one, opinions, a score or a scoring sheet."""

    min_experts: int | Ref | None = None
    on_campus: Literal["required", "allowed", "excluded"] = "allowed"
    opinion: bool = True
    score: bool = False
    sheet: Key | None = None
    form: str = ""

    @model_validator(mode="after")
    def _one_score(self):
        if self.score and self.sheet:
            raise ValueError("the score is the total of the sheet: leave `score` out")
        return self


class Awaits(Strict):
    """Which case a step of kind `await` waits for, by its kind, and the states that will do."""

    case: Key
    states: list[Key]

    @model_validator(mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("states"), str):
            value = {**value, "states": [value["states"]]}
        return value


# Named apart: a step has a field `list`, which would hide the builtin in its annotations.
Keys = list[Key]
# What a step confirms: a form, or a section of one (`agreement.clauses`).
Parts = list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]]
Options = list[Option]


class Step(Cited):
    """One step of a route. See profiles/README.md for every key."""

    key: Key
    title: Text
    stage: Key
    kind: Key
    role: str
    unit: StepUnit
    quorum: Leaf[int] | None = None
    after: Keys | None = None
    tracks: Keys = []
    when: Condition | None = None
    form: str | None = None
    section: str | None = None
    paper: StepPaper | None = None
    evidence: Options = []
    offline: bool = False
    by_link: bool | Ref = False
    body: Text | None = None
    other_than: Keys = []
    unit_from: str | None = None
    names: Literal["college"] | None = None
    confirms: Parts = []
    verdicts: dict[str, Text] = {}
    on_negative: Literal["reject", "return", "continue"] = "return"
    due: Due | None = None
    silence: Literal["none", "positive", "negative"] = "none"
    notice: str | None = None
    list: str | None = None
    agreement: Literal["draft", "formal", "signed", "revised"] | None = None
    awaits: Awaits | None = None
    person: Key | None = None
    panel: Panel | None = None
    public: bool = False
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, value: Any) -> Any:
        if isinstance(value, dict):
            value = dict(value)
            for name in ("after", "other_than", "confirms", "tracks"):
                if isinstance(value.get(name), str):
                    value[name] = [value[name]]
        return value

    @model_validator(mode="after")
    def _known(self):
        if self.role not in vocabulary.roles_of(self.unit):
            raise ValueError(f"no role «{self.role}» in unit «{self.unit}»")
        if self.unit_from is not None and self.unit.startswith(vocabulary.PARTY):
            raise ValueError("either an earlier step chooses the units (unit_from), or all parties act (party.…)")
        if self.quorum is not None and not (self.unit.startswith(vocabulary.PARTY) and self.quorum.value):
            raise ValueError("a quorum counts the rows of a step with the unit party.…, and is at least 1")
        return self
