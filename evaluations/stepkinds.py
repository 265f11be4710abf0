"""评定等次: the kind of step at which a grade is given."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.steps.kind import RETURN, StepKind, register


@register
class GradeStep(StepKind):
    """The organiser gives the grade, with its reasons."""

    code = "grade"
    outcomes = (("positive", lazy("评定等次")), RETURN)
