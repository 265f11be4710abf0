"""复核, 复评: the two kinds of step by which a rectification is rechecked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps import waiting
from casework.steps.kind import RETURN, StepKind, register
from evaluations.rectification import recheck


@register
class RecheckStep(StepKind):
    """Somebody looks at what was repaired: everything closed, more to be done, or failed."""

    code = "recheck"
    title = lazy("复核")
    routes = ("rectification",)
    outcomes = (
        ("positive", lazy("复核合格，准予销号")),
        (RETURN[0], lazy("继续整改")),
        ("negative", lazy("复核不合格")),
    )

    def wants_opinion(self, declared) -> bool:
        return True

    def findings(self, case, step, declared, data: dict) -> list:
        return recheck.closing_findings(case, declared.clause or "")


@register
class ReevaluationStep(StepKind):
    """Waits for the evaluation by which the rectification is rechecked; its grade decides."""

    code = "reevaluation"
    title = lazy("复评")
    routes = ("rectification",)
    outcomes = ()
    awaits = ("evaluation",)
    acted_on = False

    def wants(self, declared, other) -> bool:
        return other.case_kind == "evaluation"

    def reached(self, declared, other) -> bool:
        return recheck.is_over(other)

    def brings(self, case, other, act=None) -> dict:
        grade = other.declaration.grade(other.grade).title if other.grade else other.get_state_display()
        return {
            "answers": {"evaluation": other.number},
            "opinion": f"{other.declaration.title}：{grade}",
            "outcome": "positive" if recheck.was_passed(other) else "negative",
        }


waiting.link("evaluation", of=recheck.reevaluations_of, waiting=recheck.waiting_for, waiter="rectification")
