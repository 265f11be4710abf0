"""Lists of what this room keeps: case lists, notices, exceptions, panels and who sits on them, decisions."""

from __future__ import annotations

from casework.views.lists.decisions import Decisions
from casework.views.lists.panels import Assignments, Experts, Panels, Recusals, Reviews
from casework.views.lists.publicity import CaseLists, Notices, Overrides
from casework.views.lists.scans import Scans

__all__ = [
    "Assignments",
    "CaseLists",
    "Decisions",
    "Experts",
    "Notices",
    "Overrides",
    "Panels",
    "Recusals",
    "Reviews",
    "Scans",
]
