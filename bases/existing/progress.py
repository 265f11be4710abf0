"""How far a worker is, told beside its transaction: whoever waits sees it although nothing is committed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, connections
from django.utils.translation import gettext_lazy as _

from bases.models import BackfillProgress
from core import clock

STAGES = {"reading": _("读取表格"), "checking": _("逐行检查"), "entering": _("写入台账")}


@dataclass(frozen=True)
class Progress:
    """How much of a stage is done."""

    stage: Any
    done: int
    total: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


def begin(pk: int) -> None:
    """Make room for what is told of a backfill. Called before the work, outside its transaction."""
    BackfillProgress.objects.update_or_create(
        backfill_id=pk, defaults={"stage": "reading", "done": 0, "total": 0, "at": clock.now()}
    )


def tell(pk: int, stage: str, done: int, total: int) -> None:
    """Say how far the work is. Inside a long transaction of PostgreSQL on a connection of its own, since nobody would see
    it otherwise; SQLite has one writer at a time, and parts that are short."""
    said = {"stage": stage, "done": done, "total": total, "at": clock.now()}
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        BackfillProgress.objects.filter(backfill_id=pk).update(**said)
        return
    beside = connections.create_connection(connection.alias)
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {BackfillProgress._meta.db_table} SET stage = %s, done = %s, total = %s, at = %s "  # noqa: S608
                "WHERE backfill_id = %s",
                [*said.values(), pk],
            )
    finally:
        beside.close()


def of(pk: int) -> Progress | None:
    """What was told last."""
    row = BackfillProgress.objects.filter(backfill_id=pk).first()
    return Progress(STAGES.get(row.stage, row.stage), row.done, row.total) if row is not None else None
