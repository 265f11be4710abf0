"""What an organisation enters of working days, for itself and those below it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.door import Forbidden
from core.models import OwnDay, OwnYear
from core.text import normal
from tenants import rights, roles
from tenants.models import Organisation
from tenants.services.acts import allow, note

# A college or a partner unit takes the days of those above it: nobody moves their own deadlines.
KINDS = (roles.DEPARTMENT, roles.UNIVERSITY)
WORDS = {"休": True, "放假": True, "休息": True, "班": False, "上班": False, "调休": False, "撤销": None}
LINE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?\s+(\S+)\s*(.*)")
MOST = 200


@dataclass(frozen=True)
class Given:
    """A day as it was typed."""

    day: dt.date
    off: bool | None
    name: str


def edits(membership) -> bool:
    """Whether the membership's administrator may enter days."""
    own = membership.organisation
    return own.kind in KINDS and membership.may(rights.MANAGE_ORGANISATION, own)


def read(text: str) -> tuple[list[Given], list[str]]:
    """The days of a pasted list, one a line ("2027-02-05 休 春节"), and what is wrong with it, line by line."""
    days, faults = [], []
    lines = [line.strip() for line in normal(text).splitlines()]
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        match = LINE.fullmatch(line)
        try:
            day = dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
        except ValueError:
            day = None
        if day is None or match[4] not in WORDS or not 2000 <= day.year <= 2100:
            faults.append(
                _("第%(n)s行“%(line)s”：请写日期、休或班、名称，如“2027-02-05 休 春节”。")
                % {"n": number, "line": line[:40]}
            )
        else:
            days.append(Given(day, WORDS[match[4]], match[5].strip()[:60]))
    if not lines or not (days or faults):
        faults.append(_("请至少填写一天。"))
    if len(days) > MOST:
        faults.append(_("一次最多填写%(n)s天。") % {"n": MOST})
    return days, faults


def enter(actor, organisation: Organisation, days: list[Given]) -> None:
    """Add what an organisation says of days; the newest of a day holds. Raises Forbidden."""
    _allow(actor, organisation)
    with transaction.atomic():
        OwnDay.objects.bulk_create(
            [
                OwnDay(organisation_id=organisation.pk, day=row.day, off=row.off, name=row.name, by=actor.name)
                for row in days
            ]
        )
        said = "、".join(f"{row.day} {words(row.off)} {row.name}".strip() for row in days)
        note(organisation, "working_days", gettext_noop("设置工作日表"), actor, reason=said[:2000])


def complete(actor, organisation: Organisation, year: int, whole: bool) -> None:
    """Say that all days of a year have, or have not, been entered. Raises Forbidden."""
    _allow(actor, organisation)
    if not 2000 <= year <= 2100:
        raise ValueError(f"no year to enter: {year}")
    with transaction.atomic():
        OwnYear.objects.create(organisation_id=organisation.pk, year=year, complete=whole, by=actor.name)
        label = gettext_noop("工作日表已录完") if whole else gettext_noop("工作日表未录完")
        note(organisation, "working_year", label, actor, year=year)


def words(off: bool | None) -> str:
    """What a day is."""
    return {True: _("休"), False: _("班"), None: _("撤销")}[off]


def history(organisation: Organisation, year: int) -> list[OwnDay]:
    """What the organisation has said of a year, the newest first."""
    rows = OwnDay.objects.filter(organisation_id=organisation.pk, day__year=year)
    return list(rows.order_by("-pk")[:100])


def _allow(actor, organisation: Organisation) -> None:
    who = _("由学校或省级主管部门的单位管理员设置。")
    allow(actor, rights.MANAGE_ORGANISATION, organisation, who)
    if organisation.kind not in KINDS:
        raise Forbidden(who)
