"""What stands on the home page beside the to-dos: what falls due, calls that are open, notices that run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q

from applications.models import Application, Call, CallUnit
from casework.models import Notice
from casework.models.regulated import with_regulation
from core import clock, ledger
from core.models import LedgerEntry
from evaluations.models import Round
from evaluations.queries import lists as evaluated
from portal.todos import owed


def reminders(membership, days: int = 90, limit: int = 10) -> list[LedgerEntry]:
    """What falls due for the membership within `days`, the nearest first. What asks somebody for something is a to-do,
    no reminder."""
    rows = (
        ledger.owed_by(membership)
        .filter(due_on__lte=clock.today() + dt.timedelta(days=days))
        .exclude(kind__in=(*owed.ASKS, *owed.ELSEWHERE))
        .exclude(kind__in=owed.UNTIL_THEN, due_on__lte=clock.today())
        .order_by("due_on", "pk")
    )
    return list(rows[:limit])


@dataclass
class RunningCall:
    """A call that is open now, with what has come in."""

    title: str
    url: str
    closes_at: dt.datetime | None
    extended: bool = False
    school_deadline: dt.datetime | None = None
    received: int = 0
    returned: int = 0
    preparing: int = 0

    @property
    def over(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()

    @property
    def due(self) -> dt.date | None:
        """The day that counts for the reader: the university's own where it has set one; None for a standing call."""
        first = min(filter(None, (self.closes_at, self.school_deadline)), default=None)
        return clock.local(first).date() if first else None


def running_calls(membership, limit: int = 5) -> list[RunningCall]:
    """Calls that are open for the membership, the nearest end first, with the extension of the reader's own
    unit. Three queries."""
    rows = Call.objects.visible_to(membership).filter(state="open")
    calls = list(rows.order_by(F("closes_at").asc(nulls_last=True), "pk")[:limit])
    if not calls:
        return []
    counted: dict[int, RunningCall] = {
        call.pk: RunningCall(call.title, call.get_absolute_url(), call.closes_at) for call in calls
    }
    own = membership.organisation
    for row in CallUnit.objects.filter(call__in=counted, organisation__in=[pk for pk in (own.pk, own.parent_id) if pk]):
        call = counted[row.call_id]
        if row.extended_until:
            call.closes_at, call.extended = row.extended_until, True
        if row.school_deadline and own.kind == "college":
            call.school_deadline = row.school_deadline
    rows = (
        Application.objects.visible_to(membership)
        .filter(call_id__in=counted)
        .order_by()
        .values("call_id")
        .annotate(
            drafts=Count("pk", filter=Q(state="draft", round=1)),
            back=Count("pk", filter=Q(state="draft", round__gt=1)),
            all=Count("pk"),
        )
    )
    for row in rows:
        call = counted[row["call_id"]]
        call.preparing, call.returned = row["drafts"], row["back"]
        call.received = row["all"] - row["drafts"] - row["back"]
    return list(counted.values())


def running_rounds(membership, limit: int = 5) -> list[Round]:
    """Rounds of evaluation that are open for the membership, the nearest last day first: with how many of their bases have
    not reported, and in `urged` whether the reader may urge these. One query."""
    rows = with_regulation(evaluated.rounds(membership)).filter(state="open").select_related("organiser")
    rounds = list(rows.order_by(F("report_due").asc(nulls_last=True), "pk")[:limit])
    for row in rounds:
        row.urged = bool(row.missing) and membership.may("evaluations.run_round", row)
    return rounds


def notices(limit: int = 5) -> list[Notice]:
    """Public notices that run today, the latest first."""
    today = clock.today()
    rows = Notice.objects.filter(state="publicised", opens_on__lte=today, closes_on__gte=today)
    return list(rows.order_by("-opens_on", "-pk")[:limit])
