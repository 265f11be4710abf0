"""Expert panels: who reviews, who stands back, what they said (see `casework.panels.experts`)."""

from casework.panels.experts import (
    VIEW,
    assign,
    assign_findings,
    closing_findings,
    conflicts,
    end_all,
    experts_for,
    give_opinion,
    mine,
    open_for,
    open_ids,
    recuse,
    replace,
    standing,
)

__all__ = [
    "VIEW",
    "assign",
    "assign_findings",
    "closing_findings",
    "conflicts",
    "end_all",
    "experts_for",
    "give_opinion",
    "mine",
    "open_for",
    "open_ids",
    "recuse",
    "replace",
    "standing",
]
