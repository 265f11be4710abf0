"""The experts' sheets of an evaluation, as the grading takes them."""

from __future__ import annotations

from casework.marking import HandedIn
from casework.models import Assignment
from casework.panels import marks
from evaluations.models import Evaluation


def handed_in(evaluation: Evaluation) -> list[HandedIn]:
    """What the experts of its panels handed in this round and still stands, in the order of their assignment."""
    rows = Assignment.objects.filter(
        step__case_kind=evaluation.case_kind,
        step__case_id=evaluation.pk,
        step__round=evaluation.round,
        state="submitted",
        void=False,
    )
    return [marks.as_handed_in(row) for row in rows.order_by("pk").prefetch_related("marks")]
