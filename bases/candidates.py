"""Marking a region's bases as candidates for the national programme (NM-2b).

A mark is a dated row of consequences, never a flag: who marked it, since when, and when it was taken back.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework import effects
from casework.specs import field, form, options
from core.door import Act
from core.findings import Finding

KIND = "national_candidate"


def standing(recognition):
    """The mark that stands on a base, or None."""
    return effects.not_lifted(recognition, KIND).first()


def spec(recognition, actor, data, subject) -> dict:
    marked = standing(recognition) is not None
    choice = ("no", _("移出候选")) if marked else ("yes", _("列为候选"))
    return form(
        "candidate",
        _("国家级基地候选"),
        field("candidate", "choice", _("办理事项"), options=options([choice])),
        field("reason", "longtext", _("理由"), max_chars=300),
    )


def findings(recognition, act: Act) -> list[Finding]:
    """Only provincial bases that are in force are candidates for the level above."""
    if recognition.level != "provincial":
        return [Finding("", "hard", _("只有省级基地可以列为国家级基地候选。"), {"level": recognition.level})]
    return []


def mark(recognition, act: Act) -> None:
    """Put the mark on the base, or take it back."""
    if effects.lift(effects.not_lifted(recognition, KIND), act.on, act.data["reason"]):
        return
    parameters = {"reason": act.data["reason"]}
    effects.put(recognition, KIND, _("国家级基地候选"), act.on, parameters=parameters, source=recognition)
