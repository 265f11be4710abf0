"""Keeping answers: one JSON document per form, with a revision that a stale save cannot pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.db import transaction

from core import clock
from core.forms.plain import plain_json
from core.models import Answers, FormAnswer, FormDraft


class RevisionConflict(Exception):
    """Somebody else saved meanwhile; `current` is what stands now."""

    def __init__(self, current: Answers):
        self.current = current
        super().__init__(f"revision {current.revision}")


def content_hash(answers: dict) -> str:
    """SHA-256 of the answers in canonical JSON: what opinions and stamps confirm."""
    canonical = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Shelf:
    """Where the answers of one form are kept: rows of `model`, of which `key` names one."""

    model: type[Answers]

    def __init__(self, **key):
        self.key = key

    def load(self) -> Answers | None:
        """What is kept, or None while nothing was saved."""
        return self.model.objects.filter(**self.key).first()

    def save(self, answers: dict, revision: int, actor) -> Answers:
        """Save over the revision that the writer had read (0 for none). Raises RevisionConflict.

        What is saved unchanged keeps its revision.
        """
        answers = plain_json(answers)
        with transaction.atomic():
            row, created = self.model.objects.select_for_update().get_or_create(**self.key)
            if row.revision != revision:
                raise RevisionConflict(row)
            digest = content_hash(answers)
            if not created and digest == row.sha256:
                return row
            row.answers, row.sha256, row.revision = answers, digest, row.revision + 1
            row.updated_at, row.updated_by_id, row.updated_name = clock.now(), actor.user_id, actor.name
            row.save()
            self.saved(answers)
            return row

    def saved(self, answers: dict) -> None:
        """What else follows from a save, in its transaction."""


class Dossier(Shelf):
    """A form of the case's dossier, in a round (default: the current one). The case's own columns come along."""

    model = FormAnswer

    def __init__(self, case, form: str, round: int | None = None):
        self.case, self.form = case, form
        super().__init__(
            case_kind=case.case_kind, case_id=case.pk, form=form, round=case.round if round is None else round
        )

    def saved(self, answers: dict) -> None:
        self.case.answers_saved(self.form, answers)


class Draft(Shelf):
    """What one person has typed into the form of a move about a step, an assignment or the case, and not sent."""

    model = FormDraft

    def __init__(self, case, move: str, subject, membership):
        super().__init__(
            case_kind=case.case_kind, case_id=case.pk, move=move, subject_id=subject.pk, membership_id=membership.pk
        )

    def drop(self) -> None:
        """Forget it: the act was done."""
        self.model.objects.filter(**self.key).delete()


def load(case, form_key: str, round: int | None = None) -> FormAnswer | None:
    """The answers of a form in a round (default: the case's current one), or None while nothing was saved."""
    return Dossier(case, form_key, round).load()


def answers_of(cases: Sequence, form_key: str) -> dict[int, dict]:
    """The answers of a form by pk of several cases of one kind, each in its present round, with one query."""
    rounds = {case.pk: case.round for case in cases if case.pk is not None}
    rows = FormAnswer.objects.filter(case_kind=cases[0].case_kind, case_id__in=list(rounds), form=form_key)
    return {row.case_id: row.answers for row in rows if row.round == rounds[row.case_id]} if rounds else {}


def save(case, form_key: str, round: int, answers: dict, revision: int, actor) -> FormAnswer:
    """Save the answers of a form over the revision that the writer had read. Raises RevisionConflict."""
    return Dossier(case, form_key, round).save(answers, revision, actor)


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
