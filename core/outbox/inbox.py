"""Messages that asked for something which is done: read, whoever did it."""

from __future__ import annotations

from core import clock
from core.models import InboxMessage


def answered(*keys: str) -> None:
    """Mark as read what asked for any of these."""
    _read(InboxMessage.objects.filter(asks__in=keys))


def answered_by_end(case) -> None:
    """Mark as read everything that asked for something about a case: it has ended."""
    _read(InboxMessage.about(case))


def taken_over(keys, membership) -> None:
    """Mark as read what asked one membership for any of these: somebody else is asked now."""
    _read(InboxMessage.objects.filter(asks__in=keys, membership_id=membership.pk))


def _read(rows) -> None:
    rows.filter(read_at=None).exclude(asks="").update(read_at=clock.now())
