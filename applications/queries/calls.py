"""What the page of a call shows, and what may be begun under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import calls as call_services
from applications.models import Application, Call, CallUnit
from applications.queries.units import factor_words, has_list, runs, state_words, states_for, units
from casework.models import CaseList
from casework.models.regulated import with_regulation
from casework.queries.pages import Asking
from core import clock, pages
from core.findings import Finding
from regulations import wording


def _minute(moment) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


def call_facts(call: Call) -> list[tuple]:
    found: list[tuple] = [
        (_("年度"), call.year),
        (_("申报时间"), _("%(a)s 至 %(b)s") % {"a": _minute(call.opens_at), "b": _minute(call.closes_at)}),
    ]
    if call.paper_by:
        found.append((_("纸质材料截止日"), call.paper_by))
    contact = " ".join(part for part in (call.contact, call.phone) if part)
    if contact:
        found.append((_("联系人"), contact))
    return found


@dataclass(frozen=True)
class UnitLine:
    """One unit of a call as its page shows it."""

    unit: Any
    factors: str
    state: str
    label: str


def call_extras(call: Call, request) -> list[pages.ExtraPart]:
    """Quotas, extensions and how far each unit is; the explanation of the call."""
    rows = list(units(call, request.membership).order_by("name", "pk")[:300])
    lines = [UnitLine(row, factor_words(call, row.factors), row.progress, state_words(row)) for row in rows]
    quotas = bool(call.profile.apply and call.profile.apply.quota)
    context = {
        "call": call,
        "lines": lines,
        "extended": [line for line in lines if line.unit.extended_until],
        "quotas": quotas,
        "lists": has_list(call),
        "runs": runs(call, request.membership),
        "total": sum(row.quota or 0 for row in rows),
        "counts": [
            (label, sum(row.progress == code for row in rows))
            for code, label in states_for(call, request.membership)
            if code != "planned"
        ],
        "applications_url": f"{reverse('applications:list')}?call={call.pk}",
        "progress_url": f"{reverse('applications:progress')}?call={call.pk}",
        "lists_url": reverse("applications:lists"),
    }
    found = [pages.ExtraPart("units", _("名额与报送进度"), "applications/parts/units.html", context, place="tab")]
    if call.note:
        found.append(pages.ExtraPart("note", _("说明"), "applications/parts/note.html", {"text": call.note}))
    return found


def call_related(call: Call) -> list[tuple]:
    rows = CaseList.objects.filter(context_kind="call", context_id=call.pk).order_by("-pk")
    return [(_("名单"), row) for row in rows[:10]]


def call_findings(call: Call, membership) -> tuple[str, list[Finding]]:
    """What stands against announcing a planned call, for who runs it."""
    if call.state != "planned" or not membership.may("applications.run_call", call):
        return "", []
    return "open", call_services.open_findings(call, Asking.by(membership))


def call_choices(call: Call, request) -> list[pages.ActionChoice]:
    """What is no move of the call itself: starting an application under it, beginning a list."""
    membership, found = request.membership, []
    if call.state == "open" and membership.may("applications.start", membership.organisation):
        found.append(
            pages.ActionChoice(
                "start", _("我要申报"), True, f"{reverse('applications:start')}?call={call.pk}", icon="edit"
            )
        )
    if startable_lists(call, membership):
        found.append(
            pages.ActionChoice(
                "start_list", _("新建名单"), True, f"{reverse('applications:list_new')}?call={call.pk}", icon="files"
            )
        )
    return found


def startable_lists(call: Call, membership) -> list[tuple[str, Any]]:
    """The lists (key, declaration) that the call's profile knows and the membership's unit and role draw up.

    A unit draws up one list of a kind at a time: while one is being drawn up or posted, none of that kind is begun.
    """
    if call.state == "planned":
        return []
    found = []
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
            found.append((key, declared))
    return found


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

    @property
    def until(self):
        """The date that counts for the reader: the university's own where it has set one."""
        return min(self.closes, self.school_deadline) if self.school_deadline else self.closes


def open_calls(membership, only: int | None = None) -> list[OpenCall]:
    """Open calls for the membership's college, the nearest end first, at most thirty. Three queries."""
    organisation = membership.organisation
    longer = CallUnit.objects.filter(call=OuterRef("pk"), extended_until__gte=clock.now())
    rows = Call.objects.visible_to(membership).filter(Q(closes_at__gte=clock.now()) | Exists(longer), state="open")
    if only is not None:
        rows = rows.filter(pk=only)
    rows = with_regulation(rows).select_related("authority", "university").order_by("closes_at", "pk")
    found = list(rows[:30])
    ids = [organisation.pk, organisation.parent_id]
    given = {
        (row.call_id, row.organisation_id): row for row in CallUnit.objects.filter(call__in=found, organisation__in=ids)
    }
    mine: dict[int, int] = {}
    for pk in Application.objects.visible_to(membership).filter(call__in=found).values_list("call_id", flat=True):
        mine[pk] = mine.get(pk, 0) + 1
    return [_open_call(call, organisation, given, mine.get(call.pk, 0)) for call in found]


def _open_call(call: Call, organisation, given: dict, mine: int) -> OpenCall:
    university_row = given.get((call.pk, organisation.parent_id))
    row = university_row if call.authority_id else given.get((call.pk, organisation.pk))
    profile, version = call.profile, call.regulation_version
    closes = row.extended_until if row is not None and row.extended_until else call.closes_at
    form = profile.apply.form.value if profile.apply and profile.apply.form else ""
    titles = [wording.raw(profile.forms[form]["title"])] if form in profile.forms else []
    titles += [wording.words(one.title) for one in (profile.apply.attachments if profile.apply else [])]
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
        tracks=[(track.key, wording.words(track.title)) for track in (profile.apply.tracks if profile.apply else [])],
        open_now=call.opens_at <= clock.now() <= closes,
        mine=mine,
    )
