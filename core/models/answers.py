"""Answers of forms: what was saved, and what is only typed so far."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core import clock
from core.models.cases import AboutCase


class Answers(AboutCase):
    """The answers of one form of one case: a JSON document with a revision and a hash."""

    revision = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_name = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class FormDraft(Answers):
    """What one person has typed into the form of a move and not sent: seen by nobody else, gone with the act."""

    move = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    membership_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "move", "subject_id", "membership_id"], name="one_draft_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.move} {self.subject_id} {self.membership_id}.{self.revision}"


class FormAnswer(Answers):
    """The answers of a form of the dossier in one round."""

    form = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "form", "round"], name="one_answer_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.case_kind} {self.case_id} {self.form} {self.round}.{self.revision}"
