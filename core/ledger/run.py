"""The job over the ledger: first what the calendar alone brings is entered, then acts, so that nobody is reminded of what
has just been made, then the telling."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from core.ledger import acts, reminders

log = logging.getLogger("lianpei.ledger")
PLANNERS: list[Callable[[dt.date], None]] = []


def planner(function: Callable[[dt.date], None]) -> Callable[[dt.date], None]:
    """Register `function(on)`, which enters in the ledger what has come due by a day without anybody's act. It finds what
    earlier runs missed, and a second run adds nothing."""
    if function not in PLANNERS:
        PLANNERS.append(function)
    return function


def run_due(on: dt.date) -> dict:
    """Make, remind of and escalate everything due by `on`; rows missed on earlier days are caught up.

    Returns the date; how many rows were "acted" on, are still "waiting" for something else, were "reminded" of and
    "escalated"; how many "failed"; and the first, third and fourth by kind of row under "kinds".
    """
    said = {"date": on.isoformat(), "acted": 0, "waiting": 0, "reminded": 0, "escalated": 0, "failed": 0, "kinds": {}}
    for plan in PLANNERS:
        try:
            plan(on)
        except Exception as error:  # noqa: BLE001 - what one room plans stops no other room
            log.error("%s.%s: %s", plan.__module__, plan.__name__, error, exc_info=error)
            said["failed"] += 1
    for pk, kind in list(acts.due(on).values_list("pk", "kind")):
        outcome = acts.act_on(pk, on)
        if outcome:
            said[outcome] += 1
        if outcome == "acted":
            _count(said, outcome, {kind: 1})
    for name, telling in (("reminded", reminders.REMIND), ("escalated", reminders.ESCALATE)):
        counts, failed = reminders.tell(telling, on)
        said[name] = sum(counts.values())
        said["failed"] += failed
        _count(said, name, counts)
    return said


def _count(said: dict, what: str, counts: dict[str, int]) -> None:
    for kind, number in counts.items():
        row = said["kinds"].setdefault(kind, {})
        row[what] = row.get(what, 0) + number
