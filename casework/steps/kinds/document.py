"""发文: a document with number and dates, entered here or brought by the recognition list that was published with it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from casework.specs import document_days, document_fields
from casework.steps.kind import StepKind, register
from core.findings import Finding, out_of_order


@register
class DocumentStep(StepKind):
    """A published document."""

    code = "document"
    title = lazy("发文")
    outcomes = (("positive", lazy("登记发文")),)
    awaits = ("list",)

    def fields(self, declared, outcome: str) -> list[dict]:
        return document_fields()

    def findings(self, case, step, declared, data: dict) -> list[Finding]:
        return out_of_order(document_days(data), declared.clause or "")

    def wants(self, declared, other) -> bool:
        return other.GOES_ON[other.kind] == "publish"

    def reached(self, declared, other) -> bool:
        return other.state == "published"

    def brings(self, case, other, act=None) -> dict:
        return other.brings(case, act)
