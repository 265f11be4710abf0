"""Agreements that are ready for the seals, or whose signed text is awaited."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bases.models import Agreement
from casework.models import Step
from casework.models.regulated import with_regulation
from portal.todos.drafts import of_case
from portal.todos.rows import Todo
from portal.todos.source import LIMIT, Source, register


@register
class Sealing(Source):
    """Agreements that the graduate office takes to the seals, or whose signature it enters. One query.

    One made for an application waits for the decision, unless its regulation wants it signed before.
    """

    code = "sealing"

    def todos(self, membership) -> list[Todo]:
        if membership.kind != "university" or "graduate_office" not in membership.acting_roles:
            return []
        left = Step.objects.filter(
            case_kind=Agreement.case_kind,
            case_id=OuterRef("pk"),
            round=OuterRef("round"),
            state__in=("open", "waiting"),
        )
        rows = Agreement.objects.visible_to(membership).filter(state__in=("confirming", "sealing"))
        rows = with_regulation(rows.exclude(Exists(left))).order_by("pk")
        waiting = []
        for row in rows:
            if _may_be_signed(row):
                word = _("登记签订") if row.state == "sealing" else _("进入用印")
                waiting.append(of_case(row, word, word))
        return waiting[:LIMIT]


def _may_be_signed(row: Agreement) -> bool:
    declared = row.profile.agreement.order
    before = declared is not None and declared.value == "before_application"
    approved = row.application_id is None or row.recognition_id is not None
    return row.state == "sealing" or before or approved
