"""Which moves are open to an actor now, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.door.actors import Actor
from core.door.declarations import Move, moves
from core.models import Case


def _nobody(permission: str, objects: Iterable[Any]) -> str:
    return ""


_whose: Callable[[str, Iterable[Any]], str] = _nobody


def name_offices(answer: Callable[[str, Iterable[Any]], str]) -> None:
    """Say how the door learns whose business something is: `answer(permission, objects)` in words, "" where unknown."""
    global _whose
    _whose = answer


def whose(permission: str, objects: Iterable[Any]) -> str:
    """Whose business something is, in words; "" where unknown."""
    return _whose(permission, objects)


@dataclass(frozen=True)
class Choice:
    """One move on the case page: open to the actor now, or why not."""

    move: Move
    allowed: bool
    why_not: str = ""
    subject: Any = None


def available(case: Case, actor: Actor) -> list[Choice]:
    """The moves declared for the case's state: those open to the actor, and the others with the reason.

    Conditions are not evaluated here; the page shows their findings beside the buttons.
    """
    choices: list[Choice] = []
    seen_subjects: dict[Callable, list] = {}  # several moves are about the same steps: asked for once
    for declared in moves(type(case)).values():
        if declared.hidden or (case.state not in declared.sources and "*" not in declared.sources):
            continue
        if declared.subjects is None:
            allowed = actor.may(declared.permission, case)
            choices.append(Choice(declared, allowed, "" if allowed else why_not(case, declared)))
            continue
        if declared.subjects not in seen_subjects:
            seen_subjects[declared.subjects] = list(declared.subjects(case))
        for subject in seen_subjects[declared.subjects]:
            if actor.may(declared.permission, subject):
                choices.append(Choice(declared, True, "", subject))
    return choices


def why_not(case: Case, declared: Move, subjects: Iterable | None = None) -> str:
    """One sentence for somebody who may not make this move: whose business it is, on the case or on its `subjects`."""
    holder = whose(declared.permission, [case] if subjects is None else subjects)
    return _("“%(label)s”由%(who)s办理。") % {"label": declared.label, "who": holder or _("其他角色")}
