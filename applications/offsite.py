"""Facts about training away from the city in which the university is registered (`offsite` of a profile).

Where a place lies is told by its code (GB/T 2260) and never asked of anybody.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from bases.models import Office
from regulations import registry, settings
from regulations.context import find_table
from regulations.facts import fact
from regulations.formfields import read
from tenants import divisions

registry.READ_KEYS.add("settings.offsite.home")

RELATIONS = {
    "same_city": _("注册地城市内"),
    "same_province": _("省内其他地区"),
    "other_province": _("其他省份"),
    "outside_mainland": _("港澳台或国（境）外"),
}
MODES = {"home": _("在注册地培养"), "partial": _("异地非全过程培养"), "whole": _("异地全过程培养")}
APPLICATION = Application.case_kind


def relation(place: str, registered: str, home: Sequence[str]) -> str | None:
    """Where a place lies, seen from a university: a code of RELATIONS. `registered`: the code of its registered place; `home`:
    the prefixes of its city. None while a code is missing."""
    if not place or not registered:
        return None
    if divisions.outside_mainland(place):
        return "outside_mainland"
    if any(place.startswith(prefix) for prefix in home):
        return "same_city"
    return "same_province" if place[:2] == registered[:2] else "other_province"


def _home(application: Any, named: str | None) -> list[str]:
    """The prefixes of home: those of the setting, else the city of the university's registered place."""
    given = re.findall(r"\d{2,6}", named or "")
    return given or [application.university.division[:4]]


def _read(applications: Sequence[Any], on: dt.date):
    """(application, its declaration, its answers, prefixes of home) of those under a profile that governs such training."""
    by_profile: dict[int, list[Any]] = {}
    for application in applications:
        if application.university_id and application.profile.offsite is not None:
            by_profile.setdefault(application.regulation_version_id, []).append(application)
    for cases in by_profile.values():
        profile = cases[0].profile
        declared = profile.offsite
        answers = type(cases[0]).form_answers_of(cases, declared.form)
        named = settings.of_cases(profile, declared.home, cases, on)
        for case in cases:
            yield case, declared, answers.get(case.pk) or {}, _home(case, named[case.pk].value)


@fact(
    "application.place", "code", _("机构所在地与学校注册地的关系"), APPLICATION, options=RELATIONS, needs=["university"]
)
def place(applications, on):
    """Where the institution lies."""
    return {
        case.pk: relation(str(answers.get(declared.place) or ""), case.university.division, home)
        for case, declared, answers, home in _read(applications, on)
    }


def stage_labels(profile) -> dict[str, str]:
    """The stages of a profile in words, by code; {} where it has none."""
    own = profile.offsite.stages if profile.offsite is not None else None
    column = profile.forms[profile.offsite.form].field(f"{own.table}.{own.stage}") if own is not None else None
    return {option.code: str(option.label) for option in column.options} if column is not None else {}


def _columns(profile):
    return {
        "stage": ("code", _("培养环节"), stage_labels(profile)),
        "place": ("code", _("地点与注册地的关系"), RELATIONS),
        "away": ("boolean", _("异地"), {}),
        "main": ("boolean", _("主要学位课程"), {}),
        "period": ("period", _("起止日期"), {}),
    }


@fact("application.stages", "table", _("培养环节安排"), APPLICATION, needs=["university"], columns=_columns)
def stages(applications, on):
    """The stages as entered, each with where it takes place; a row without stage or place is left out."""
    return {case.pk: rows for case, _declared, rows in _stages(applications, on)}


def _stages(applications, on):
    for case, declared, answers, home in _read(applications, on):
        own = declared.stages
        if own is None:
            continue
        columns = find_table(case.profile, f"form.{declared.form}.{own.table}").columns
        rows = []
        for row in answers.get(own.table) or []:
            typed = {key: read(column, row.get(key)) for key, column in columns.items()}
            where = relation(str(typed[own.place] or ""), case.university.division, home)
            if typed[own.stage] and where:
                rows.append(
                    {
                        "stage": typed[own.stage],
                        "place": where,
                        "away": where != "same_city",
                        "main": bool(own.main and typed[own.main]),
                        "period": typed[own.period],
                    }
                )
        yield case, declared, rows


@fact(
    "application.off_site_mode",
    "code",
    _("培养方式（按各环节地点判定）"),
    APPLICATION,
    options=MODES,
    needs=["university"],
)
def off_site_mode(applications, on):
    """Whole: every stage but the exempt ones is there, and takes place away from home only. Partial: some do."""
    modes = {}
    for case, declared, rows in _stages(applications, on):
        counted = set(stage_labels(case.profile)) - set(declared.stages.exempt)
        at_home = {row["stage"] for row in rows if not row["away"]}
        away = {row["stage"] for row in rows if row["away"]}
        if rows:
            modes[case.pk] = "whole" if counted <= away - at_home else "partial" if away else "home"
    return modes


@dataclass(frozen=True)
class Arrangement:
    """A line of the overall plan."""

    application: Any
    place: str
    where: str
    mode: str
    students: int | None


def arrangements(university: Any, version: Any, on: dt.date) -> list[Arrangement]:
    """What the colleges of a university have under a regulation, handed in and not refused, by college: with its place, its
    mode, and how many students. The same few queries however many there are."""
    rows = list(
        Application.objects.filter(
            university=university,
            regulation_version__regulation=version.regulation_id,
            state__in=(*Application.STAGES, Application.AFTER_LAST),
        )
        .select_related("college", "partner", "university", "regulation_version__regulation")
        .order_by("college__name", "pk")
    )
    wheres, modes = place(rows, on), off_site_mode(rows, on)
    names = divisions.places(on.year)
    lines = []
    for case, declared, answers, _home_prefixes in _read(rows, on):
        listed = answers.get(declared.students) if declared.students else None
        lines.append(
            Arrangement(
                case,
                names.get(str(answers.get(declared.place) or ""), ""),
                str(RELATIONS.get(wheres.get(case.pk), "")),
                str(MODES.get(modes.get(case.pk), "")),
                len(listed or []) if declared.students else None,
            )
        )
    return lines


@fact("regulation.effective_on", "date", _("本办法施行日期"), (APPLICATION, Office.case_kind))
def effective_on(cases, on):
    """The day from which the version that governs the case has effect, as an administrator entered it."""
    return {case.pk: case.governing_version().effective_from for case in cases}
