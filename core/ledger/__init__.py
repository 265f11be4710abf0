"""The ledger of everything due: one row per unique key, owed by a role of a unit or by a person.

Whoever owes something calls `owe`; whoever did it calls `settle`. The job `run_due` makes what is to be made when its
day has passed, reminds of what comes, and tells the unit's leader once of what is late. A missed run is caught up, a
second run adds nothing, and one bad row stops no other.

    rows.py       owe, settle, reopen: what is due
    kinds.py      the kinds of row there are, and how each is told of
    people.py     who is told of a row
    acts.py       rows that name a handler: a move made through the door by the system, by date
    reminders.py  reminders and escalation, gathered in chunks into each person's digest of the day
    digests.py    a digest, told: in the portal, by one mail, by whatever else is configured
    run.py        the job over all of it; preview.py: what it would do
"""

from core.ledger.acts import NotYet, before_passage, carry_out, handler, implied, retry
from core.ledger.kinds import kind
from core.ledger.preview import preview
from core.ledger.rows import hand_over, owe, owed_by, owing, reopen, restage, row, settle, settle_case, stages_of
from core.ledger.run import planner, run_due, run_scheduled

__all__ = [
    "NotYet",
    "before_passage",
    "carry_out",
    "hand_over",
    "handler",
    "implied",
    "kind",
    "owe",
    "owed_by",
    "owing",
    "planner",
    "preview",
    "reopen",
    "restage",
    "retry",
    "row",
    "run_due",
    "run_scheduled",
    "settle",
    "settle_case",
    "stages_of",
]
