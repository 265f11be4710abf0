"""What rows cost that are inserted in bulk: the measure for whatever writes them in a better way."""

from __future__ import annotations

import time

from django.db import connection, transaction

from core import triggers


def again(parts: list[tuple[type, list]], count: int, chunk: int) -> float:
    """Take rows out and insert them in bulk, `count` cases in chunks of so many cases, under the triggers that stand.
    `parts`: each model with its rows in order, the same number for each case. Returns the seconds of the insert."""
    with triggers.lifted(connection):
        for model, rows in reversed(parts):
            model._base_manager.filter(pk__in=[row.pk for row in rows])._raw_delete(connection.alias)
    began = time.perf_counter()
    for start in range(0, count, chunk):
        with transaction.atomic():
            for model, rows in parts:
                share = len(rows) // count
                model._base_manager.bulk_create(rows[start * share : (start + chunk) * share])
    return time.perf_counter() - began
