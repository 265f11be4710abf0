"""`make test`: the whole suite on SQLite, then what depends on the database again on PostgreSQL.

Arguments go to pytest in both runs (`make test ARGS="-k quota"`); a selection of tests does not count as a
whole run for `make clauses`. `ARGS=--record` writes tests/durations.json anew from the whole run. Exit status 0 only
if both runs passed.

`make quick` (`suite.py --quick`): on SQLite, without a browser, the tests that by their recorded durations fit four
minutes on two cores, at least one of each file (tests/durations.py). It fails as well when the tests took far more of
the processors than recorded: then the record is old.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time

from prepare import ROOT, die_with_parent

WORKERS = int(os.environ.get("LIANPEI_TEST_WORKERS", "2"))
# The tests of a file stay on one worker: what they share is built once. Which file comes first: tests/durations.py.
PYTEST = [sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
NOTHING_SELECTED = 5
QUICK = 240  # seconds that `make quick` may take on two cores
BEFORE = 40  # of them each worker needs for starting, collecting and making its database
MISSED = 1.25  # so many times the seconds of the processors are too many
BOTH = "both_databases"
RUNS = (
    ("SQLite: everything", "sqlite", []),
    ("PostgreSQL: what depends on the database", "postgres", ["-m", BOTH]),
)


def marked_files() -> list[str]:
    """The files that name the mark: collecting the others as well takes longer than it should."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if BOTH in path.read_text(encoding="utf-8")]


def pytest_run(database: str, arguments: list[str], **more: str) -> tuple[int, str]:
    """Run pytest with its output passed on; its exit status and last line. `more`: further environment."""
    # Without PYTHONDONTWRITEBYTECODE: each worker, and each process that a test starts, would compile everything anew.
    own = ("LIANPEI_WHOLE", "LIANPEI_QUICK", "LIANPEI_RECORD", "PYTHONDONTWRITEBYTECODE")
    env = {name: value for name, value in os.environ.items() if name not in own}
    run = subprocess.Popen(
        [*PYTEST, *arguments],
        cwd=ROOT,
        env={**env, "LIANPEI_TEST_DB": database, "LIANPEI_ENV": "test", **more},
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent,
    )
    last = ""
    try:
        for line in run.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            last = line.strip("= \n") or last
        return run.wait(), last
    except KeyboardInterrupt:  # pytest ends its servers and workers when it is asked to
        run.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(30)
        raise


def quick(arguments: list[str]) -> int:
    began = time.monotonic()
    budget = str((QUICK - BEFORE) * WORKERS)
    status, _last = pytest_run("sqlite", ["-m", "not browser", *arguments], LIANPEI_QUICK=budget)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = (used.ru_utime + used.ru_stime) / WORKERS
    print(f"\n=== {time.monotonic() - began:.0f} s; {busy:.0f} s of each of {WORKERS} cores, of {QUICK} s")
    if busy > QUICK * MISSED:  # not by the clock: another's work on the machine is no fault of the tests
        print("The quick tests have become slow: find out which, and write their durations anew (ARGS=--record).")
        return status or 1
    return status


def main(arguments: list[str]) -> int:
    if "--quick" in arguments:
        return quick([argument for argument in arguments if argument != "--quick"])
    began, told, worst = time.monotonic(), [], 0
    whole = {"LIANPEI_WHOLE": "1"}
    if "--record" in arguments:
        arguments = [argument for argument in arguments if argument != "--record"]
        whole["LIANPEI_RECORD"] = "1"
    for title, database, selection in RUNS:
        print(f"\n=== {title}", flush=True)
        more = whole if not arguments and not selection else {}
        files = marked_files() if selection and not arguments else []
        status, last = pytest_run(database, [*selection, *files, *arguments], **more)
        if status == NOTHING_SELECTED and arguments:  # the selection has nothing for this database
            status, last = 0, "nothing selected"
        worst = worst or status
        told.append(f"{title}: {last}")
    print(f"\n=== {time.monotonic() - began:.0f} s in all")
    print("\n".join(told), flush=True)
    return worst


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
