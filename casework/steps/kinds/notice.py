"""公示: the case goes on when its notice has ended, or when the list that the notice publicised has gone on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import StepKind, register


@register
class NoticeStep(StepKind):
    """Waits for the end of the notice that the profile names."""

    code = "notice"
    title = lazy("公示")
    key = "notice"
    outcomes = ()
    awaits = ("notice", "list")
    acted_on = False

    def wants(self, declared, other) -> bool:
        return declared.notice == (other.key if other.case_kind == "notice" else other.declaration.notice)

    def reached(self, declared, other) -> bool:
        return other.state == "closed" if other.case_kind == "notice" else other.has_gone_on

    def brings(self, case, other, act=None) -> dict:
        if other.case_kind == "notice":
            return {"answers": {"closes_on": other.closes_on.isoformat()}}
        return other.brings(case, act)
