"""The one door: every change of state of every case passes through `perform`.

A move is declared once, with `move`: where from, where to, what it is called, who may, which form it asks for, which
conditions hold it back, what follows the commit. Buttons, bulk actions, logs, diagrams and the table of state × move
× role are read from these declarations and are never written a second time.

Lock order: a list or call before its members, a case before its recognition or agreement, members by primary key.
"""

from core.door.actors import Actor, LinkActor, PublicActor, SystemActor
from core.door.bulk import create, create_many, perform_many
from core.door.choices import Choice, available, name_offices, why_not
from core.door.declarations import Move, case_model, ends, get_case, kinds, move, moves, moves_of, table
from core.door.errors import DoorError, Forbidden, NotFound, Refused, Stale
from core.door.log import last_line, record_event, record_first_events
from core.door.passage import Act, ask_of_persons, on_arrival, perform, perform_together

__all__ = [
    "Act",
    "Actor",
    "Choice",
    "DoorError",
    "Forbidden",
    "LinkActor",
    "Move",
    "NotFound",
    "PublicActor",
    "Refused",
    "Stale",
    "SystemActor",
    "ask_of_persons",
    "available",
    "case_model",
    "ends",
    "create",
    "create_many",
    "get_case",
    "kinds",
    "last_line",
    "move",
    "moves",
    "moves_of",
    "name_offices",
    "on_arrival",
    "perform",
    "perform_many",
    "perform_together",
    "record_event",
    "record_first_events",
    "table",
    "why_not",
]
