"""合法性审查."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import RETURN, StepKind, register


@register
class LegalReview(StepKind):
    """A lawyer's review: it passes or goes back."""

    code = "legal_review"
    title = lazy("合法性审查")
    vouches = True
    outcomes = (("positive", lazy("审查通过")), RETURN)
