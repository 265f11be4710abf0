"""What the pages of this room list, each in a bounded number of queries, within what a membership sees."""

from casework.queries.lists import (
    actable_steps,
    assignments,
    case_lists,
    counted,
    decisions,
    experts,
    members,
    notices,
    overrides,
    own_reviews,
    panel_steps,
    scan_state,
    seen_cases,
)
from casework.queries.scans import scans_to_compare, steps_to_compare, supplied_to_compare

__all__ = [
    "actable_steps",
    "assignments",
    "case_lists",
    "counted",
    "decisions",
    "experts",
    "members",
    "notices",
    "overrides",
    "own_reviews",
    "panel_steps",
    "scan_state",
    "scans_to_compare",
    "seen_cases",
    "steps_to_compare",
    "supplied_to_compare",
]
