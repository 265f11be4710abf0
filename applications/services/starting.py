"""Verbs over several models: planning a call, starting an application."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from applications import calls, dossier, tracks
from applications.models import Application, Call
from core import clock, serials
from core.door import Forbidden, Refused, create
from core.findings import Finding
from core.language import in_source_language, listed
from regulations.reading.labels import APPLICANTS


def plan_call(
    actor,
    *,
    version,
    title: str,
    year: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime | None,
    paper_by=None,
    contact: str = "",
    phone: str = "",
    note: str = "",
) -> Call:
    """Plan a call of the actor's organisation under a published regulation version: without `closes_at` one that takes
    applications at any time, where the regulation prescribes no window. Raises Forbidden or Refused."""
    organisation = actor.organisation
    if not actor.may("applications.plan_call", organisation):
        raise Forbidden(_("申报批次由%(o)s的经办人发布。") % {"o": organisation})
    if stopped := calls.unending(version.profile, closes_at):
        raise Refused(stopped)
    if closes_at is not None and opens_at >= closes_at:
        raise Refused(
            Finding(
                "",
                "hard",
                _("开始时间%(a)s不早于截止时间%(b)s。")
                % {"a": opens_at.strftime("%Y-%m-%d %H:%M"), "b": closes_at.strftime("%Y-%m-%d %H:%M")},
                field="closes_on",
            )
        )
    level = version.profile.recognition.level.value if version.profile.recognition else version.profile.level
    with in_source_language(), transaction.atomic():
        call = create(
            Call(
                number=serials.number("PC", year),
                title=title,
                regulation_version=version,
                level=level,
                year=year,
                opens_at=opens_at,
                closes_at=closes_at,
                paper_by=paper_by,
                contact=contact,
                phone=phone,
                note=note,
                authority=organisation if organisation.kind == "department" else None,
                university=organisation if organisation.kind == "university" else None,
                takes_partners=tracks.takes_partners(version.profile),
            ),
            actor,
        )
        return call


def _may_go(actor, call: Call, track: str) -> None:
    """A way of applying is open to those whom the regulation names for it. Raises Refused."""
    known = {declared.key: declared for declared in (call.profile.apply.tracks if call.profile.apply else [])}
    declared = known.get(track)
    if declared is None or declared in tracks.open_to(call.profile, actor.organisation.column):
        return
    who = listed(str(APPLICANTS[code]) for code in declared.applicant)
    message = _("“%(t)s”途径由%(who)s申报，本单位不能按该途径申报。") % {"t": declared.title, "who": who}
    raise Refused(
        Finding(declared.clause or "", "hard", message, {"track": track}, _("请选择其他申报途径。"), field="track")
    )


def start_application(actor, call: Call, *, title: str, track: str = "", university=None) -> Application:
    """Begin a draft under an open call, pinning the call's regulation version. The actor's organisation applies: a college,
    the university itself, or a unit from outside. Raises Forbidden or Refused."""
    organisation = actor.organisation
    if not (actor.may("applications.start", organisation) or actor.may("applications.start_itself", call)):
        raise Forbidden(_("申报由学院研究生秘书或申报人发起。"))
    column = organisation.column
    track = tracks.taken(call.profile, column, track)
    _may_go(actor, call, track)
    college, partner = (organisation if column == name else None for name in ("college", "partner"))
    owner = call.university if partner else organisation.parent if college else organisation
    window_owner = owner if call.authority_id else college
    if not call.is_open_for(window_owner):
        opens, closes = call.window_for(window_owner)
        raise Refused(
            Finding(
                "",
                "hard",
                _("申报时间为%(w)s，现在不在申报期内。") % {"w": calls.window_words(opens, closes)},
            )
        )
    with in_source_language(), transaction.atomic():
        application = create(
            Application(
                number=serials.number("SB", clock.today().year),
                title=title or dossier.UNNAMED,
                call=call,
                level=call.level,
                regulation_version=call.regulation_version,
                university=owner,
                college=college,
                partner=partner,
                filed_by=column,
                track=track,
            ),
            actor,
        )
        return application
