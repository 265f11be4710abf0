"""Scoring sheets: a tree of indicators with points, as experts mark it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, model_validator

from regulations.schema.base import Cited, Key, Number, Ref, Strict, Text

Points = Annotated[Number, Field(gt=0, le=1000)]


class ScaleStep(Strict):
    """From this value of the fact on, these points."""

    from_: Number = Field(alias="from")
    points: Annotated[Number, Field(ge=0)]


class Scale(Strict):
    """How a fact becomes points: `steps` (the last whose `from` is reached counts; below the first: none), or `per` points
    for each unit of it, as far as the indicator's points reach."""

    steps: list[ScaleStep] = []
    per: Annotated[Number, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one(self):
        if bool(self.steps) == (self.per is not None):
            raise ValueError("a scale is one of steps, per")
        starts = [step.from_ for step in self.steps]
        if starts != sorted(set(starts)):
            raise ValueError("the steps of a scale rise: each `from` is higher than the one before")
        return self


class Indicator(Cited):
    """One line of a sheet: a group of further indicators, or a leaf that is marked from 0 up to its points.

    `code` is what the official form prints (`A1`); `title` is null where the source lost it (X-14). With `fact` the portal
    computes the mark: a number through `scale`, a boolean as all of the points or none.
    """

    key: Key
    code: str = ""
    title: Text | None = None
    points: Points
    children: list[Indicator] = []
    fact: Any = None
    scale: Scale | None = None

    @model_validator(mode="after")
    def _leaf(self):
        if self.children and (self.fact is not None or self.scale is not None):
            raise ValueError("only an indicator without children is computed from a fact")
        if self.scale is not None and self.fact is None:
            raise ValueError("a scale turns a fact into points: `fact` is missing")
        if not self.code and self.title is None:
            raise ValueError("an indicator has a code or a title, or nobody knows which it is")
        return self

    def leaves(self) -> list[Indicator]:
        """The indicators below that are marked, or itself alone, in their order."""
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


class Sheet(Cited):
    """A scoring sheet: `{title, heading?, total, indicators, titles?, note?}`. Whether its groups and its total add up,
    `regulations.checks.sheets` says with the line of each."""

    title: Text
    heading: Text | None = None
    total: Points
    indicators: Annotated[list[Indicator], Field(min_length=1)]
    titles: Ref | None = None
    note: Text | None = None

    def leaves(self) -> list[Indicator]:
        """The indicators that are marked, in the order of the form."""
        return [leaf for indicator in self.indicators for leaf in indicator.leaves()]

    def leaf_points(self) -> Decimal:
        """The most that somebody can give: the points of all leaves."""
        return sum((leaf.points for leaf in self.leaves()), Decimal(0))
