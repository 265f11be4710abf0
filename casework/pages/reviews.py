"""What the office that runs a panel sees of it beside the case: who reviews until when, and what they said."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from casework.models import Assignment, Step
from casework.panels.forms import opinion_form
from casework.permissions import runs_panel
from casework.steps.kind import kind_of
from core import pages
from core.forms.spec import parse_form


def review_extras(case, steps: Iterable[Step], membership) -> list[pages.ExtraPart]:
    """The experts on the panels of these steps, for the office that runs them; nobody else sees their opinions."""
    panels = {step.pk: step for step in steps if kind_of(step).experts and runs_panel(membership, step)}
    if not panels:
        return []
    reviews = []
    for row in sorted(case.prefetched.assignments, key=lambda row: (row.step_id, row.pk)):
        if row.step_id not in panels:
            continue
        reviews.append({"row": row, "verdict": _verdict(case, row, membership), "text": _words(row)})
    return (
        [pages.ExtraPart("reviews", _("专家评审"), "casework/parts/reviews.html", reviews, place="aside")]
        if reviews
        else []
    )


def _verdict(case, row: Assignment, membership) -> str:
    if not row.verdict:
        return ""
    """What the expert chose, as the form calls it; the code where the form of this panel asks for none."""
    sections = parse_form(opinion_form(case, membership, {}, row)).sections
    fields = (field for section in sections for field in section.fields if field.key == "verdict")
    options = (option for field in fields for option in field.options)
    return next((str(option.label) for option in options if option.code == row.verdict), row.verdict)


def _words(row: Assignment) -> str:
    return str(row.answers.get("text") or row.answers.get("opinion") or "") if row.state == "submitted" else ""
