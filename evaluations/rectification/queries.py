"""What lists and pages show of rectifications, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from casework.models.regulated import with_regulation
from evaluations.models import Rectification


def rectifications(membership) -> QuerySet[Rectification]:
    """Those that exist for a membership, with the number of their problems and of those that are closed."""
    return with_regulation(Rectification.objects.visible_to(membership)).annotate(
        problem_count=Count("problems"),
        closed_count=Count("problems", filter=Q(problems__closed_on__isnull=False)),
    )
