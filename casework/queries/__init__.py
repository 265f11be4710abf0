"""What the pages of this room list, each in a bounded number of queries, within what a membership sees."""

from casework.queries.lists import (
    actable_steps,
    assignments,
    case_lists,
    counted,
    decisions,
    experts,
    notices,
    overrides,
    own_reviews,
    panel_steps,
    scan_state,
    seen_cases,
)
from casework.queries.pages import (
    list_extras,
    list_facts,
    list_findings,
    list_related,
    notice_extras,
    notice_facts,
    notice_related,
    override_related,
)

__all__ = [
    "actable_steps",
    "assignments",
    "case_lists",
    "counted",
    "decisions",
    "experts",
    "list_extras",
    "list_facts",
    "list_findings",
    "list_related",
    "notice_extras",
    "notice_facts",
    "notice_related",
    "notices",
    "override_related",
    "overrides",
    "own_reviews",
    "panel_steps",
    "scan_state",
    "seen_cases",
]
