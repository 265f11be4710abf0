"""The grade of an evaluation: computed where the regulation says how, given by somebody where it does not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import clock
from evaluations import grading
from evaluations.grading.names import names_of
from evaluations.grading.words import words
from evaluations.models import Evaluation
from evaluations.services import sheets
from regulations import wording
from regulations.context import RuleContext
from regulations.settings import figure


def computed(evaluation: Evaluation) -> grading.Grade:
    """What follows from the sheets handed in this round and from today's facts; code None where somebody decides."""
    kind, profile, on = evaluation.declaration, evaluation.profile, clock.today()
    organiser = evaluation.in_round.organiser
    scheme = grading.scheme_of(
        kind.grading, [grade.code for grade in kind.grades], lambda ref: figure(profile, ref, organiser, on)
    )
    known = RuleContext(profile, evaluation, on)
    facts = {
        key: known.setting(part.setting).value if part.setting is not None else known.value(part.fact)
        for key, part in scheme.refs().items()
    }
    return grading.grade(scheme, sheets.handed_in(evaluation), facts)


def is_computed(evaluation: Evaluation) -> bool:
    """Whether the regulation says how the grade follows."""
    declared = evaluation.declaration.grading
    return declared is not None and declared.decides()


def titles(evaluation: Evaluation) -> dict[str, str]:
    """The grades by code, as people call them."""
    return {grade.code: wording.words(grade.title) for grade in evaluation.declaration.grades}


def sentences(evaluation: Evaluation, reasons: list[dict]) -> list[str]:
    """Why a grade was given, in the reader's words."""
    names = names_of(evaluation.profile, titles(evaluation))
    return [words(reason, names) for reason in reasons]


def in_a_line(evaluation: Evaluation) -> str:
    """What follows, in one sentence for whoever confirms it: the grade, and every reason."""
    result = computed(evaluation)
    grade = titles(evaluation).get(result.code or "", "") or _("尚不能得出等次")
    why = "；".join(sentences(evaluation, [reason.plain() for reason in result.reasons]))
    return _("按评分和办法得出：%(grade)s。%(why)s。") % {"grade": grade, "why": why}
