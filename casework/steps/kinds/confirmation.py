"""确认: a side confirms the content as it stands, or does not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps import lifecycle
from casework.steps.kind import StepKind, register


@register
class Confirmation(StepKind):
    """A side's confirmation, kept by the case with the hash of what was confirmed."""

    code = "confirmation"
    title = lazy("确认")
    vouches = True
    by_link = True
    outcomes = (("positive", lazy("确认内容")), ("negative", lazy("不予确认")))

    def closed(self, case, step, act) -> None:
        if step.state == "done":
            lifecycle.of(case).confirmed(step, act)
