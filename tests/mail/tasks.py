"""Tasks as a worker meets them: one that ends its process, one that never ends, one that works."""

from __future__ import annotations

import os
import time

from core import outbox
from core.models import Serial


@outbox.task
def kills() -> None:
    """As out of memory: no handler runs."""
    os._exit(1)


@outbox.task
def never_ends() -> None:
    time.sleep(3600)


@outbox.task
def works(name: str) -> None:
    """Leaves a trace."""
    Serial.objects.get_or_create(name=f"done:{name}")
