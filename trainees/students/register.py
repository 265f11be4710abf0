"""A student is changed, or leaves the university; who may is whoever looks after students (`trainees.services.MANAGE`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.door import Forbidden, Refused
from core.findings import Finding
from tenants.services.acts import note
from trainees.models import Placement, Student
from trainees.services import MANAGE, UNFINISHED

WHO = gettext_noop("研究生由学院研究生秘书或研究生处登记。")
CHANGED = ("name", "college", "cohort", "category_code", "category_name", "degree", "mode", "email", "phone")


def locked(actor, student: Student) -> Student:
    """The student under their lock, inside a transaction. Raises Forbidden."""
    row = Student.objects.select_for_update(of=("self",)).select_related("university", "college").get(pk=student.pk)
    if not actor.may(MANAGE, row):
        raise Forbidden(_(WHO))
    return row


def change(actor, student: Student, values: dict[str, Any]) -> Student:
    """Enter other values of what `CHANGED` names; the log says which were changed. Raises Forbidden."""
    with transaction.atomic():
        row = locked(actor, student)
        differing = [key for key in CHANGED if key in values and getattr(row, key) != values[key]]
        for key in differing:
            setattr(row, key, values[key])
        if differing:
            row.save(update_fields=differing)
            unit = row.college or row.university
            changed = ", ".join(differing)
            note(unit, "student_changed", gettext_noop("修改研究生信息"), actor, student=str(row), changed=changed)
    return row


def leave(actor, student: Student, on: dt.date, reason: str) -> Student:
    """A student leaves the university; their record stays. Raises Forbidden, and Refused while a stay is not over."""
    with transaction.atomic():
        row = locked(actor, student)
        if not row.studying:
            raise Refused(
                Finding("", "hard", _("该研究生已登记离校。"), {"left_on": str(row.left_on)}, field="left_on")
            )
        running = Placement.objects.filter(student=row, state__in=UNFINISHED).order_by("pk").first()
        if running is not None:
            text = _("专业实践%(n)s尚未结束。") % {"n": running.number}
            fix = _("请先登记结束或取消安排。")
            raise Refused(Finding("", "hard", text, {"placement": running.number}, fix, field="left_on"))
        row.state, row.left_on, row.left_reason = Student.State.LEFT, on, reason
        row.save(update_fields=["state", "left_on", "left_reason"])
        note(row.college or row.university, "student_left", gettext_noop("登记离校"), actor, reason, student=str(row))
    return row
