"""Rows that act: when the due day has passed, the system makes a move through the door.

A handler is idempotent by its row: the row is marked in the transaction of the move, the case locked before it. What a
handler cannot do yet (`NotYet`) is tried at every run; what fails is kept on the row with its error, tried again later
and later, and shown to the unit's administrator. If the job has not run, `before_passage` makes what is due on a case
before any move on it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from core import clock, door, outbox
from core.language import in_source_language
from core.models import Case, LedgerEntry

log = logging.getLogger("lianpei.ledger")


class NotYet(Exception):
    """Raised by a handler that something legitimate holds back, in words: an open objection, say. No fault."""


@dataclass(frozen=True)
class Handler:
    """What acts on rows of one name: `function(entry, on)`, what its page `says` of it before it has acted, and the
    `move` that it makes."""

    function: Callable[[LedgerEntry, dt.date], None]
    says: str = ""
    move: str = ""


HANDLERS: dict[str, Handler] = {}


def handler(name: str, *, says: str = "", move: str = "") -> Callable:
    """Register `function(entry, on)` as what acts on rows with this handler's name.

    It is called inside a transaction, with the row and its case locked, once `entry.due_on` is before `on`; it makes
    its moves with `carry_out`. `says` (translated lazily) is what a page shows while the date has passed and nobody has
    acted, with places %(day)s and %(clause)s. `move` is the code of the move where it always makes the same one: whoever
    asks for that very move makes it themselves.
    """

    def register(function: Callable[[LedgerEntry, dt.date], None]) -> Callable:
        if name in HANDLERS:
            raise ValueError(f"two handlers of the ledger are called {name!r}")
        HANDLERS[name] = Handler(function, says, move)
        return function

    return register


def carry_out(entry: LedgerEntry, transition: str, data: dict | None = None, case: Case | None = None) -> Case:
    """Make a move as the system, on the row's case (or another one), dated the day after the due day, the clause in
    its line of the log. Returns the fresh case; raises what the door raises."""
    reason = _("办理时限%(day)s已过，系统按期办理。") % {"day": entry.due_on.isoformat()}
    if entry.clause:
        reason += _("依据：%(clause)s。") % {"clause": entry.clause}
    return door.perform(
        case or door.get_case(entry.case_kind, entry.case_id),
        transition,
        door.SystemActor(),
        {"reason": reason, **(data or {})},
        on=min(entry.due_on + dt.timedelta(days=1), clock.today()),
    )


def due(on: dt.date) -> QuerySet[LedgerEntry]:
    """The rows that are to act on a day and may be tried now, the longest due first."""
    return (
        LedgerEntry.objects.filter(due_on__lt=on, done_at=None)
        .exclude(handler="")
        .filter(Q(retry_at=None) | Q(retry_at__lte=clock.now()))
        .order_by("due_on", "pk")
    )


def implied(case: Case) -> list[str]:
    """What the date implies for a case although nothing has acted yet, in sentences for its page. One query."""
    rows = due_on_case(case).filter(due_on__lt=clock.today()).values_list("handler", "due_on", "clause")
    return [
        str(HANDLERS[handler].says) % {"day": due_on.isoformat(), "clause": clause}
        for handler, due_on, clause in rows
        if handler in HANDLERS and HANDLERS[handler].says
    ]


def due_on_case(case: Case) -> QuerySet[LedgerEntry]:
    """The rows of a case that name a handler which has not acted."""
    rows = LedgerEntry.about(case).filter(done_at=None)
    return rows.exclude(handler="").order_by("due_on", "pk")


def act_on(pk: int, on: dt.date) -> str:
    """Let one row act. Returns "acted", "waiting" (something holds it back), "failed", or "" where another was
    quicker."""
    try:
        with in_source_language(), transaction.atomic():
            entry = _locked(pk)
            if entry is None:
                return ""
            entry.acted_at = entry.done_at = clock.now()
            entry.failures, entry.error, entry.retry_at = 0, "", None
            entry.save(update_fields=["acted_at", "done_at", "failures", "error", "retry_at"])
            outbox.answered(entry.key)
            HANDLERS[entry.handler].function(entry, on)
    except NotYet as reason:
        LedgerEntry.objects.filter(pk=pk).update(error=str(reason)[:2000], failures=0, retry_at=None)
        return "waiting"
    except Exception as error:  # noqa: BLE001 - one tenant's bad row must not stop the others; the row keeps it
        note_failure(pk, error)
        return "failed"
    return "acted"


def _locked(pk: int) -> LedgerEntry | None:
    """The row under a lock, its case locked before it as every move does; None where it is done."""
    kind, case_id = LedgerEntry.objects.filter(pk=pk).values_list("case_kind", "case_id").first() or ("", None)
    model = door.case_model(kind)
    if model is not None:
        model.locked(case_id)
    return LedgerEntry.objects.select_for_update().filter(pk=pk, done_at=None).first()


def note_failure(pk: int, error: Exception) -> None:
    """Keep an error on its row; it is tried again in a quarter of an hour, then later and later, daily at last."""
    log.error("ledger row %s: %s: %s", pk, type(error).__name__, error, exc_info=error)
    failures = LedgerEntry.objects.filter(pk=pk).values_list("failures", flat=True).first() or 0
    pause = min(dt.timedelta(minutes=15) * 2 ** min(failures, 10), dt.timedelta(days=1))
    LedgerEntry.objects.filter(pk=pk).update(
        failures=F("failures") + 1, error=f"{type(error).__name__}: {error}"[:2000], retry_at=clock.now() + pause
    )


def failing() -> QuerySet[LedgerEntry]:
    """The rows that went wrong and are still open."""
    return LedgerEntry.objects.filter(failures__gt=0, done_at=None)


def retry(entry: LedgerEntry) -> None:
    """Have a failing row tried at the next run."""
    LedgerEntry.objects.filter(pk=entry.pk).update(retry_at=None)


def before_passage(case: Case, code: str, seen: int | None) -> int | None:
    """Make what is due on a case before the move `code` on it (`core.door` calls this), but for that move itself. Returns
    the version that the move is to be compared with: `seen`, moved along where nothing but these acts has happened since.
    """
    today = clock.today()
    rows = due(today).filter(case_kind=case.case_kind, case_id=case.pk)
    same = [name for name, known in HANDLERS.items() if known.move == code]
    pks = list(rows.exclude(handler__in=same).values_list("pk", flat=True))
    if not pks:
        return seen
    before = _version(case)
    for pk in pks:
        act_on(pk, today)
    return _version(case) if seen is not None and int(seen) == before else seen


def _version(case: Case) -> int | None:
    return type(case)._base_manager.filter(pk=case.pk).values_list("version", flat=True).first()
