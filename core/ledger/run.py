"""The job over the ledger: acts first, so that nobody is reminded of what has just been made, then the telling."""

from __future__ import annotations

import datetime as dt

from core.ledger import acts, reminders


def run_due(on: dt.date) -> dict:
    """Make, remind of and escalate everything due by `on`; rows missed on earlier days are caught up.

    Returns the date; how many rows were "acted" on, are still "waiting" for something else, were "reminded" of and
    "escalated"; how many "failed"; and the first, third and fourth by kind of row under "kinds".
    """
    said = {"date": on.isoformat(), "acted": 0, "waiting": 0, "reminded": 0, "escalated": 0, "failed": 0, "kinds": {}}
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
