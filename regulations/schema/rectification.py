"""§4.5 Rectification: what a base has to repair, by when, who rechecks it and what follows."""

from __future__ import annotations

from pydantic import Field, model_validator

from regulations.schema.base import Actor, Cited, Key, Text
from regulations.schema.consequences import Consequence


class Period(Cited):
    """How long a rectification takes: years or months by RR-2. What the text fixes nobody moves."""

    years: int | None = Field(default=None, ge=1)
    months: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one(self):
        if (self.years is None) == (self.months is None):
            raise ValueError("a period is one of years, months")
        return self


class Rectification(Actor, Cited):
    """A rectification that a consequence with this key as its code orders.

    `unit` and `role` order it, check its problems and set its last day where the text gives no `period` (C-5); such a day
    lies before the next opening of the evaluation `before`. A period runs from the first day of the consequence (the
    confirmation, or the publication of the criticism: N-12). `responsible` are those who have to repair, the first of
    them hands the report in. It is rechecked by the steps of `routes.rectification`; where `reevaluation` names a kind
    of evaluation, by one of that kind, opened the day after the period's end. `passed` and `failed` are what follows.
    """

    title: Text
    responsible: list[Actor] = Field(min_length=1)
    period: Period | None = None
    before: Key | None = None
    reevaluation: Key | None = None
    passed: list[Consequence] = []
    failed: list[Consequence] = []

    @model_validator(mode="after")
    def _whole(self):
        if self.reevaluation is not None and self.period is None:
            raise ValueError("a reevaluation opens at the end of a period, and there is none")
        if self.before is not None and self.period is not None:
            raise ValueError("before bounds a day that somebody sets; here the period does")
        return self
