"""The line that every act leaves, and what is read from it again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from core import clock
from core.door import chain
from core.door.actors import Actor
from core.models import Case, Logged, TransitionLog

if TYPE_CHECKING:
    from core.door.passage import Act


def last_line(case: Case) -> TransitionLog | None:
    """The last line of the case; where the system made it on somebody's act, that act's own line."""
    last = TransitionLog.about(case).order_by("-position").first()
    if last is not None and last.membership_id is None:
        return TransitionLog.objects.filter(correlation=last.correlation).order_by("id").first()
    return last


def who_and_what(subject: Logged, code: str, label: str, actor: Actor, correlation: uuid.UUID) -> dict:
    """What both logs say of an act."""
    return {
        "at": clock.now(),
        "real_at": clock.real_now(),
        "case_kind": subject.case_kind,
        "case_id": subject.pk,
        "case_number": subject.number,
        "case_title": subject.listed_title[:200],
        "round": subject.round,
        "transition": code,
        "label": str(label),
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "organisation_id": actor.organisation_id,
        "organisation_name": actor.organisation_name,
        "role": actor.role,
        "actor_name": actor.name,
        "regulation": subject.regulation_label(),
        "correlation": correlation,
    }


def log_move(case: Case, act: Act, before: str) -> None:
    """Write the line of a move, before the case itself is saved: the database lets the state change only behind it.

    The case is locked and bears its new state and version; it is told how many lines it has now.
    """
    position, seal = chain.next_place(case)
    write(
        seal,
        **who_and_what(case, act.move.code, act.move.label, act.actor, act.correlation),
        position=position,
        version=case.version,
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
    case.log_lines = position


def record_event(subject: Logged, code: str, label: str, actor: Actor, **more) -> None:
    """Write a line for something that is no move: an upload, a copy sent, a look into a restricted file.

    Locks the subject until the transaction ends. `more` may give `reason`, `data`, `facts`, `on`, `correlation`,
    `step_key` and `step_title`.
    """
    with transaction.atomic():
        type(subject)._base_manager.filter(pk=subject.pk).update(log_lines=F("log_lines") + 1)
        position, seal = chain.next_place(subject)
        position -= 1  # counted already, which took the lock
        write(
            seal,
            **who_and_what(subject, code, label, actor, more.pop("correlation", None) or uuid.uuid4()),
            position=position,
            from_state=subject.state,
            to_state=subject.state,
            on=more.pop("on", None) or clock.today(),
            **more,
        )
        subject.log_lines = position


def record_first_events(subjects: Sequence[Logged], code: str, label: str, actor: Actor, data: Sequence[dict]) -> None:
    """The first line of each of many subjects that were made in this very transaction and are no cases, in two statements;
    `data` goes with each."""
    lines, correlation = [], uuid.uuid4()
    for subject, own in zip(subjects, data, strict=True):
        line = TransitionLog(
            **who_and_what(subject, code, label, actor, correlation),
            position=1,
            from_state=subject.state,
            to_state=subject.state,
            on=clock.today(),
            data=own,
        )
        line.hash = chain.sealed_hash(line, "")
        lines.append(line)
        subject.log_lines = 1
    TransitionLog.objects.bulk_create(lines)
    if subjects:
        rows = type(subjects[0])._base_manager.filter(pk__in=[subject.pk for subject in subjects])
        rows.update(log_lines=1)


def write(before: str, **fields) -> None:
    """Put a line behind the one whose hash is `before`."""
    line = TransitionLog(**fields)
    line.hash = chain.sealed_hash(line, before)
    line.save(force_insert=True)
