"""Grading: how sheets and facts become a grade. The grades themselves stand with the kind of evaluation."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from regulations import vocabulary
from regulations.schema.base import Cited, Key, Number, Ref, Strict, Text
from regulations.schema.route import Condition

COMBINATIONS = ("mean", "trimmed", "weighted")
ROUNDING_MODES = ("half_up", "half_even", "down", "up")
ROUNDED_WHEN = ("sheets", "combined", "graded")
SHARES = ("all", "majority", "any")


class Combination(Cited):
    """How the totals of several sheets become one score.

    `how`: `mean` of all totals; `trimmed`: the mean without the `trim` highest and `trim` lowest; `weighted`: the means of
    each kind of expert, weighted by `weights`. A setting of type choice with these codes may stand in its place.
    """

    how: Literal[COMBINATIONS] | Ref
    trim: Annotated[int, Field(ge=1, le=5)] = 1
    weights: dict[Literal[tuple(vocabulary.EXPERT_KINDS)], Annotated[Number, Field(gt=0)]] = {}

    @model_validator(mode="after")
    def _weights(self):
        if self.how == "weighted" and not self.weights:
            raise ValueError("weights: which kind of expert counts how much?")
        if self.weights and self.how != "weighted" and not isinstance(self.how, Ref):
            raise ValueError("weights are read only where how is weighted")
        if "trim" in self.model_fields_set and self.how != "trimmed" and not isinstance(self.how, Ref):
            raise ValueError("trim is read only where how is trimmed")
        return self


class Rounding(Cited):
    """One rounding: to `places` decimals, in a mode, `when`: of each sheet's total, of the combined score before it meets the
    bands, or of the score that is kept after they were read with the exact one."""

    places: Annotated[int, Field(ge=0, le=4)]
    mode: Literal[ROUNDING_MODES] = "half_up"
    when: Literal[ROUNDED_WHEN]


class Band(Cited):
    """A grade from this score on, up to where the next higher band begins (half-open)."""

    grade: Key
    from_: Number | Ref = Field(alias="from")


class ByExperts(Strict):
    """What experts answered in a field of their form: a share of them gave one of these codes (or ticked it)."""

    field: Key
    in_: list[str | bool] = Field(alias="in", min_length=1)
    share: Literal[SHARES] = "all"


class GradeCondition(Cited):
    """A condition that a grade asks for: `when` over facts, or `experts` over what the experts answered."""

    key: Key
    title: Text
    when: Condition | None = None
    experts: ByExperts | None = None

    @model_validator(mode="after")
    def _one(self):
        if (self.when is None) == (self.experts is None):
            raise ValueError("a condition of a grade is one of when, experts")
        return self


class Veto(GradeCondition):
    """What lets nothing better than `grade` stand, whatever the score."""

    grade: Key


class Grading(Strict):
    """How a kind of evaluation is graded. Without bands and conditions somebody decides.

    The band of the score gives the grade; conditions and vetoes can only lower it. Without bands the best grade whose
    conditions all hold is given; a grade without conditions always holds, so that the lowest needs none.
    """

    combine: Combination | None = None
    min_sheets: Annotated[int, Field(ge=1)] | Ref | None = None
    rounding: list[Rounding] = []
    bands: list[Band] = []
    conditions: dict[Key, list[GradeCondition]] = {}
    vetoes: list[Veto] = []

    @model_validator(mode="before")
    @classmethod
    def _one_rounding(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("rounding"), dict):
            value = {**value, "rounding": [value["rounding"]]}
        return value

    @model_validator(mode="after")
    def _whole(self):
        places = [rounding.when for rounding in self.rounding]
        if len(places) != len(set(places)):
            raise ValueError("rounding: twice at the same place")
        if self.bands and self.combine is None:
            raise ValueError("bands need a score: how are the sheets combined? (combine)")
        if self.combine is not None and not {"combined", "graded"} & set(places):
            raise ValueError("rounding: to how many places is the score kept? (when: combined or graded)")
        if (self.rounding or self.min_sheets is not None) and self.combine is None:
            raise ValueError("rounding and min_sheets are read only where sheets are combined")
        return self

    def decides(self) -> bool:
        """Whether a grade follows from this; else somebody decides."""
        return bool(self.bands or self.conditions)

    def conditions_of(self, grade: str) -> list[GradeCondition]:
        """What a grade asks for beside its band."""
        return self.conditions.get(grade, [])

    def all_conditions(self) -> list[GradeCondition]:
        """Every condition and veto."""
        return [each for listed in self.conditions.values() for each in listed] + list(self.vetoes)


def plain_figure(value: Number | Ref) -> Decimal | None:
    """A figure written in the profile; None for one that a setting gives."""
    return None if isinstance(value, Ref) else value
