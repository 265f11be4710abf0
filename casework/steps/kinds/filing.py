"""备案: the office takes note, or sends back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import RETURN, StepKind, register


@register
class Filing(StepKind):
    """Filing for the record."""

    code = "filing"
    title = lazy("备案")
    outcomes = (("positive", lazy("已备案")), RETURN)
