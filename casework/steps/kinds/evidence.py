"""提交佐证: papers or answers are handed in; there is nothing to refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import StepKind, register


@register
class Evidence(StepKind):
    """Handing something in."""

    code = "evidence"
    title = lazy("提交佐证")
