"""评定等次: the kind of step at which a grade is given."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from casework.specs import field, options
from casework.steps.kind import RETURN, StepKind, register
from core.findings import Finding
from evaluations.services import confirming, grading


@register
class GradeStep(StepKind):
    """The grade: confirmed as it follows from sheets and facts, or given by whoever acts where the regulation leaves it
    to them. A closing round closes it with the result that it fixed."""

    code = "grade"
    title = lazy("评定等次")
    routes = ("evaluation",)
    outcomes = (("positive", lazy("评定等次")), RETURN)

    def fields_for(self, case, step, declared, outcome: str) -> list[dict]:
        if outcome != "positive":
            return []
        paper = field("decided_on", "date", _("评定日期（以文书为准）"), required=False, help=_("不填则为今天。"))
        if grading.is_computed(case):
            return [field("result", "note", grading.in_a_line(case), required=False), paper]
        choices = options(grading.titles(case).items())
        clause = declared.clause or case.declaration.clause
        cited = {"clause": clause, "local": False} if clause else {}
        return [{**field("grade", "choice", _("考核等次"), options=choices), **cited}, paper]

    def findings(self, case, step, declared, data: dict) -> list[Finding]:
        return confirming.grade_findings(case) + grading.day_findings([case], data.get("decided_on"))

    def closed(self, case, step, act) -> None:
        if step.state == "done":
            confirming.give(case, act)
