"""The log of attempts: one line for every act that the door refused."""

from __future__ import annotations

import uuid

from core.door.actors import Actor, PublicActor
from core.door.declarations import moves
from core.door.errors import DoorError
from core.door.log import who_and_what
from core.language import in_source_language
from core.models import AttemptLog, Case


def note_attempt(case: Case, code: str, actor: Actor, error: DoorError, correlation: uuid.UUID) -> None:
    """Write the line of a refusal: which move, whose, and what stood against it.

    What the public tries has no line here: anybody could fill a log that nobody may clean. Whoever lets the public in
    counts its attempts (`tenants.services.attempts`).
    """
    if isinstance(actor, PublicActor):
        return
    current = type(case)._base_manager.filter(pk=case.pk).first() or case
    declared = moves(type(case)).get(code)
    with in_source_language():
        AttemptLog.objects.create(
            **who_and_what(current, code[:60], declared.label if declared else "", actor, correlation),
            from_state=current.state,
            error=error.code,
            findings=[finding.as_dict() for finding in error.findings],
        )
