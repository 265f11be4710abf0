"""What it costs to enter existing bases by a spreadsheet: read, check, enter, on the database that DATABASE_URL names.

python -m bench.existing BASES
    prints {"sheet_mb": …, "checking": seconds, "entering": seconds, "took": seconds, "bulk": seconds, "cpu": seconds,
            "memory_mb": most, "growth_mb": …}

The sheet is filled in and sent in by a process of its own (`python -m bench.existing BASES sheet`), as a clerk's browser and the
web server do it; this one does what the portal's worker does. `cpu`: what it itself computed for both, whatever else the
machine did. `bulk`: the bulk insert of the very rows that the entry wrote, in parts of the same size and under the same
triggers. `memory_mb` is the most that this process held while it read, checked and entered, `growth_mb` how much of it that was.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from bases.existing import work  # noqa: E402
from bases.models import Agreement, AgreementParty, Backfill, Base, Recognition  # noqa: E402
from casework.models import Record  # noqa: E402
from core import clock  # noqa: E402
from core.door import perform  # noqa: E402
from core.models import FormAnswer, LedgerEntry, TransitionLog  # noqa: E402
from tenants.models import Membership  # noqa: E402

UNITS = 4  # bases of one partner unit, each of another category
MB = 1 << 20
PAGE = resource.getpagesize()
WRITTEN = {  # rows that each base writes
    Agreement: 1,
    AgreementParty: 2,
    FormAnswer: 1,
    TransitionLog: 4,
    LedgerEntry: 1,
    Record: 5,
}


def held() -> float:
    """What this process holds of the memory, in MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE / MB


@contextmanager
def watched(most: list[float]) -> Iterator[None]:
    """Keep the most that was held meanwhile, looked at ten times a second."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            most[0] = max(most[0], held())

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def sheet(backfill: Backfill, count: int) -> bytes:
    """So many bases of a quarter as many units, with mentors and two grades each."""
    from tests.existing import filled  # noqa: PLC0415 - not in the process that is measured

    kinds = backfill.profile.evaluations
    kind = next(iter(kinds.values()))
    graded = {"kind_1": str(kind.title), "grade_1": str(kind.grades[0].title), "year_1": 2024}
    graded |= {"kind_2": str(kind.title), "grade_2": str(kind.grades[0].title), "year_2": 2025}
    categories = ("0951 农业", "0451 教育", "0252 应用统计", "0251 金融")

    def rows() -> Iterator[dict]:
        for number in range(count):
            unit, turn = divmod(number, UNITS)
            own = {"uscc": filled.code_of(unit), "partner_name": f"第{unit}农场", "category": categories[turn]}
            yield filled.row_of(number, **own, **graded)

    return filled.book(backfill, rows())


def sent_in(count: int) -> dict[str, float]:
    """A school whose graduate office has sent a filled sheet in: numbers of the backfill and of the clerk, size in MB."""
    # What fills a sheet in is no part of the process that is measured.
    from bases.existing import beginning  # noqa: PLC0415
    from core.uploads import CheckedFile, store_document  # noqa: PLC0415
    from tests.existing import filled  # noqa: PLC0415
    from tests.scenarios import house  # noqa: PLC0415

    school = house.xcu_school()
    filled.place("513401")
    clerk = school.office.membership
    backfill = beginning.begin(clerk, school.version, by_sheet=True)
    content = sheet(backfill, count)
    document = store_document(CheckedFile("存量.xlsx", "xlsx", content), backfill, "file", clerk)
    perform(backfill, "check_sheet", clerk, {"answers": {"file": [document.pk]}})
    return {"backfill": backfill.pk, "clerk": clerk.pk, "sheet_mb": len(content) / MB}


def entered(count: int) -> dict[str, float]:
    """The whole way of one sheet, step by step."""
    command = [sys.executable, "-m", "bench.existing", str(count), "sheet"]
    sent = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    backfill = Backfill.objects.get(pk=sent["backfill"])
    clerk = Membership.objects.select_related("user", "organisation").get(pk=sent["clerk"])
    gc.collect()
    before, most, said = held(), [held()], {"sheet_mb": sent["sheet_mb"]}
    with watched(most):
        busy, began = time.process_time(), time.perf_counter()
        work.check_sheet(backfill.pk)
        said["checking"] = time.perf_counter() - began
        backfill = Backfill.objects.get(pk=backfill.pk)
        perform(backfill, "enter", clerk)
        began = time.perf_counter()
        work.enter_sheet(backfill.pk, clerk)
        said["entering"] = time.perf_counter() - began
        said["cpu"] = time.process_time() - busy
    backfill = Backfill.objects.get(pk=backfill.pk)
    if backfill.state != "entered" or Recognition.objects.count() != count:
        sys.exit(
            f"{backfill.state}: {backfill.file_problems} {list(backfill.rows.filter(faulty=True)[:3].values('problems'))}"
        )
    said |= {"took": said["checking"] + said["entering"], "memory_mb": most[0], "growth_mb": most[0] - before}
    return said | {"bulk": _bulk(count)}


def _bulk(count: int) -> float:
    """Seconds of a bulk insert of what the entry wrote, agreements as drafts; bases and recognitions, to which other rows
    refer, stay where they are and are not counted."""
    from bench.bulk import again  # noqa: PLC0415 - not while memory is measured

    kinds = ("recognition", "agreement")
    rows = {
        Agreement: Agreement.objects.all(),
        AgreementParty: AgreementParty.objects.all(),
        FormAnswer: FormAnswer.objects.filter(case_kind="agreement"),
        TransitionLog: TransitionLog.objects.filter(case_kind__in=kinds),
        LedgerEntry: LedgerEntry.objects.filter(case_kind__in=kinds),
        Record: Record.objects.filter(case_kind="recognition"),
    }
    parts = [(model, list(asked.order_by("pk"))) for model, asked in rows.items()]
    for agreement in parts[0][1]:
        agreement.__dict__ |= {"state": "draft", "version": 1, "log_lines": 1}
    wrong = {model.__name__: len(asked) for model, asked in parts if len(asked) != WRITTEN[model] * count}
    if wrong or Base.objects.count() != count:
        sys.exit(f"{count} bases wrote {wrong}, {Base.objects.count()}")
    return again(parts, count, work.PART)


def main() -> None:
    count, sheet_only = int(sys.argv[1]), sys.argv[2:] == ["sheet"]
    with clock.travel("2026-03-02T09:00"):
        if sheet_only:
            call_command("migrate", verbosity=0)
        print(json.dumps(sent_in(count) if sheet_only else entered(count)))


if __name__ == "__main__":
    main()
