"""Keeping answers: one JSON document per case, form and round, with a revision that a stale save cannot pass."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction

from core import clock
from core.forms.plain import plain_json
from core.models import FormAnswer


class RevisionConflict(Exception):
    """Somebody else saved meanwhile; `current` is what stands now."""

    def __init__(self, current: FormAnswer):
        self.current = current
        super().__init__(f"revision {current.revision}")


def content_hash(answers: dict) -> str:
    """SHA-256 of the answers in canonical JSON: what opinions and stamps confirm."""
    canonical = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def load(case, form_key: str, round: int | None = None) -> FormAnswer | None:
    """The answers of a form in a round (default: the case's current one), or None while nothing was saved."""
    rows = FormAnswer.objects.filter(
        case_kind=case.case_kind, case_id=case.pk, form=form_key, round=case.round if round is None else round
    )
    return next(iter(rows), None)  # there is at most one


def save(case, form_key: str, round: int, answers: dict, revision: int, actor) -> FormAnswer:
    """Save answers over the revision that the writer had read (0 for none). Raises RevisionConflict.

    The case's own columns are brought along in the same transaction. What is saved unchanged keeps its revision.
    """
    answers = plain_json(answers)
    with transaction.atomic():
        row, created = FormAnswer.objects.select_for_update().get_or_create(
            case_kind=case.case_kind, case_id=case.pk, form=form_key, round=round
        )
        if row.revision != revision:
            raise RevisionConflict(row)
        digest = content_hash(answers)
        if not created and digest == row.sha256:
            return row
        row.answers, row.sha256, row.revision = answers, digest, row.revision + 1
        row.updated_at, row.updated_by_id, row.updated_name = clock.now(), actor.user_id, actor.name
        row.save()
        case.answers_saved(form_key, answers)
        return row


def copy_forward(case, form_key: str, from_round: int, to_round: int) -> None:
    """Begin a round with the answers of the one before; that one stays as it was."""
    row = load(case, form_key, from_round)
    if row is None or load(case, form_key, to_round) is not None:
        return
    FormAnswer.objects.create(
        case_kind=case.case_kind,
        case_id=case.pk,
        form=form_key,
        round=to_round,
        revision=1,
        answers=row.answers,
        sha256=row.sha256,
        updated_at=clock.now(),
        updated_by_id=row.updated_by_id,
        updated_name=row.updated_name,
    )
