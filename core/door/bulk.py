"""Births: the way in. One case or ten thousand, in their first state, each with its line in the log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, serials
from core.door import chain
from core.door.actors import Actor, SystemActor
from core.door.choices import whose
from core.door.errors import Forbidden
from core.door.log import who_and_what
from core.language import in_source_language
from core.models import Case, LedgerEntry, TransitionLog

CHUNK = 500  # cases in one transaction
CODE = "create"  # what the log calls a birth


def create(case: Case, actor: Actor, *, correlation: uuid.UUID | None = None, on: dt.date | None = None) -> Case:
    """Enter a new case in its first state, with its line in the log; the caller has asked whether the actor may.

    `on`: the paper's date where it differs from today. Inside a move, `correlation` is the act's.
    """
    with in_source_language(), transaction.atomic():
        _enter([case], actor, correlation or uuid.uuid4(), on)
    return case


def create_many(
    model: type[Case],
    rows: Iterable[Mapping[str, Any]],
    actor: Actor,
    *,
    permission: str,
    within: Any,
    series: str,
    year: int,
    owes: Callable[[Case], Iterable[LedgerEntry]] = lambda case: (),
    on: dt.date | None = None,
    chunk: int = CHUNK,
) -> list[Case]:
    """The door's bulk entrance: many cases of one kind in their first state, with their lines in the log.

    `rows` are the fields of each case without its number, which comes from the counter of `series` and `year`.
    `permission` is asked once, of the actor for `within` (the organisation that the cases belong to). `owes` gives
    what is due on a case from its birth, as rows made with `core.ledger.row`. Every `chunk` of cases is one
    transaction with a fixed number of statements: what was entered stays if a later chunk fails. All lines of a call
    bear one correlation. Raises Forbidden.
    """
    if not isinstance(actor, SystemActor) and not actor.may(permission, within):
        who = whose(permission, [within]) or _("其他角色")
        raise Forbidden(_("“%(label)s”由%(who)s办理。") % {"label": _("新建"), "who": who})
    correlation, made, rows = uuid.uuid4(), [], iter(rows)
    while part := list(islice(rows, chunk)):
        with in_source_language(), transaction.atomic():
            numbers = serials.numbers(series, year, len(part))
            cases = [model(**fields, number=number) for fields, number in zip(part, numbers, strict=True)]
            _enter(cases, actor, correlation, on)
            LedgerEntry.objects.bulk_create([row for case in cases for row in owes(case)], ignore_conflicts=True)
        made += cases
    return made


def _enter(cases: list[Case], actor: Actor, correlation: uuid.UUID, on: dt.date | None) -> None:
    """The cases, then their lines. The database refuses any other state than the first."""
    for case in cases:
        case.note_columns()
        case.log_lines = 1
    type(cases[0])._base_manager.bulk_create(cases)
    lines = []
    for case in cases:
        line = TransitionLog(
            **who_and_what(case, CODE, _("新建"), actor, correlation),
            position=1,
            version=case.version,
            to_state=case.state,
            on=on or clock.today(),
        )
        line.hash = chain.sealed_hash(line, "")
        lines.append(line)
    TransitionLog.objects.bulk_create(lines)
