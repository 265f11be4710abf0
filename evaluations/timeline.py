"""What this room tells of the life of a base: its evaluations with their grades, its rectifications."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bases.timeline import Entry, source
from casework.models.regulated import with_regulation
from casework.pages import Page
from core.language import bracketed, listed
from core.state_styles import BLUE, GREEN, ORANGE, RED
from evaluations.models import Evaluation, Rectification
from evaluations.services import grading
from regulations import wording


@source
def evaluations(page: Page) -> Iterator[Entry]:
    """Confirmed with a grade, or not taken part in; those that run, since their round was opened."""
    rows = Evaluation.objects.visible_to(page.membership).filter(recognition=page.case).exclude(state="cancelled")
    for row in with_regulation(rows).select_related("in_round"):
        kind = row.declaration
        title = wording.words(kind.title)
        if row.state == "confirmed":
            grade = kind.grade(row.grade)
            score = _("%(n)s分") % {"n": f"{row.score.normalize():f}"} if row.score is not None else ""
            text = bracketed(grading.titles(row)[row.grade], score)
            tone, icon = (GREEN, "check-circle") if row.passed else (RED, "x-circle")
            yield Entry(row.confirmed_on, title, text, tone, icon, grade.clause or kind.clause or "", row)
        elif row.state == "missed":
            text = _("未按规定参加考核")
            yield Entry(row.confirmed_on, title, text, RED, "x-circle", kind.clause or "", row)
        else:
            yield Entry(
                row.in_round.opened_on, title, row.get_state_display(), BLUE, "progress", kind.clause or "", row
            )


@source
def rectifications(page: Page) -> Iterator[Entry]:
    """Ordered until when; rechecked with which result."""
    rows = Rectification.objects.visible_to(page.membership).filter(recognition=page.case)
    for row in with_regulation(rows):
        code = row.declaration.clause or ""
        if row.ordered_on:
            number = row.notice_number or row.number
            due = _("整改期限%(day)s") % {"day": row.due_on} if row.due_on else ""
            text = listed(filter(None, (number, due)), "，")
            yield Entry(row.ordered_on, _("下达整改通知书"), text, ORANGE, "tasks", code, row)
        if row.reported_on:
            yield Entry(row.reported_on, _("提交整改报告"), row.number, BLUE, "file", code, row)
        if row.concluded_on:
            tone, icon = (GREEN, "check-circle") if row.state == "passed" else (RED, "x-circle")
            yield Entry(row.concluded_on, _("整改复核"), row.get_state_display(), tone, icon, code, row)
