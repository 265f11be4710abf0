"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from applications.queries.calls import applies_itself, open_calls, startable_lists
from applications.queries.lists import agenda, applications, calls, linkable_agreements, stage_words
from applications.queries.units import runs, units, whose_units

__all__ = [
    "agenda",
    "applies_itself",
    "applications",
    "calls",
    "linkable_agreements",
    "open_calls",
    "runs",
    "stage_words",
    "startable_lists",
    "units",
    "whose_units",
]
