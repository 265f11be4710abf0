"""Lists of applications, calls, a call's units, and what a meeting has before it."""

from __future__ import annotations

from applications.views.lists.calls import Calls, Progress, Quotas
from applications.views.lists.projects import Agenda, Applications

__all__ = [
    "Agenda",
    "Applications",
    "Calls",
    "Progress",
    "Quotas",
]
