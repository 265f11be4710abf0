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
from core.door.declarations import moves
from core.door.errors import Forbidden
from core.door.log import who_and_what
from core.door.passage import Act
from core.language import in_source_language
from core.models import Case, LedgerEntry, TransitionLog

CHUNK = 500  # cases in one transaction
CODE = "create"  # what the log calls a birth
Days = dt.date | Callable[[Case], dt.date] | None  # the paper's date: one for all, or each case's own


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
    on: Days = None,
    correlation: uuid.UUID | None = None,
    chunk: int = CHUNK,
) -> list[Case]:
    """The door's bulk entrance: many cases of one kind in their first state, with their lines in the log.

    `rows` are the fields of each case without its number, which comes from the counter of `series` and `year`.
    `permission` is asked once, of the actor for `within` (the organisation that the cases belong to). `owes` gives
    what is due on a case from its birth, as rows made with `core.ledger.row`. Every `chunk` of cases is one
    transaction with a fixed number of statements: what was entered stays if a later chunk fails. All lines of a call
    bear one correlation. `on` is the paper's date where it differs from today. Raises Forbidden.
    """
    _allow(actor, permission, within, _("新建"))
    correlation, made, rows = correlation or uuid.uuid4(), [], iter(rows)
    while part := list(islice(rows, chunk)):
        with in_source_language(), transaction.atomic():
            numbers = serials.numbers(series, year, len(part))
            cases = [model(**fields, number=number) for fields, number in zip(part, numbers, strict=True)]
            _enter(cases, actor, correlation, on)
            LedgerEntry.objects.bulk_create([row for case in cases for row in owes(case)], ignore_conflicts=True)
        made += cases
    return made


def perform_many(
    cases: list[Case],
    transition: str,
    actor: Actor,
    *,
    permission: str,
    within: Any,
    on: Days = None,
    data: Callable[[Case], dict] = lambda case: {},
    correlation: uuid.UUID | None = None,
) -> None:
    """Have cases of one kind make their first move together, in the transaction in which they were born: what was
    entered from paper goes on living where the paper left it. A fixed number of statements, whatever their number.

    `transition` is one of those that nobody may ask for on a page (`system`, `hidden`) and that has no conditions: what
    speaks against it has been asked of all of them before. Its method sees an Act with the day `on` and changes nothing
    but the state: a case is born with everything else. `permission` is asked once, as in `create_many`; `data` is what
    the line keeps. Raises Forbidden, ValueError for another move or for a case that has been acted on already.
    """
    if not cases:
        return
    model = type(cases[0])
    declared = moves(model)[transition]
    if not (declared.system and declared.hidden) or declared.conditions:
        raise ValueError(f"{transition} is asked of each case by itself")
    if not transaction.get_connection().in_atomic_block:
        raise ValueError("in the transaction in which the cases were born")
    _allow(actor, permission, within, declared.label)
    first, now, correlation = model._meta.get_field("state").default, clock.now(), correlation or uuid.uuid4()
    if any((case.state, case.version, case.log_lines) != (first, 1, 1) for case in cases):
        raise ValueError(f"{transition} is the first move of a case here")
    pks = [case.pk for case in cases]
    born = dict(
        TransitionLog.objects.filter(case_kind=model.case_kind, case_id__in=pks, position=1).values_list(
            "case_id", "hash"
        )
    )
    lines, states = [], set()
    with in_source_language():
        for case in cases:
            act = Act(actor, declared, case, data(case), {}, _day(on, case), now, correlation, case)
            getattr(case, transition)(act)
            case.version, case.log_lines, case.changed_at = 2, 2, now
            states.add(str(case.state))
            line = TransitionLog(
                **who_and_what(case, transition, declared.label, actor, correlation),
                position=2,
                version=2,
                from_state=first,
                to_state=case.state,
                on=act.on,
                reason=act.reason,
                data=act.data,
                facts=act.facts,
            )
            line.hash = chain.sealed_hash(line, born[case.pk])
            lines.append(line)
    (state,) = states
    TransitionLog.objects.bulk_create(lines)
    rows = model._base_manager.filter(pk__in=pks, state=first, version=1)
    if rows.update(state=state, version=2, log_lines=2, changed_at=now) != len(cases):
        raise ValueError(f"{transition}: somebody else has acted on one of the cases")


def _allow(actor: Actor, permission: str, within: Any, label: Any) -> None:
    if not isinstance(actor, SystemActor) and not actor.may(permission, within):
        who = whose(permission, [within]) or _("其他角色")
        raise Forbidden(_("“%(label)s”由%(who)s办理。") % {"label": label, "who": who})


def _day(on: Days, case: Case) -> dt.date:
    return (on(case) if callable(on) else on) or clock.today()


def _enter(cases: list[Case], actor: Actor, correlation: uuid.UUID, on: Days) -> None:
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
            on=_day(on, case),
        )
        line.hash = chain.sealed_hash(line, "")
        lines.append(line)
    TransitionLog.objects.bulk_create(lines)
