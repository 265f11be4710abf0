"""领取原件: whoever is to hold one of the originals says that it has come, and when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import StepKind, register


@register
class Receipt(StepKind):
    """One holder's original."""

    code = "receipt"
    title = lazy("领取原件")
    outcomes = (("positive", lazy("登记领取")),)
