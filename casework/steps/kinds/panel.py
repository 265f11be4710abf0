"""专家评审: experts are assigned, hand in their opinions, and the organiser closes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework import panels
from casework.steps.kind import RETURN, StepKind, register


@register
class PanelStep(StepKind):
    """A panel of experts."""

    code = "panel"
    title = lazy("专家评审")
    outcomes = (("positive", lazy("评审通过")), RETURN, ("negative", lazy("评审不通过")))
    experts = True

    def outcomes_in(self, case) -> tuple:
        return tuple((code, case.PANEL_DONE or label if code == "positive" else label) for code, label in self.outcomes)

    def findings(self, case, step, declared, data: dict) -> list:
        return panels.closing_findings(case, step, declared)

    def closed(self, case, step, act) -> None:
        panels.end_all(case, act, _("评审已结束"))
