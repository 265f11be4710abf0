"""What the office that runs a panel sees of it beside the case: who reviews until when, and what they said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

from django.utils.translation import gettext as _

from casework.models import Assignment, Step
from casework.panels.forms import opinion_form
from casework.panels.marks import sheet_for
from casework.permissions import runs_panel
from casework.steps.kind import kind_of
from core import pages
from core.forms.spec import parse_form
from tenants import roles


def review_extras(case, steps: Iterable[Step], membership) -> list[pages.ExtraPart]:
    """The experts on the panels of these steps, for the office that runs them and the auditors of its organisation; nobody
    else sees their opinions."""
    panels = {step.pk: step for step in steps if kind_of(step).experts and _reads(membership, step)}
    if not panels:
        return []
    reviews = []
    for row in sorted(case.prefetched.assignments, key=lambda row: (row.step_id, row.pk)):
        if row.step_id not in panels:
            continue
        verdict = partial(_verdict, case, row, membership)
        reviews.append(
            {
                "row": row,
                "verdict": verdict(row.verdict),
                "text": _words(row.answers) if row.state == "submitted" else "",
                "earlier": [_earlier(case, row.step, kept, verdict) for kept in row.earlier],
            }
        )
    return (
        [pages.ExtraPart("reviews", _("专家评审"), "casework/parts/reviews.html", reviews, place="aside")]
        if reviews
        else []
    )


def _reads(membership, step: Step) -> bool:
    own = step.unit_id == membership.organisation_id
    return runs_panel(membership, step) or (own and membership.role in roles.READING_ROLES)


def _verdict(case, row: Assignment, membership, code: str) -> str:
    """What the expert chose, as the form calls it; the code where the form of this panel asks for none."""
    if not code:
        return ""
    sections = parse_form(opinion_form(case, membership, {}, row)).sections
    fields = (field for section in sections for field in section.fields if field.key == "verdict")
    options = (option for field in fields for option in field.options)
    return next((str(option.label) for option in options if option.code == code), code)


def _words(answers: dict) -> str:
    return str(answers.get("text") or answers.get("opinion") or "")


def _earlier(case, step: Step, kept: dict, verdict: Callable[[str], str]) -> dict:
    """One of the opinions that the expert handed in before the last, with its marks by the sheet's titles."""
    sheet = sheet_for(case, step) if kept["marks"] else None
    leaves = {leaf.key: leaf.label for leaf in sheet.leaves()} if sheet is not None else {}
    return {
        "at": dt.datetime.fromisoformat(kept["submitted_at"]),
        "score": kept["score"],
        "verdict": verdict(kept["verdict"]),
        "text": _words(kept["answers"]),
        "marks": [(leaves.get(key, key), value) for key, value in kept["marks"].items()],
        "sha256": kept["sha256"],
    }
