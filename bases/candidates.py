"""Marking a region's bases as candidates for the national programme (NM-2b).

A mark is a dated row of consequences, never a flag: who marked it, since when, and when it was taken back.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from casework.models import Effect
from casework.specs import field, form, options
from core.door import Act
from core.findings import Finding

KIND = "national_candidate"


def standing(recognition):
    """The mark that stands on a base, or None."""
    return Effect.objects.filter(target_kind="recognition", target_id=recognition.pk, kind=KIND, lifted_on=None).first()


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
    marked = standing(recognition)
    if marked is not None:
        marked.lifted_on, marked.lift_reason = act.on, act.data["reason"]
        marked.save(update_fields=["lifted_on", "lift_reason"])
        return
    Effect.objects.create(
        kind=KIND,
        target_kind="recognition",
        target_id=recognition.pk,
        title=_("国家级基地候选"),
        parameters={"reason": act.data["reason"]},
        from_on=act.on,
        source_kind="recognition",
        source_id=recognition.pk,
    )
