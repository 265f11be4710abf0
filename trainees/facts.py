"""Facts about placements, and what they say of a base, for the rules (see regulations.facts). Each is about the day of the
check: at the gates of this room the student's first day at the base."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from operator import attrgetter

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from casework import records
from casework.models import Record
from core import clock
from regulations import wording
from regulations.facts import fact
from trainees import spans
from trainees.models import Insurance, Period, Placement

PLACEMENT = "placement"
BASE = ("recognition__base", "university", "college", "partner")


def _named(column: str):
    """A provider of the mentor's name, for as long as they hold the role."""
    return lambda placements, on: {
        placement.pk: mentor.name
        for placement in placements
        if (mentor := getattr(placement, column)) is not None and mentor.usable(on)
    }


for column, text in (("university_mentor", _("校内导师")), ("base_mentor", _("基地导师"))):
    needs = (f"{column}__user", f"{column}__organisation")
    fact(f"placement.{column}", "text", text, PLACEMENT, needs=needs)(_named(column))


def _contact(column: str, of: str):
    """A provider of how a mentor is reached."""
    return lambda placements, on: {
        placement.pk: getattr(mentor.user, of)
        for placement in placements
        if (mentor := getattr(placement, column)) is not None and getattr(mentor.user, of)
    }


for column, of, text in (
    ("university_mentor", "phone", _("校内导师联系方式")),
    ("base_mentor", "phone", _("基地导师电话")),
    ("base_mentor", "email", _("基地导师邮箱")),
):
    fact(f"placement.{column}_{of}", "text", text, PLACEMENT, needs=(f"{column}__user",))(_contact(column, of))

for name, text, path in (
    ("student_name", _("研究生姓名"), "student.name"),
    ("student_number", _("学号"), "student.number"),
    ("student_category", _("专业学位类别"), "student.category"),
    ("base_name", _("基地名称"), "recognition.base.name"),
):
    needs = ("__".join(path.split(".")[:-1]),)
    fact(f"placement.{name}", "text", text, PLACEMENT, needs=needs)(
        lambda placements, on, read=attrgetter(path): {
            placement.pk: read(placement) or None for placement in placements
        }
    )


@fact("placement.college_name", "text", _("学院"), PLACEMENT, needs=("college",))
def college_name(placements, on):
    """The student's college, by name."""
    return {placement.pk: placement.college.name for placement in placements if placement.college is not None}


def _spans(rows) -> dict[int, list[spans.Span]]:
    """The spans of periods or policies, by placement."""
    by_placement = defaultdict(list)
    for pk, start, end in rows.values_list("placement", "starts_on", "ends_on"):
        by_placement[pk].append((start, end))
    return by_placement


@fact("placement.uninsured", "codes", _("没有保险的日期"), PLACEMENT)
def uninsured(placements, on):
    """The days at the base that no policy covers."""
    periods, covers = (
        _spans(model.objects.filter(placement__in=[placement.pk for placement in placements]))
        for model in (Period, Insurance)
    )
    return {
        placement.pk: spans.words(spans.uncovered(periods[placement.pk], covers[placement.pk]))
        for placement in placements
    }


@fact("placement.tasks_outside", "codes", _("不在实践时间之内的任务"), PLACEMENT)
def tasks_outside(placements, on):
    """The rows of the application's timetables (tables with `from` and `to`) with a day on which the student is not there."""
    stays = _spans(Period.objects.filter(placement__in=[placement.pk for placement in placements]))
    outside = {}
    for placement in placements:
        declared = placement.declaration
        rows = [row for form in (declared.forms if declared else ()) for row in _timetable(placement, form)]
        outside[placement.pk] = [
            row[0] for row in rows if row[1] > row[2] or spans.uncovered([(row[1], row[2])], stays[placement.pk])
        ]
    return outside


def _timetable(placement, form: str):
    answers = placement.form_answers(form)
    tables = [field for section in placement.form_spec(form).sections for field in section.fields if field.columns]
    for field in tables:
        if not {"from", "to"} <= {column.key for column in field.columns}:
            continue
        for row in answers.get(field.key) or ():
            first, last = clock.day_of(row.get("from")), clock.day_of(row.get("to"))
            if first is not None and last is not None:
                yield str(row.get(field.columns[0].key) or ""), first, last


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
    about = {placement.pk: set(records.around(placement)) for placement in placements}
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


@fact("recognition.students_this_year", "integer", _("本年度在基地实践的研究生人数"), "recognition", unit="person")
def students_this_year(recognitions, on):
    """Students who were at the base on some day of the year so far; None where the portal knows of no stay there at all."""
    began = dt.date(on.year, 1, 1)
    stays = Placement.objects.filter(recognition__in=[recognition.pk for recognition in recognitions])
    this_year = Q(entered_on__lte=on) & (Q(left_on=None) | Q(left_on__gte=began))
    counted = stays.order_by().values("recognition").annotate(n=Count("student", filter=this_year, distinct=True))
    return dict(counted.values_list("recognition", "n"))
