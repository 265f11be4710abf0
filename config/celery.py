"""The worker and the schedule. Tasks live in the rooms' `tasks` modules; this file names when they run."""

import os
import sys

from celery import Celery, signals
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lianpei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Every job takes a date, is idempotent and catches up, so a missed or doubled run does no harm.
app.conf.beat_schedule = {
    **{
        lane: {
            "task": "core.tasks.drain_outbox",
            "args": [lane],
            "schedule": seconds,
            "options": {"expires": seconds},
        }
        for lane, seconds in (("tasks", 5.0), ("mails", 5.0), ("channels", 15.0), ("retries", 15.0))
    },
    "due": {"task": "core.tasks.run_due", "schedule": crontab(minute="*/15"), "options": {"expires": 900}},
    "logs": {"task": "core.tasks.check_logs", "schedule": crontab(hour=2, minute=40)},
    "invitations": {"task": "tenants.tasks.expire_invitations", "schedule": crontab(hour=1, minute=10)},
    "drafts": {"task": "core.tasks.clean_drafts", "schedule": crontab(hour=1, minute=30)},
    "attempts": {"task": "tenants.tasks.clean_public_attempts", "schedule": crontab(hour=1, minute=20)},
}


@signals.worker_init.connect
@signals.beat_init.connect
def refuse(**kwargs: object) -> None:
    """Worker and scheduler refuse to start on an unsafe production, as the web server does."""
    from .checks import refuse_unsafe_production  # noqa: PLC0415 - stands on the settings, which are read first

    try:
        refuse_unsafe_production()
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # celery swallows every other exception of a signal's receiver


@signals.worker_ready.connect
def first_beats(**kwargs: object) -> None:
    """From now on the scheduler's jobs are expected (config/health.py)."""
    from core import heartbeat  # noqa: PLC0415 - stands on the models, which are loaded later
    from core.outbox.lanes import LANES  # noqa: PLC0415 - stands on the models, which are loaded later

    for name in (*(heartbeat.LANE + lane for lane in LANES), heartbeat.DUE):
        heartbeat.beat(name)
