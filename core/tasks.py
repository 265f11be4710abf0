"""Celery tasks of the core: thin, each calls one function that can be run by hand as well."""

import logging

from celery import shared_task
from django.conf import settings

from core import clock, heartbeat, ledger, outbox
from core.door import chain
from core.forms import drafts
from core.outbox.lanes import RUN_SECONDS, place

# The hard limit: the worker's process is ended. It is later than the message's own limit, which ends it in order.
LIMIT = RUN_SECONDS + max(settings.TASK_SECONDS, settings.MAIL_SECONDS) + 20
log = logging.getLogger("lianpei.logs")


@shared_task(time_limit=LIMIT)
def drain_outbox(lane: str) -> int:
    """Send what waits in a lane of the outbox."""
    heartbeat.beat(heartbeat.LANE + lane)
    return outbox.drain(10_000, lane)


@shared_task
def run_due(date: str | None = None) -> dict:
    """Make what is due now and, once a day, tell everybody of what comes; what was missed on earlier days included. With
    a `date` (ISO) all of it as of that day."""
    with place("due") as mine:  # a long run is not joined by the next one
        if not mine:
            return {}
        said = ledger.run_due(clock.aware(date).date()) if date else ledger.run_scheduled()
        heartbeat.beat(heartbeat.DUE, said)
    return said


@shared_task
def clean_drafts() -> int:
    """Drop what was typed for cases that ended long ago."""
    return drafts.clean()


@shared_task
def check_logs() -> dict:
    """Whether the log of acts is as it was written: every broken chain is an error in the portal's own log, and the
    digest of all lines before today stands there too, outside the database."""
    broken = 0
    for break_ in chain.breaks():
        broken += 1
        log.error("broken chain: %s", break_)
    day = clock.real_now().date()
    count, digest = chain.digest(day)
    log.info("%s lines before %s, digest %s, broken chains: %s", count, day, digest, broken)
    said = {"lines": count, "digest": digest, "broken": broken}
    heartbeat.beat(heartbeat.LOGS, said)
    return said
