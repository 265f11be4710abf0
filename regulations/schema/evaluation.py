"""§4.5 Evaluation: which kinds there are, when each opens and for whom, who reports, which grades it gives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from regulations import vocabulary
from regulations.schema.base import Actor, Cited, Key, Prefill, Ref, Strict, Text
from regulations.schema.consequences import Consequence
from regulations.schema.grading import Grading
from regulations.schema.route import Condition

MISSED = "missed"  # beside the grades: what follows where a base did not take part


class Span(Strict):
    """A length of time: a number or setting of one of days, months, years."""

    days: int | Ref | None = None
    months: int | Ref | None = None
    years: int | Ref | None = None

    @model_validator(mode="after")
    def _one(self):
        if sum(value is not None for value in (self.days, self.months, self.years)) != 1:
            raise ValueError("a span is one of days, months, years")
        return self


class Yearly(Strict):
    """Once in a calendar year, from this day of this month on."""

    month: int | Ref
    day: int = Field(default=1, ge=1, le=28)

    @model_validator(mode="after")
    def _month(self):
        if isinstance(self.month, int) and not 1 <= self.month <= 12:
            raise ValueError("a month is 1 to 12")
        return self


class Every(Strict):
    """Again and again, each base by its own clock: on every anniversary of what it counts from.

    `from: evaluation` counts from the day on which the last evaluation of the kinds in `of` was confirmed.
    """

    years: int | Ref | None = None
    months: int | Ref | None = None
    since: Literal[tuple(vocabulary.EVALUATION_CLOCKS)] = Field(alias="from")
    of: list[Key] = []

    @model_validator(mode="after")
    def _one(self):
        if (self.years is None) == (self.months is None):
            raise ValueError("an interval is one of years, months")
        if (self.since == "evaluation") != bool(self.of):
            raise ValueError("from: evaluation and key «of» belong together")
        return self


class Opens(Strict):
    """When evaluations of a kind open: one of the four."""

    yearly: Yearly | None = None
    every: Every | None = None
    after: Literal[tuple(vocabulary.EVALUATION_ENDS)] | None = None
    by_hand: bool = False

    @model_validator(mode="after")
    def _one(self):
        if sum(value not in (None, False) for value in (self.yearly, self.every, self.after, self.by_hand)) != 1:
            raise ValueError("opens is one of yearly, every, after, by_hand")
        return self


class Report(Actor):
    """The self-report: its form, who hands it in, and what the portal fills in beforehand."""

    form: Key
    prefill: list[Prefill] = []


class Grade(Cited):
    """A grade that a kind of evaluation may give; `passed`: the base goes on."""

    code: Key
    title: Text
    passed: bool


class InARow(Cited):
    """What follows when a base has not passed so many evaluations of the kinds in `count`, one after the other in the order
    of their confirmation; `count_if` are kinds that count as well where a setting of type boolean says so."""

    times: int = Field(ge=2)
    count: list[Key] = Field(min_length=1)
    count_if: dict[Key, Ref] = {}
    consequences: list[Consequence] = Field(min_length=1)


class EvaluationKind(Actor, Cited):
    """A kind of evaluation; `unit` and `role` name its organiser, `grades` are given the best first. Without `grading`
    somebody decides which. See profiles/README.md for every key."""

    title: Text
    opens: Opens
    members: Condition | None = None
    min_months: int | Ref | None = None
    window: Span
    remind_days: int = Field(default=7, ge=1)
    report: Report
    grades: list[Grade]
    grading: Grading | None = None
    consequences: dict[Key, list[Consequence]] = {}
    in_a_row: InARow | None = None

    @model_validator(mode="after")
    def _grades(self):
        codes = [grade.code for grade in self.grades]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError("an evaluation gives grades, each with a code of its own")
        if MISSED in codes:
            raise ValueError(f"«{MISSED}» is no grade: it says that a base did not take part")
        for grade in self.consequences:
            if grade not in (*codes, MISSED):
                raise ValueError(f"consequences: no grade «{grade}» (known: {', '.join(codes)}, {MISSED})")
        return self

    def grade(self, code: str) -> Grade:
        """The grade with this code. Raises KeyError."""
        for grade in self.grades:
            if grade.code == code:
                return grade
        raise KeyError(code)


Evaluations = dict[Key, EvaluationKind]
