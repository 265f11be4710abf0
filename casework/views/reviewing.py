"""What an expert has beside the form of their opinion: the dossier, and the sheet's total as it grows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casework import access, panels
from casework.models import Assignment
from casework.pages import kinds
from casework.panels import marks
from casework.prefetched import Prefetched
from casework.views.builder import document_rows, form_parts
from core import pages
from core.findings import Finding

GIVING = "give_opinion"


def reviewing(request: HttpRequest, case, declared, subject) -> dict[str, Any]:
    """Further parts of the page on which an expert gives their opinion (`core.pages.ActionPage`); {} for any other move."""
    if declared.code != GIVING or not isinstance(subject, Assignment):
        return {}
    case.prefetched = Prefetched(case, case.round)
    own = kinds.for_case(case)(case, request.membership, reviewer=access.is_reviewer(request, case))
    return {
        "extras": _total(case, subject),
        "beside_forms": form_parts(request, case, case.round),
        "beside_documents": document_rows(request, own),
    }


def hints(case, declared, subject) -> list[Finding]:
    """What the rules point out before an opinion is given, without holding it back."""
    if declared.code != GIVING or not isinstance(subject, Assignment):
        return []
    return panels.opinion_hints(case, subject.step)


def _total(case, assignment: Assignment) -> list[pages.ExtraPart]:
    sheet = panels.sheet_for(case, assignment.step)
    if sheet is None:
        return []
    computed = marks.computed(case, sheet)
    context = {
        "total": sheet.total,
        "count": len(sheet.leaves()) - len(computed),
        "computed": sum(computed.values(), Decimal(0)),
    }
    return [pages.ExtraPart("sheet", _("评分"), "casework/parts/sheet_total.html", context)]
