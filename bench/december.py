"""What a December costs: a round of many bases opened by the calendar, against a bulk insert of the very rows it writes.

python -m bench.december BASES
    prints {"took": seconds, "bulk": seconds}
"""

from __future__ import annotations

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bases.models import Base, Recognition  # noqa: E402
from bench.bulk import again  # noqa: E402
from core import clock, ledger, triggers  # noqa: E402
from core.door.bulk import CHUNK  # noqa: E402
from core.models import LedgerEntry, TransitionLog  # noqa: E402
from evaluations.models import Evaluation  # noqa: E402
from tests.evaluations.world import build  # noqa: E402


def bases(count: int, first: Recognition) -> None:
    """So many bases like the first, in force since the same day; no door would let copies in."""
    base = first.base
    sides = {"university_id": base.university_id, "college_id": base.college_id, "partner_id": base.partner_id}
    made = Base.objects.bulk_create(
        [Base(number=f"B-{n}", name=f"基地{n}", category_code=f"{n}"[:10], **sides) for n in range(count)],
        batch_size=CHUNK,
    )
    own = ("id", "number", "base_id")
    values = {
        field.attname: getattr(first, field.attname)
        for field in Recognition._meta.concrete_fields
        if field.attname not in own
    }
    with triggers.lifted(connection):
        Recognition.objects.bulk_create(
            [Recognition(**values, number=f"R-{copy.pk}", base=copy) for copy in made], batch_size=CHUNK
        )


def december(count: int) -> dict[str, float]:
    """Seconds of the day's job that opens `count` evaluations, and of the bulk insert of their rows, in chunks of the same
    size and under the same triggers."""
    world = build("xcu", "2026-05-18", "2031-05-17")
    bases(count - 1, world.base)
    with clock.travel("2026-12-01T06:00"):
        began = time.perf_counter()
        said = ledger.run_due(clock.today())
        took = time.perf_counter() - began
    lines = TransitionLog.objects.filter(case_kind=Evaluation.case_kind)
    parts = [
        (Evaluation, list(Evaluation.objects.order_by("pk"))),
        (TransitionLog, list(lines.order_by("pk"))),
        (LedgerEntry, list(LedgerEntry.objects.filter(case_kind=Evaluation.case_kind).order_by("pk"))),
    ]
    if [len(rows) for _model, rows in parts] != [count, count, 2 * count] or said["failed"]:
        sys.exit(f"{count} bases wrote {[len(rows) for _model, rows in parts]} rows: {said}")
    return {"took": took, "bulk": again(parts, count, CHUNK)}


def main() -> None:
    call_command("migrate", verbosity=0)
    print(json.dumps(december(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
