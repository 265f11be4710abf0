"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from applications.queries.calls import (
    call_choices,
    call_extras,
    call_facts,
    call_findings,
    call_related,
    open_calls,
    startable_lists,
)
from applications.queries.lists import agenda, applications, calls, note_stage, stage_words
from applications.queries.pages import (
    application_choices,
    application_facts,
    application_findings,
    application_related,
    linkable_agreements,
)
from applications.queries.units import runs, units, whose_units

__all__ = [
    "agenda",
    "application_choices",
    "application_facts",
    "application_findings",
    "application_related",
    "applications",
    "call_choices",
    "call_extras",
    "call_facts",
    "call_findings",
    "call_related",
    "calls",
    "linkable_agreements",
    "note_stage",
    "open_calls",
    "runs",
    "stage_words",
    "startable_lists",
    "units",
    "whose_units",
]
