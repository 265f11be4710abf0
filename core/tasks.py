"""Celery tasks of the core: thin, each calls one function that can be run by hand as well."""

from celery import shared_task

from core import clock, ledger, outbox


@shared_task
def drain_outbox() -> int:
    """Send what waits in the outbox."""
    return outbox.drain()


@shared_task
def run_due(date: str | None = None) -> dict:
    """Send the reminders due on `date` (ISO; default today), those missed on earlier days included."""
    return ledger.run_due(clock.aware(date).date() if date else clock.today())
