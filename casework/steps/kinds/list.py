"""列入名单: the case goes on with the list on which it stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps import lifecycle
from casework.steps.kind import StepKind, register


@register
class ListStep(StepKind):
    """Waits until the list that the profile names has gone on with the case on it."""

    code = "list"
    title = lazy("列入名单")
    key = "list"
    outcomes = ()
    awaits = ("list",)
    acted_on = False

    def wants(self, declared, other) -> bool:
        return other.key == declared.list

    def reached(self, declared, other) -> bool:
        return other.has_gone_on

    def brings(self, case, other, act=None) -> dict:
        return other.brings(case, act)

    def closed(self, case, step, act) -> None:
        if act.raw.get("rank"):
            lifecycle.of(case).ranked(act.raw["rank"])
