"""The two logs: acts that passed the door, and acts that were refused."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.cases import AboutCase

# Roles whose people are named to their own organisation only, with the words that stand for them everywhere else.
# Entered by the room that knows the role.
UNNAMED_ROLES: dict[str, Any] = {}


def is_unnamed(role: str, organisation_id: int | None, user_id: int | None, reader) -> bool:
    """Whether `reader` (an actor, or None for the public) may not learn which person acted in this role for this
    organisation."""
    if role not in UNNAMED_ROLES:
        return False
    return reader is None or (reader.organisation_id != organisation_id and reader.user_id != user_id)


class LogLine(AboutCase):
    """What both logs say of an act: values only, no keys into other tables."""

    at = models.DateTimeField(_("办理时间"))
    real_at = models.DateTimeField(_("录入时间"))
    case_id = models.BigIntegerField(null=True)
    case_number = models.CharField(max_length=40, blank=True)
    case_title = models.CharField(max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    transition = models.CharField(max_length=60)
    label = models.CharField(max_length=120, blank=True)
    from_state = models.CharField(max_length=40, blank=True)
    user_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(max_length=80, blank=True)
    regulation = models.CharField(max_length=40, blank=True)
    correlation = models.UUIDField(default=uuid.uuid4)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.label or self.transition}"

    def is_unnamed_for(self, reader) -> bool:
        """Whether `reader` (an actor, or None for the public) may not learn who this was: see UNNAMED_ROLES."""
        return is_unnamed(self.role, self.organisation_id, self.user_id, reader)

    def name_for(self, reader) -> str:
        """Who acted, as far as `reader` may know it."""
        return str(UNNAMED_ROLES[self.role]) if self.is_unnamed_for(reader) else self.actor_name


class TransitionLog(LogLine):
    """One line per act that passed the door. Append-only: the database refuses change and deletion.

    The lines of a case are a chain: `position` counts them from 1, and `hash` is made of the line and of the hash
    before it (`core.door.chain`). `version` is the case's version after the act; None where the act was no move.
    """

    position = models.PositiveIntegerField()
    version = models.PositiveIntegerField(null=True)
    hash = models.CharField(max_length=64)
    to_state = models.CharField(max_length=40, blank=True)
    on = models.DateField(_("文书日期"))
    reason = models.TextField(blank=True)
    step_key = models.CharField(max_length=60, blank=True)
    step_title = models.CharField(max_length=120, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["case_kind", "case_id", "position"], name="one_line_per_position")
        ]


class AttemptLog(LogLine):
    """One line per refused act, with the reasons given. Append-only."""

    error = models.CharField(max_length=20)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["case_kind", "case_id", "id"])]
