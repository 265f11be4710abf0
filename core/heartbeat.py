"""When scheduled jobs last ran: what the health page judges the scheduler and the workers by."""

from __future__ import annotations

import datetime as dt

from core import clock
from core.models import Heartbeat

LANE = "lane:"  # followed by the lane's name
DUE = "due"
LOGS = "logs"
OFTEN = dt.timedelta(seconds=30)  # a beat is written down at most this often


def beat(name: str, said: dict | None = None) -> None:
    """Note that a job runs, and what it said."""
    now = clock.real_now()
    row, new = Heartbeat.objects.get_or_create(name=name, defaults={"at": now, "said": said or {}})
    if not new and (said is not None or now - row.at > OFTEN):
        row.at, row.said = now, said or {}
        row.save()
