"""The worker and the schedule. Tasks live in the rooms' `tasks` modules; this file names when they run."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lianpei")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Every job takes a date, is idempotent and catches up, so a missed or doubled run does no harm.
app.conf.beat_schedule = {
    "outbox": {"task": "core.tasks.drain_outbox", "schedule": 15.0, "options": {"expires": 60}},
    "due": {"task": "core.tasks.run_due", "schedule": crontab(minute="*/15"), "options": {"expires": 900}},
}
