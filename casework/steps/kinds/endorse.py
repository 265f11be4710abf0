"""签署意见: somebody says yes or no, in words where the opinion stands in a block of a paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import RETURN, StepKind, register


@register
class Endorse(StepKind):
    """An opinion."""

    code = "endorse"
    title = lazy("签署意见")
    vouches = True
    by_link = True
    outcomes = (("positive", lazy("同意")), RETURN, ("negative", lazy("不同意")))

    def wants_opinion(self, declared) -> bool:
        return declared.paper is not None
