"""Facts about evaluations, and what evaluations say of a base, for the rules (see regulations.facts)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation
from evaluations.queries import results
from regulations import wording
from regulations.facts import each, fact


def _kinds(profile) -> dict[str, str]:
    return {key: wording.words(kind.title) for key, kind in profile.evaluations.items()}


def _grades(profile) -> dict[str, str]:
    return {grade.code: wording.words(grade.title) for kind in profile.evaluations.values() for grade in kind.grades}


fact("evaluation.kind", "code", _("考核类型"), Evaluation.case_kind, options=_kinds)(
    each(lambda evaluation: evaluation.kind)
)
fact("evaluation.reported_on", "date", _("自评提交日期"), Evaluation.case_kind)(
    each(lambda evaluation: evaluation.reported_on)
)


@fact("evaluation.late_days", "integer", _("自评逾期天数"), Evaluation.case_kind, unit="day")
@each
def late_days(evaluation):
    """0 for a report in time; None while there is none."""
    if evaluation.reported_on is None:
        return None
    return max((evaluation.reported_on - evaluation.report_due).days, 0)


@fact("recognition.last_grade", "code", _("最近考核等次"), "recognition", options=_grades)
def last_grade(recognitions, on):
    return {pk: last.grade for pk, last in results.last(recognitions, on).items() if last.grade}


@fact("recognition.last_passed", "boolean", _("最近考核是否合格"), "recognition")
def last_passed(recognitions, on):
    """Whether the last confirmed evaluation was passed; no for one that the base did not take part in; None without any."""
    return {pk: last.passed for pk, last in results.last(recognitions, on).items()}


@fact("recognition.evaluated_on", "date", _("最近考核确认日期"), "recognition")
def evaluated_on(recognitions, on):
    return {pk: last.confirmed_on for pk, last in results.last(recognitions, on).items()}


@fact("recognition.failures_in_a_row", "integer", _("连续考核不合格次数"), "recognition", unit="time")
def failures_in_a_row(recognitions, on):
    """Over the kinds that the regulation counts, in the order of confirmation, up to the last one."""
    return {row.pk: number for row, number in results.failures(recognitions, on).items()}
