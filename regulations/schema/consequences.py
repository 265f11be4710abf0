"""§4.5, §4.6 What a grade, a decision, an expiry or an event leads to, and the grants that somebody gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from regulations import vocabulary
from regulations.schema.base import Actor, Cited, Key, Number, Option, Ref, Text
from regulations.schema.route import Condition

EffectKind = Literal[tuple(vocabulary.EFFECTS)]
EndReason = Literal[tuple(vocabulary.END_REASONS)]
ENDS_A_BASE = ("revocation", "cancellation")
WITH_AMOUNT = ("grant", "intake_limit")


class Consequence(Cited):
    """One effect that follows. The portal proposes it; the role in `confirm` confirms or declines it; where the
    regulation lets it follow of itself (`automatic`), it stands at once.

    `code` tells effects of one kind apart: which title, which grant. It begins on the day of the confirmation, on that of the
    publication (asked for when it is confirmed), or on the first of January after the day of the proposal. It lasts to
    the end of that next year (`until: next_year`), for so many years or months, or without an end; with
    `renewal` it goes on after that until somebody approves again. `lifts` names kinds of effects that end with it.
    `amount` is in yuan (grant) or in persons (intake_limit). `reason` is the code by which a revocation is told from
    others. `paper` is the key of the paper that it is told on. It follows only where `when` holds, asked of the base.
    """

    effect: EffectKind
    title: Text
    code: Key | None = None
    start: Literal[tuple(vocabulary.EFFECT_FROM)] = Field("confirmed", alias="from")
    until: Literal[tuple(vocabulary.EFFECT_UNTIL)] | None = None
    years: int | Ref | None = None
    months: int | Ref | None = None
    renewal: bool = False
    amount: Number | None = None
    automatic: bool = False
    confirm: Actor | None = None
    lifts: list[EffectKind] = []
    reason: EndReason | None = None
    paper: Key | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _hangs_together(self):
        if self.automatic == (self.confirm is not None):
            raise ValueError("either it is automatic, or somebody confirms it (confirm: {unit, role})")
        if sum(value is not None for value in (self.until, self.years, self.months)) > 1:
            raise ValueError("give one of until, years, months")
        if self.renewal and self.until is None and self.years is None and self.months is None:
            raise ValueError("renewal needs an end before which nobody approves again: until, years or months")
        if self.amount is not None and self.effect not in WITH_AMOUNT:
            raise ValueError(f"an effect of kind {self.effect} has no amount")
        if self.effect == "grant" and self.amount is None:
            raise ValueError("a grant has an amount (yuan)")
        if self.effect in ENDS_A_BASE and self.reason is None:
            raise ValueError(f"a {self.effect} names its reason")
        if self.automatic and self.start == "published":
            raise ValueError("who publishes it enters the day: what begins with the publication is confirmed")
        return self


class Grant(Cited):
    """A sum that a role gives a base by an act of its own (NM-17c, NM-18), once for each base.

    `amount` is in yuan. `aspects` are what it may be given for, one at least; with `open` also something like them, with
    the reason. `document` names the file without which it is not given. It is given only where `when` holds;
    `consequences` follow once it is given.
    """

    title: Text
    amount: Number
    give: Actor
    aspects: list[Option] = []
    open: bool = False
    document: Text | None = None
    when: Condition | None = None
    consequences: list[Consequence] = []
    note: Text | None = None


def declared(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Consequence]]:
    """Every consequence that a profile, or a part of one, declares, with its path in the file."""
    if isinstance(value, Consequence):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from declared(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from declared(item, (*path, key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from declared(item, (*path, number))
