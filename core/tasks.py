"""Celery tasks of the core: thin, each calls one function that can be run by hand as well."""

from celery import shared_task
from django.conf import settings

from core import clock, heartbeat, ledger, outbox
from core.outbox.lanes import RUN_SECONDS, place

# The hard limit: the worker's process is ended. It is later than the message's own limit, which ends it in order.
LIMIT = RUN_SECONDS + max(settings.TASK_SECONDS, settings.MAIL_SECONDS) + 20


@shared_task(time_limit=LIMIT)
def drain_outbox(lane: str) -> int:
    """Send what waits in a lane of the outbox."""
    heartbeat.beat(heartbeat.LANE + lane)
    return outbox.drain(10_000, lane)


@shared_task
def run_due(date: str | None = None) -> dict:
    """Make and remind of what is due on `date` (ISO; default today), what was missed on earlier days included."""
    with place("due") as mine:  # a long run is not joined by the next one
        if not mine:
            return {}
        said = ledger.run_due(clock.aware(date).date() if date else clock.today())
        heartbeat.beat(heartbeat.DUE, said)
    return said
