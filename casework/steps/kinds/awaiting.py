"""等待: the case goes on when a case of any kind that it is linked with has reached a state that the profile names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import StepKind, register
from core import door


@register
class Awaiting(StepKind):
    """Waits for `awaits: {case, states}`."""

    code = "await"
    title = lazy("等待")
    key = "awaits"
    outcomes = ()
    acted_on = False

    @property
    def awaits(self) -> tuple[str, ...]:
        """Every kind of case there is: which one, the profile says."""
        return tuple(door.kinds())

    def wants(self, declared, other) -> bool:
        return other.case_kind == declared.awaits.case

    def reached(self, declared, other) -> bool:
        return other.state in declared.awaits.states

    def brings(self, case, other, act=None) -> dict:
        return {"answers": {other.case_kind: other.number}}
