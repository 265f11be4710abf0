"""Facts about placements, for the rules (see regulations.facts). Each is about the day of the check: at the gates of
this room the student's first day at the base."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from bases.models import Agreement
from bases.queries import takes_students
from casework import records
from casework.models import Effect, Record
from regulations import wording
from regulations.facts import each, fact
from trainees import spans
from trainees.models import Insurance, Period

PLACEMENT = "placement"
BASE = ("recognition__base", "university", "college", "partner")

fact("placement.starts_on", "date", _("实践开始日期"), PLACEMENT)(each(lambda one: one.starts_on))
fact("placement.ends_on", "date", _("实践结束日期"), PLACEMENT)(each(lambda one: one.ends_on))


def _named(column: str):
    """A provider of the mentor's name, for as long as they are one."""
    return lambda placements, on: {
        one.pk: mentor.name for one in placements if (mentor := getattr(one, column)) is not None and mentor.usable(on)
    }


for column, text in (("university_mentor", _("校内导师")), ("base_mentor", _("基地导师"))):
    needs = (f"{column}__user", f"{column}__organisation")
    fact(f"placement.{column}", "text", text, PLACEMENT, needs=needs)(_named(column))


@fact("placement.intake_stops", "codes", _("基地不能接收研究生的原因"), PLACEMENT, needs=["recognition"])
def intake_stops(placements, on):
    """Why the base takes nobody on the day, in words; an empty list where it does."""
    bases = {one.recognition_id: one.recognition for one in placements}
    closed = {pk for pk, recognition in bases.items() if not takes_students(recognition, on)}
    text = now("基地于%(day)s不能接收研究生") % {"day": on}
    return {one.pk: [text] if one.recognition_id in closed else [] for one in placements}


def _periods(placements) -> dict[int, list[spans.Span]]:
    rows = Period.objects.filter(placement__in=[one.pk for one in placements])
    found = defaultdict(list)
    for pk, start, end in rows.values_list("placement", "starts_on", "ends_on"):
        found[pk].append((start, end))
    return found


@fact("placement.outside_agreement", "codes", _("不在有效协议期内的日期"), PLACEMENT)
def outside_agreement(placements, on):
    """The days at the base on which no signed agreement of the base holds; one without an end holds from its start."""
    rows = Agreement.objects.filter(
        Q(state="signed") | Q(state="ended", signed_on__isnull=False),
        recognition__in={one.recognition_id for one in placements},
    )
    held = defaultdict(list)
    columns = ("recognition", "starts_on", "effective_on", "signed_on", "ends_on", "ended_on")
    for pk, starts, effective, signed, ends, ended in rows.values_list(*columns):
        start = max((day for day in (starts, effective or signed) if day is not None), default=dt.date.min)
        end = min((day for day in (ends, ended) if day is not None), default=None)
        held[pk].append((start, end))
    periods = _periods(placements)
    return {one.pk: spans.words(spans.uncovered(periods[one.pk], held[one.recognition_id])) for one in placements}


@fact("placement.uninsured", "codes", _("没有保险的日期"), PLACEMENT)
def uninsured(placements, on):
    """The days at the base that no policy covers."""
    rows = Insurance.objects.filter(placement__in=[one.pk for one in placements])
    covers = defaultdict(list)
    for pk, start, end in rows.values_list("placement", "starts_on", "ends_on"):
        covers[pk].append((start, end))
    periods = _periods(placements)
    return {one.pk: spans.words(spans.uncovered(periods[one.pk], covers[one.pk])) for one in placements}


def _record_columns(profile):
    titles = {key: wording.words(kind.title) for key, kind in profile.records.items()}
    return {
        "type": ("code", _("记录种类"), titles),
        "on": ("date", _("发生日期"), {}),
        "until": ("date", _("有效期至"), {}),
        "code": ("text", _("代码"), {}),
        "person": ("text", _("人员"), {}),
    }


@fact("placement.base_records", "table", _("基地的记录"), PLACEMENT, needs=BASE, columns=_record_columns)
def base_records(placements, on):
    """What is kept on the base, its units and its sides until the day; what a later entry replaced is left out."""
    about = {one.pk: set(records.subjects_of(one)) for one in placements}
    every = set().union(*about.values())
    rows = Record.objects.filter(
        subject_kind__in={kind for kind, _pk in every},
        subject_id__in={pk for _kind, pk in every},
        replaced_by=None,
        on__lte=on,
    )
    kept = defaultdict(list)
    for row in rows:
        entry = {"type": row.type, "on": row.on, "until": row.until_on, "code": row.code, "person": row.person}
        kept[row.subject_kind, row.subject_id].append(entry)
    return {pk: [entry for subject in subjects for entry in kept[subject]] for pk, subjects in about.items()}


def _effect_columns(profile):
    return {
        "kind": ("code", _("结果运用"), {}),
        "code": ("text", _("代码"), {}),
        "from": ("date", _("自"), {}),
        "until": ("date", _("至"), {}),
    }


@fact("placement.base_effects", "table", _("基地的结果运用"), PLACEMENT, columns=_effect_columns)
def base_effects(placements, on):
    """What stands on the base on the day or has been decided to stand later; what was lifted or is over is left out."""
    rows = Effect.objects.filter(
        Q(lifted_on=None) | Q(lifted_on__gt=on),
        case_kind="recognition",
        case_id__in={one.recognition_id for one in placements},
        from_on__isnull=False,
    ).exclude(until_on__lt=on)
    standing = defaultdict(list)
    for row in rows:
        entry = {"kind": row.kind, "code": row.code, "from": row.from_on, "until": row.until_on}
        standing[row.case_id].append(entry)
    return {one.pk: standing[one.recognition_id] for one in placements}
