"""Where the lists of agreements and bases begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    Exists,
    IntegerField,
    JSONField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)

from bases.models import Agreement, AgreementParty, Recognition
from casework.effects.rows import on_day
from casework.models import Effect, Step
from casework.models.regulated import with_regulation
from casework.queries import scan_state
from core import clock
from core.models import Paper, StampedCopy

NATIONAL = "national"  # the level for which a base is recommended first (NM-17b)
# Figures of a base that rooms above know: code → (membership) → an expression over the recognition's row.
_beside: dict[str, Callable[[Any], Any]] = {}
_EMPTY = {
    "students": lambda: Value(None, output_field=IntegerField()),
    "grade": lambda: Value(None, output_field=CharField()),
}


def beside(code: str, expression: Callable[[Any], Any]) -> None:
    """Say how a figure beside a base is found: "students" (在岗研究生) or "grade" (最近考核等次).

    `expression(membership)` gives an annotation over Recognition; rooms above register theirs when they are ready.
    Raises KeyError for a figure that the register does not show.
    """
    if code not in _EMPTY:
        raise KeyError(code)
    _beside[code] = expression


def with_confirmation(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Agreements that know whether the partner's confirmation is still to come, so that none asks by itself."""
    left = Step.objects.filter(
        case_kind=Agreement.case_kind,
        case_id=OuterRef("pk"),
        round=OuterRef("round"),
        kind="confirmation",
        state__in=("open", "waiting"),
    )
    return rows.annotate(unconfirmed=Exists(left))


def agreements(membership) -> QuerySet[Agreement]:
    """The agreements that exist for a membership, with their parties, copies and where the original is kept."""
    papers = Paper.objects.filter(
        case_kind="agreement", case_id=OuterRef("pk"), kind="agreement", voided_at=None
    ).order_by("-pk")
    kept = StampedCopy.objects.filter(
        paper__case_kind="agreement",
        paper__case_id=OuterRef("pk"),
        paper__kind="agreement",
        paper__voided_at=None,
    ).exclude(kept_at="")
    parties = AgreementParty.objects.select_related("organisation__parent").order_by("side", "order")
    return (
        with_confirmation(Agreement.objects.visible_to(membership))
        .annotate(
            copies=Subquery(papers.values("copies")[:1], output_field=JSONField()),
            kept_at=Subquery(kept.order_by("-pk").values("kept_at")[:1]),
            **scan_state("agreement"),
        )
        .prefetch_related(Prefetch("parties", queryset=parties))
    )


def recognitions(membership) -> QuerySet[Recognition]:
    """Bases by level that exist for a membership, with the end of their agreement and what rooms above add."""
    signed = Agreement.objects.filter(recognition=OuterRef("pk"), state="signed").order_by("-ends_on", "-pk")
    candidate = Effect.objects.filter(
        case_kind="recognition", case_id=OuterRef("pk"), kind="national_candidate", lifted_on=None
    )
    first = on_day(
        Effect.objects.filter(case_kind="recognition", case_id=OuterRef("pk"), kind="priority", code=NATIONAL),
        clock.today(),
    ).order_by("from_on")
    return with_regulation(Recognition.objects.visible_to(membership)).annotate(
        agreement_ends=Subquery(signed.values("ends_on")[:1], output_field=DateField()),
        candidate_since=Subquery(candidate.values("from_on")[:1], output_field=DateField()),
        priority_since=Subquery(first.values("from_on")[:1], output_field=DateField()),
        **{code: (_beside[code](membership) if code in _beside else empty()) for code, empty in _EMPTY.items()},
    )
