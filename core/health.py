"""How the work behind the pages is doing: part → "ok" or what is wrong, without anybody's data."""

from __future__ import annotations

import datetime as dt

from core import clock, heartbeat
from core.ledger import acts
from core.models import Heartbeat
from core.outbox import state

LANE_LATE = dt.timedelta(minutes=3)
DUE_LATE = dt.timedelta(minutes=40)  # it runs every quarter of an hour
ACT_LATE = dt.timedelta(days=1)


def report() -> dict[str, str]:
    """Each part's answer. A fixed number of queries."""
    return {
        "scheduler": scheduler(),
        "mail": state.mail(),
        "lanes": state.lanes(),
        "tasks": state.set_aside(),
        "ledger": ledger(),
        "logs": logs(),
    }


def scheduler() -> str:
    """Whether the scheduler's jobs come to run."""
    now = clock.real_now()
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    lanes = {name: at for name, at in beats.items() if name.startswith(heartbeat.LANE)}
    if not lanes:
        return "no job has run yet"
    newest = max(beats.values())
    if now - newest > LANE_LATE:
        return f"late: no job has run since {clock.local(newest):%Y-%m-%d %H:%M}"
    late = [name for name, at in lanes.items() if now - at > LANE_LATE]
    if heartbeat.DUE in beats and now - beats[heartbeat.DUE] > DUE_LATE:
        late.append(heartbeat.DUE)
    return f"late: {', '.join(sorted(late))}" if late else "ok"


def ledger() -> str:
    """Whether what is due by date is made."""
    failing = acts.failing().count()
    late = acts.due(clock.today() - ACT_LATE).filter(failures=0, error="").count()
    said = [f"{failing} due entries fail"] if failing else []
    said += [f"{late} acts are late"] if late else []
    return "; ".join(said) or "ok"


def logs() -> str:
    """Whether the chains of the log held when they were checked last."""
    said = Heartbeat.objects.filter(name=heartbeat.LOGS).values_list("said", flat=True).first()
    return f"{said['broken']} broken chains: run check_logs" if said and said["broken"] else "ok"
