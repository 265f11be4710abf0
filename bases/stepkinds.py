"""协议: the kind of step that waits until the case's agreement is as far as the regulation wants it. 研判: whether a base can go on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from bases.events import incidents
from casework.steps.kind import StepKind, register

# What `agreement:` of a step asks for, as the states in which the agreement is that far: drafted; checked by whoever
# checks it; signed.
REACHED = {
    "draft": ("draft", "checking", "confirming", "sealing", "signed"),
    "formal": ("confirming", "sealing", "signed"),
    "signed": ("signed",),
    "revised": ("signed",),
}


@register
class AgreementStep(StepKind):
    """Waits for the agreement."""

    code = "agreement"
    title = lazy("协议")
    key = "agreement"
    outcomes = ()
    awaits = ("agreement",)
    acted_on = False

    def wants(self, declared, other) -> bool:
        return True

    def reached(self, declared, other) -> bool:
        return other.state in REACHED[declared.agreement]

    def brings(self, case, other, act=None) -> dict:
        return {"answers": {"agreement": other.number}}


@register
class AssessmentStep(StepKind):
    """研判: whether joint training can go on, in words. The answer is the case's own."""

    code = "assessment"
    title = lazy("研判")
    routes = ("incident",)
    outcomes = (
        ("positive", lazy("可以继续开展联合培养")),
        ("negative", lazy("确无法继续开展联合培养")),
    )

    def wants_opinion(self, declared) -> bool:
        return True

    def closed(self, case, step, act) -> None:
        incidents.assessed(case, step, act)
