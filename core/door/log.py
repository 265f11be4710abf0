"""The line that every act leaves, and what is read from it again."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from core import clock
from core.door.actors import Actor
from core.models import Case, TransitionLog

if TYPE_CHECKING:
    from core.door.passage import Act


def last_line(case: Case) -> TransitionLog | None:
    """The last line of the case; where the system made it on somebody's act, that act's own line."""
    last = TransitionLog.objects.filter(case_kind=case.case_kind, case_id=case.pk).order_by("-id").first()
    if last is not None and last.membership_id is None:
        return TransitionLog.objects.filter(correlation=last.correlation).order_by("id").first()
    return last


def line(case: Case, code: str, label: str, actor: Actor, correlation: uuid.UUID) -> dict:
    """What both logs say of an act."""
    return {
        "at": clock.now(),
        "real_at": clock.real_now(),
        "case_kind": case.case_kind,
        "case_id": case.pk,
        "case_number": case.number,
        "case_title": case.listed_title[:200],
        "round": case.round,
        "transition": code,
        "label": label,
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "organisation_id": actor.organisation_id,
        "organisation_name": actor.organisation_name,
        "role": actor.role,
        "actor_name": actor.name,
        "regulation": case.regulation_label(),
        "correlation": correlation,
    }


def log(case: Case, act: Act, before: str) -> None:
    """Write the line of a move that went through."""
    TransitionLog.objects.create(
        **line(case, act.move.code, str(act.move.label), act.actor, act.correlation),
        from_state=before,
        to_state=case.state,
        on=act.on,
        reason=act.reason,
        step_key=act.step_key,
        step_title=act.step_title,
        decided_by=act.decided_by,
        data=act.data,
        facts=act.facts | {"findings": [finding.as_dict() for finding in act.findings]},
    )


def record_event(case: Case, code: str, label: str, actor: Actor, **more) -> None:
    """Write a line for something that is no move: a case's creation, an upload, a look into a restricted file."""
    TransitionLog.objects.create(
        **line(case, code, label, actor, more.pop("correlation", None) or uuid.uuid4()),
        from_state=more.pop("from_state", case.state),
        to_state=case.state,
        on=more.pop("on", None) or clock.today(),
        **more,
    )
