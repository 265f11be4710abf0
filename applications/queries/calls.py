"""What may be begun under a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from applications import tracks
from applications.models import Application, Call, CallUnit
from casework.models import CaseList
from casework.models.regulated import with_regulation
from core import clock
from regulations import wording


def startable_lists(call: Call, membership) -> list[tuple[str, Any]]:
    """The lists (key, declaration) that the call's profile knows and the membership's unit and role draw up.

    A unit draws up one list of a kind at a time: while one is being drawn up or posted, none of that kind is begun.
    """
    if call.state in Call.UNKNOWN:
        return []
    startable = []
    running = set(
        CaseList.objects.visible_to(membership)
        .filter(context_kind="call", context_id=call.pk, state__in=("prepared", "publicised"))
        .values_list("key", flat=True)
    )
    for key, declared in call.profile.lists.items():
        own = declared.unit == membership.organisation.column and declared.role in membership.acting_roles
        here = (
            call.authority_id == membership.organisation_id
            if declared.unit == "authority"
            else bool(call.university_id in (None, membership.organisation_id))
        )
        if own and here and key not in running:
            startable.append((key, declared))
    return startable


@dataclass(frozen=True)
class OpenCall:
    """A call under which the reader may begin an application, with what it asks for and until when."""

    call: Call
    owner: str
    regulation: str
    regulation_url: str
    purpose: str
    forms: list[str]
    opens: Any
    closes: Any
    extended: bool
    school_deadline: Any
    tracks: list[tuple[str, str]]
    open_now: bool
    mine: int
    by_facts: list[str]

    @property
    def until(self):
        """The date that counts for the reader: the university's own where it has set one."""
        return min(filter(None, (self.closes, self.school_deadline)), default=None)


def open_calls(membership, only: int | None = None) -> list[OpenCall]:
    """Open calls for the membership's college (a graduate office, a unit from outside: those under which it applies itself),
    the nearest end first, at most thirty. Three queries."""
    organisation = membership.organisation
    longer = CallUnit.objects.filter(call=OuterRef("pk"), extended_until__gte=clock.now())
    still = Q(closes_at__gte=clock.now()) | Q(closes_at=None) | Exists(longer)
    rows = Call.objects.visible_to(membership).filter(still, state="open")
    if only is not None:
        rows = rows.filter(pk=only)
    if organisation.kind == "partner":
        rows = rows.filter(takes_partners=True, university__isnull=False)
    rows = (
        with_regulation(rows)
        .select_related("authority", "university")
        .order_by(F("closes_at").asc(nulls_last=True), "pk")
    )
    calls = [call for call in rows[:30] if organisation.kind == "college" or applies_itself(membership, call)]
    ids = [organisation.pk, organisation.parent_id]
    given = {
        (row.call_id, row.organisation_id): row for row in CallUnit.objects.filter(call__in=calls, organisation__in=ids)
    }
    mine: dict[int, int] = {}
    for pk in Application.objects.visible_to(membership).filter(call__in=calls).values_list("call_id", flat=True):
        mine[pk] = mine.get(pk, 0) + 1
    return [_open_call(call, membership, given, mine.get(call.pk, 0)) for call in calls]


def calls_for_units() -> list[Call]:
    """Open calls that take applications from units of their own accord (CZMC-3.3a), for everybody to read, by university;
    at most two hundred. One query."""
    now = clock.now()
    rows = Call.objects.filter(
        Q(closes_at=None) | Q(closes_at__gte=now),
        state="open",
        takes_partners=True,
        university__active=True,
        opens_at__lte=now,
    )
    return list(
        rows.select_related("university", "regulation_version__regulation").order_by("university__name", "pk")[:200]
    )


def applies_itself(membership, call: Call) -> bool:
    """Whether a graduate office may begin an application of its own, or a unit from outside: a call of the (its) university
    whose regulation names it for a way of applying (CZMC-3.1, 3.3a), or among those who apply where there is but one way
    (LCU-4a)."""
    column = membership.organisation.column
    here = call.university_id is not None and (column == "partner" or call.university_id == membership.organisation_id)
    return here and tracks.named(call.profile, column)


def _open_call(call: Call, membership, given: dict, mine: int) -> OpenCall:
    organisation = membership.organisation
    university_row = given.get((call.pk, organisation.parent_id))
    row = university_row if call.authority_id else given.get((call.pk, organisation.pk))
    profile, version = call.profile, call.regulation_version
    closes = row.extended_until if row is not None and row.extended_until else call.closes_at
    form = profile.apply.form.value if profile.apply and profile.apply.form else ""
    ways = tracks.open_to(profile, organisation.column)
    by_facts = tracks.by_facts(ways)
    titles = [str(profile.forms[form].title)] if form in profile.forms else []
    titles += [wording.words(attachment.title) for attachment in (profile.apply.attachments if profile.apply else [])]
    return OpenCall(
        call=call,
        owner=call.owner.display_name,
        regulation=wording.words(profile.head.title),
        regulation_url=f"/regulations/{version.regulation.code}/{version.number}/",
        forms=titles,
        purpose=wording.words(profile.head.purpose.value) if profile.head.purpose else "",
        opens=call.opens_at,
        closes=closes,
        extended=closes != call.closes_at,
        school_deadline=university_row.school_deadline if call.authority_id and university_row else None,
        tracks=[] if by_facts else [(track.key, wording.words(track.title)) for track in ways],
        by_facts=[wording.words(track.title) for track in ways] if by_facts else [],
        open_now=call.opens_at <= clock.now() and (closes is None or clock.now() <= closes),
        mine=mine,
    )
