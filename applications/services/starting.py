"""Verbs over several models: planning a call, starting an application."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Call
from core import clock, serials
from core.door import Forbidden, Refused, create
from core.findings import Finding
from core.language import in_source_language


def plan_call(
    actor,
    *,
    version,
    title: str,
    year: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    paper_by=None,
    contact: str = "",
    phone: str = "",
    note: str = "",
) -> Call:
    """Plan a call of the actor's organisation under a published regulation version. Raises Forbidden or Refused."""
    organisation = actor.organisation
    if not actor.may("applications.plan_call", organisation):
        raise Forbidden(_("申报批次由%(o)s的经办人发布。") % {"o": organisation})
    if opens_at >= closes_at:
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
            ),
            actor,
        )
        return call


def start_application(actor, call: Call, *, title: str, track: str = "", university=None) -> Application:
    """Begin a draft under an open call, pinning the call's regulation version. Raises Forbidden or Refused."""
    organisation = actor.organisation
    if not actor.may("applications.start", organisation):
        raise Forbidden(_("申报由学院研究生秘书或申报人发起。"))
    college = organisation if organisation.kind == "college" else None
    owner = organisation.parent if college else organisation
    window_owner = owner if call.authority_id else college
    if not call.is_open_for(window_owner):
        opens, closes = call.window_for(window_owner)
        raise Refused(
            Finding(
                "",
                "hard",
                _("申报时间为%(a)s至%(b)s，现在不在申报期内。")
                % {
                    "a": clock.local(opens).strftime("%Y-%m-%d %H:%M"),
                    "b": clock.local(closes).strftime("%Y-%m-%d %H:%M"),
                },
            )
        )
    with in_source_language(), transaction.atomic():
        application = create(
            Application(
                number=serials.number("SB", clock.today().year),
                title=title or _("未命名基地"),
                call=call,
                level=call.level,
                regulation_version=call.regulation_version,
                university=owner,
                college=college,
                track=track,
            ),
            actor,
        )
        return application
