"""`make clauses`: the clause matrix and the tests that show its rows; `--json` for machines.

The outcomes are those of the last whole run while the code is as it was then; else the marked tests are run.
    {"total": 422, "passing": [ids…], "missing": [ids…]}
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from prepare import ROOT, die_with_parent

sys.path.insert(0, str(ROOT))

from tests import clauses  # noqa: E402


def refresh() -> None:
    """Run the marked tests; what pytest says goes to the error output."""
    env = {**os.environ, "LIANPEI_TEST_DB": "sqlite", "LIANPEI_WHOLE": "1"}
    workers = os.environ.get("LIANPEI_TEST_WORKERS", "2")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadfile", "-m", "clause"],
        cwd=ROOT,
        env=env,
        stdout=sys.stderr,
        check=False,
        preexec_fn=die_with_parent,
    )


def report(index: dict, passing: set[str]) -> str:
    lines = [f"{'regulation':<12}{'rows':>6}{'shown':>7}"]
    for regulation in dict.fromkeys(row["regulation"] for row in index.values()):
        rows = [clause for clause, row in index.items() if row["regulation"] == regulation]
        lines.append(f"{regulation:<12}{len(rows):>6}{sum(clause in passing for clause in rows):>7}")
    lines.append(f"{'together':<12}{len(index):>6}{len(passing):>7}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    index = clauses.index()
    if clauses.read()["sources"] != clauses.sources():
        refresh()
    passing = clauses.passing(clauses.read()) & set(index)
    if "--json" in arguments:
        answer = {
            "total": len(index),
            "passing": [clause for clause in index if clause in passing],
            "missing": [clause for clause in index if clause not in passing],
        }
        print(json.dumps(answer))
    else:
        print(report(index, passing))
        if "--missing" in arguments:
            print("missing:", " ".join(clause for clause in index if clause not in passing))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
