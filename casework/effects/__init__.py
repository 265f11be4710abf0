"""Effects: the dated consequences of decisions, grades, expiries and events. Questions about a day read these rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from casework.models import Effect

TASK = "task"
STOPS_INTAKE = ("suspension", "revocation")


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
) -> Effect:
    """Lay a consequence on a subject from a day on. `code` tells effects of one kind apart (which task, which grant);
    `source` is the case that it follows from."""
    origin = {"source_kind": source.case_kind, "source_id": source.pk} if source is not None else {}
    return Effect.objects.create(
        **Effect.about_values(subject),
        kind=kind,
        code=code,
        title=title,
        parameters=parameters or {},
        from_on=from_on,
        until_on=until_on,
        clause=clause,
        **origin,
    )


def not_lifted(subject, kind: str, code: str = "") -> QuerySet[Effect]:
    """The effects of a kind on a subject that nobody has lifted, whatever their days."""
    rows = Effect.about(subject).filter(kind=kind, lifted_on=None)
    return rows.filter(code=code) if code else rows


def standing(subject, on: dt.date, kinds: Iterable[str]) -> QuerySet[Effect]:
    """The effects of these kinds that stand on a subject on a day: begun, not over, not lifted by then."""
    rows = Effect.about(subject).filter(kind__in=list(kinds), from_on__lte=on).exclude(until_on__lt=on)
    return rows.filter(Q(lifted_on=None) | Q(lifted_on__gt=on))


def lift(rows: QuerySet[Effect], on: dt.date, reason: str) -> int:
    """End effects from a day on; they stay readable. Returns how many."""
    return rows.filter(lifted_on=None).update(lifted_on=on, lift_reason=reason)
