"""Drafts of moves that nobody will send any more: what was typed for a case that has come to its end."""

from __future__ import annotations

import datetime as dt

from core import clock, door
from core.models import FormDraft

KEPT_DAYS = 90


def clean() -> int:
    """Drop the drafts of cases that came to their end, and that nobody touched since, `KEPT_DAYS` ago. A draft of a case
    that may still go on stays, however old. Returns how many; a second run adds nothing."""
    old = clock.now() - dt.timedelta(days=KEPT_DAYS)
    dropped = 0
    for kind, model in door.kinds().items():
        over = model._base_manager.filter(state__in=door.ends(model), changed_at__lt=old).values("pk")
        number, _by_model = FormDraft.objects.filter(case_kind=kind, case_id__in=over, updated_at__lt=old).delete()
        dropped += number
    return dropped
