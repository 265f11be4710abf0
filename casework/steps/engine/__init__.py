"""The engine of steps: opens what can open, closes what was done, and says where a case goes next.

Everything here runs inside the door's transaction, called by the moves of a routed case.
"""

from __future__ import annotations

from casework.steps.engine.closing import complete, hand_over, lapse, match_scan, settle, step_findings
from casework.steps.engine.opening import not_yet, open_ready
from casework.steps.engine.rounds import end_round, next_stage, set_out, take_back

__all__ = [
    "complete",
    "end_round",
    "hand_over",
    "lapse",
    "match_scan",
    "next_stage",
    "not_yet",
    "open_ready",
    "set_out",
    "settle",
    "step_findings",
    "take_back",
]
