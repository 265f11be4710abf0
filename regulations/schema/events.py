"""§4.6 What ends a base from outside: an incident that the unit reports, a withdrawal that both sides ask for."""

from __future__ import annotations

from regulations.schema.base import Cited, Clause, Key, Ref, Text
from regulations.schema.consequences import Consequence


class Incident(Cited):
    """A major incident that the unit reports of its own accord and somebody assesses (`routes.incident`).

    `form` is the report. Entered and not reported, it is reminded of after `remind_days`. `consequences` are proposed
    where the assessment says that joint training cannot go on; `judged` is the clause of the assessment.
    """

    title: Text
    form: Key
    remind_days: int | Ref | None = None
    judged: Clause | None = None
    consequences: list[Consequence] = []


class Withdrawal(Cited):
    """A base given up by both sides together (`routes.withdrawal`). Whether it may be begun, the rules of the gate
    "withdrawal.begin" say. `form` is the joint request. `signed` is the clause by which both sides sign it. What
    follows when the route has ended are its `consequences`."""

    title: Text
    form: Key
    signed: Clause | None = None
    consequences: list[Consequence] = []
