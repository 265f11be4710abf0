"""Grades that a base had before it was entered here, for whoever asks for the grades of a base."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from bases.models import Recognition
from casework.models import Record

GRADE = "past.grade"


def rows() -> QuerySet[Record]:
    """The records of all of them, the earliest first: `case_id` is the base, `on` the day, `code` the grade, the kind
    of evaluation in `answers`."""
    return Record.objects.filter(type=GRADE, case_kind=Recognition.case_kind, replaced_by=None).order_by("on", "pk")


def of(recognitions: Sequence[Recognition], on: dt.date | None = None) -> QuerySet[Record]:
    """Those of some bases, until a day where one is given."""
    asked = rows().filter(case_id__in=[row.pk for row in recognitions])
    return asked.filter(on__lte=on) if on is not None else asked
