"""What waits for somebody: one answer for the home page, the list of to-dos and the counts.

rows.py     a to-do, its counts, the columns that every source gives
source.py   what a source is; the registry
steps.py, drafts.py, asked.py, sealing.py, owed.py, reports.py, running.py   the sources
gather.py   all of them for one membership
following.py  下一件: what comes after an act
senders.py  who sent it; which seal on how many copies
"""

from portal.todos import asked, drafts, owed, reports, running, sealing, steps
from portal.todos.following import Following, following
from portal.todos.gather import MOST, counts, todos
from portal.todos.rows import Counts, Todo, Todos
from portal.todos.senders import name_seals

__all__ = [
    "MOST",
    "Counts",
    "Following",
    "Todo",
    "Todos",
    "asked",
    "counts",
    "drafts",
    "following",
    "name_seals",
    "owed",
    "reports",
    "running",
    "sealing",
    "steps",
    "todos",
]
