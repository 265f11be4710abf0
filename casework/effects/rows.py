"""The rows: laying a consequence down, finding those that stand on a day, lifting them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from casework.models import Effect

TASK = "task"


def put(
    subject,
    kind: str,
    title: str,
    from_on: dt.date,
    *,
    until_on: dt.date | None = None,
    code: str = "",
    parameters: dict | None = None,
    clause: str = "",
    source=None,
    **more: Any,
) -> Effect:
    """Lay a consequence on a subject from a day on, confirmed by the act that lays it. `code` tells effects of one kind
    apart (which task, which grant); `source` is the case that it follows from; `more` are further fields of `Effect`."""
    return Effect.objects.create(
        **named(subject, source),
        kind=kind,
        code=code,
        title=title,
        parameters=parameters or {},
        from_on=from_on,
        until_on=until_on,
        clause=clause,
        **more,
    )


def named(subject, source) -> dict[str, Any]:
    """The fields by which a row names its subject and the case that it follows from (None: none)."""
    origin = {"source_kind": source.case_kind, "source_id": source.pk} if source is not None else {}
    return {
        **Effect.about_values(subject),
        "case_title": getattr(subject, "listed_title", str(subject))[:200],
        "case_number": getattr(subject, "number", ""),
        **origin,
    }


def not_lifted(subject, kind: str, code: str = "") -> QuerySet[Effect]:
    """The confirmed effects of a kind on a subject that nobody has lifted, whatever their days."""
    rows = Effect.about(subject).filter(kind=kind, state="standing", lifted_on=None)
    return rows.filter(code=code) if code else rows


def standing(subject, on: dt.date, kinds: Iterable[str]) -> QuerySet[Effect]:
    """The effects of these kinds that stand on a subject on a day: confirmed, begun, not over, not lifted by then."""
    return on_day(Effect.about(subject).filter(kind__in=list(kinds)), on)


def on_day(rows: QuerySet[Effect], on: dt.date) -> QuerySet[Effect]:
    """Those of the rows that stand on a day."""
    begun = rows.filter(state="standing", from_on__lte=on).exclude(until_on__lt=on, renewal=False)
    return begun.filter(Q(lifted_on=None) | Q(lifted_on__gt=on))


def lift(rows: QuerySet[Effect], on: dt.date, reason: str, by: str = "") -> int:
    """End effects from a day on; they stay readable. Returns how many."""
    return rows.filter(lifted_on=None).update(lifted_on=on, lift_reason=reason, lifted_by=by[:80])
