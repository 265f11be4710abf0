"""`make test`: the whole suite on SQLite, then what depends on the database again on PostgreSQL.

Arguments go to pytest in both runs (`make test ARGS="-k quota"`); a selection of tests does not count as a
whole run for `make clauses`. Exit status 0 only if both runs passed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

from prepare import ROOT, die_with_parent

PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-n",
    os.environ.get("LIANPEI_TEST_WORKERS", "2"),
    "--dist",
    "loadgroup",
]
NOTHING_SELECTED = 5
RUNS = (
    ("SQLite: everything", "sqlite", []),
    ("PostgreSQL: what depends on the database", "postgres", ["-m", "both_databases"]),
)


def main(arguments: list[str]) -> int:
    began, told, worst = time.monotonic(), [], 0
    for title, database, selection in RUNS:
        print(f"\n=== {title}", flush=True)
        env = {**os.environ, "LIANPEI_TEST_DB": database, "LIANPEI_ENV": "test"}
        env.pop("LIANPEI_WHOLE", None)
        if not arguments and not selection:
            env["LIANPEI_WHOLE"] = "1"
        run = subprocess.Popen(
            [*PYTEST, *selection, *arguments],
            cwd=ROOT,
            env=env,
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
            status = run.wait()
        except KeyboardInterrupt:  # pytest ends its servers and workers when it is asked to
            run.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(30)
            return 130
        if status == NOTHING_SELECTED and arguments:  # the selection has nothing for this database
            status, last = 0, "nothing selected"
        worst = worst or status
        told.append(f"{title}: {last}")
    print(f"\n=== {time.monotonic() - began:.0f} s in all")
    print("\n".join(told), flush=True)
    return worst


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    sys.exit(main(sys.argv[1:]))
