"""实地考察: a visit with its report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import RETURN, StepKind, register


@register
class SiteVisit(StepKind):
    """A visit."""

    code = "site_visit"
    title = lazy("实地考察")
    outcomes = (("positive", lazy("考察通过")), RETURN, ("negative", lazy("考察不通过")))
