"""What is kept of an arrangement under a regulation that knows no bases: records on the page of the application itself,
what its college owes at intervals, the stages that somebody has to confirm, the departments that look on.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from applications import offsite
from casework import records
from casework.models import Record
from core import ledger
from core.door import Act
from core.findings import Finding
from regulations import gates, settings
from tenants import divisions, roles
from tenants.models import Organisation, Party

SUPERVISION = "stage_supervision"  # of the ledger's rows
HOST = "authority"  # the part of a host province's department


def keeps(application: Any) -> bool:
    """Whether its regulation has the records about it kept on its own page."""
    return not gates.knows_bases(application.profile) and bool(application.profile.records)


def findings(application: Any, act: Act) -> list[Finding]:
    """A record that its regulation wants here, by one of its authors, under its rules."""
    if not keeps(application):
        return [Finding("", "hard", _("本办法的记录在基地页面登记。"))]
    return records.findings(application, act)


def keep(application: Any, act: Act) -> Record:
    """Keep it; what was asked for a stage is settled by it."""
    entry = records.keep(application, act)
    own = _supervision(application)
    if own is not None and entry.type == own.record:
        ledger.settle(_key(application, entry.code))
    return entry


def begin(application: Any, on: dt.date) -> None:
    """It may begin: what is owed at intervals is owed from now on, its stages are asked for, and the department of the
    province in which the institution lies sees it."""
    if not keeps(application):
        return
    if application.college_id:
        records.begin(application, on)
        _ask_for_stages(application, on)
    _let_hosts_in(application, on)


def _supervision(application: Any):
    own = application.profile.offsite
    return own.stages.supervision if own is not None and own.stages is not None else None


def _key(application: Any, stage: str) -> str:
    return f"{SUPERVISION}:{application.pk}:{stage}"


def _ask_for_stages(application: Any, on: dt.date) -> None:
    own = _supervision(application)
    if own is None:
        return
    days = settings.figure(application.profile, own.days, application.university, on) or 0
    words = offsite.stage_labels(application.profile)
    ends: dict[str, dt.date] = {}
    for row in offsite.stages([application], on).get(application.pk) or []:
        if row["away"] and row["period"] and row["period"][1]:
            ends[row["stage"]] = max(row["period"][1], ends.get(row["stage"], row["period"][1]))
    for stage, end in ends.items():
        ledger.owe(
            _key(application, stage),
            kind=SUPERVISION,
            title=_("确认“%(s)s”环节的监管（%(d)s结束）") % {"s": words.get(stage, stage), "d": end},
            due_on=end + dt.timedelta(days=days),
            organisation_id=application.college_id,
            role=application.profile.records[own.record].authors[0].role,
            case=application,
            remind_days=days,
            clause=own.clause or "",
        )


def _let_hosts_in(application: Any, on: dt.date) -> None:
    own = application.profile.offsite
    if own is None or not own.hosts or offsite.place([application], on).get(application.pk) != "other_province":
        return
    place = str(application.form_answers(own.form).get(own.place) or "")
    for department in Organisation.objects.filter(kind=roles.DEPARTMENT, active=True, division=place[:2] + "0000"):
        Party.objects.get_or_create(
            case_kind=application.case_kind,
            case_id=application.pk,
            organisation=department,
            role=HOST,
            until_on=None,
            defaults={"from_on": on, "reason": _("机构在%(p)s") % {"p": divisions.name_of(place)}},
        )
