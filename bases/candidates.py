"""Marking bases as candidates for another programme, where their regulation knows one (`recognition.candidates`).

A mark is a dated row of consequences, never a flag: who marked it, since when, and when it was taken back.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework import effects
from casework.specs import field, form, options
from core.door import Act
from core.findings import Finding
from regulations import wording

KIND = "national_candidate"  # the mark's kind; what it is called, the regulation says


def declared(recognition):
    """What the base may be a candidate for, or None."""
    own = recognition.profile.recognition
    return own.candidates if own else None


def standing(recognition):
    """The mark that stands on a base, or None."""
    return effects.not_lifted(recognition, KIND).first()


def spec(recognition, actor, data, subject) -> dict:
    programme = declared(recognition)
    marked = standing(recognition) is not None
    choice = ("no", _("移出候选")) if marked else ("yes", _("列为候选"))
    return form(
        "candidate",
        wording.words(programme.title) if programme else _("候选"),
        field("candidate", "choice", _("办理事项"), options=options([choice])),
        field("reason", "longtext", _("理由"), max_chars=300),
    )


def findings(recognition, act: Act) -> list[Finding]:
    """Only bases whose regulation knows a programme that they may be candidates for."""
    if declared(recognition) is None:
        return [Finding("", "hard", _("本办法没有候选基地的规定，不能办理。"), {"level": recognition.level})]
    return []


def mark(recognition, act: Act) -> None:
    """Put the mark on the base, or take it back."""
    if effects.lift(effects.not_lifted(recognition, KIND), act.on, act.data["reason"]):
        return
    title, parameters = wording.words(declared(recognition).title), {"reason": act.data["reason"]}
    effects.put(recognition, KIND, title, act.on, parameters=parameters, source=recognition)
