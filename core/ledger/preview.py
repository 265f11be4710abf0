"""What a run of a day would do, done and taken back: nothing of it stays."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count

from core import clock
from core.ledger import run
from core.models import LedgerEntry, Reminder, TransitionLog

ROUNDS = 50  # an act may bring a further one; each round makes what the one before has brought


def preview(on: dt.date) -> dict:
    """What `run_due(on)` would say, with the "lines" of the log that it would write, the rows that it would tell of
    ("told_of": title, due day, whether late, to how many) and the "opened" rows that it would enter.

    It runs with the clock on the morning of that day, inside a transaction that is rolled back.
    """
    with transaction.atomic(), clock.travel(clock.aware(on).replace(hour=run.MORNING)):
        line, row = _last(TransitionLog), _last(LedgerEntry)
        reminder = _last(Reminder)
        said = run.run_acts(on)
        for _round in range(ROUNDS):
            more = run.run_acts(on)
            if not more["acted"]:
                break
            run.add(said, more, "acted")
        run.tell_all(said, on)
        said["lines"] = [
            f"{log.on} {log.case_number} {log.case_title}：{log.label} {log.reason}".strip()
            for log in TransitionLog.objects.filter(pk__gt=line).order_by("pk")
        ]
        told = Reminder.objects.filter(pk__gt=reminder).values_list("entry__due_on", "entry__title", "late")
        said["told_of"] = list(told.annotate(people=Count("pk")).order_by("entry__due_on", "entry__title"))
        opened = LedgerEntry.objects.filter(pk__gt=row).order_by("due_on", "pk")
        said["opened"] = list(opened.values_list("due_on", "title"))
        transaction.set_rollback(True)
    return said


def _last(model) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
