"""An expert on a dossier: assigned, heard, and the panel closed."""

from __future__ import annotations

from typing import Any

from config.stories import answers as written
from config.stories.hands import Hand, fresh

STEP = "expert_review"


def assigned(office: Hand, application: Any, expert: Hand, closes_on: str, step: str = STEP) -> None:
    office.do(application, "assign_expert", {"expert": str(expert.membership.pk), "closes_on": closes_on}, step=step)


def heard(expert: Hand, application: Any, step: str = STEP, opinion: dict | None = None) -> None:
    panel = fresh(application).steps().get(key=step)
    mine = panel.assignments.get(expert=expert.membership.user_id)
    expert.do(application, "promise", written.PROMISE, step=mine.pk)
    expert.do(application, "give_opinion", opinion or written.OPINION, step=mine.pk)


def closed(office: Hand, application: Any, opinion: str = "同意。") -> None:
    office.step(application, STEP, {"opinion": opinion})
