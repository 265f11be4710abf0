"""Which clause rows the marked tests show, kept from run to run in var/clauses.json.

A record: {"sources": hash or null, "tests": {"nodeid@database": {"clauses": [ids], "outcome": "passed"}}}.
`sources` is set by a run of all tests; it tells `make clauses` whether the record still fits the code.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
INDEX = ROOT / "docs" / "clauses.json"
RECORD = Path(os.environ.get("LIANPEI_CLAUSES") or ROOT / "var" / "clauses.json")
FOLDERS = (
    "core",
    "tenants",
    "regulations",
    "casework",
    "bases",
    "trainees",
    "evaluations",
    "applications",
    "portal",
    "config",
    "templates",
    "static/js",
    "static/css",
    "tests",
    "docs/clauses.json",
)
ENDINGS = {".py", ".yaml", ".html", ".txt", ".js", ".css", ".json", ".csv"}


def index() -> dict[str, dict[str, Any]]:
    """The clause matrix: ID → {"regulation", "strength", "kinds"}, in the matrix's order."""
    rows = json.loads(INDEX.read_text(encoding="utf-8"))["clauses"]
    return {row["id"]: row for row in rows}


def sources() -> str:
    """One hash of everything that can change a test's outcome in this checkout."""
    sha = hashlib.sha256()
    for folder in FOLDERS:
        place = ROOT / folder
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in files:
            if path.suffix in ENDINGS and path.is_file():
                sha.update(str(path.relative_to(ROOT)).encode())
                sha.update(path.read_bytes())
    return sha.hexdigest()


def read() -> dict[str, Any]:
    """The record, empty if there is none."""
    try:
        return json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"sources": None, "tests": {}}


@contextmanager
def _alone() -> Iterator[None]:
    RECORD.parent.mkdir(exist_ok=True)
    with (RECORD.parent / "clauses.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(tests: dict[str, dict[str, Any]], *, whole: str | None = None) -> None:
    """Add a run's outcomes. A run of all tests passes its `sources()` as `whole`: it drops what was there before."""
    with _alone():
        record = read() if whole is None else {"sources": whole, "tests": {}}
        record["tests"].update(tests)
        part = RECORD.with_suffix(".part")
        part.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(RECORD)


def passing(record: dict[str, Any]) -> set[str]:
    """IDs with at least one passed test and no failed one."""
    good: set[str] = set()
    bad: set[str] = set()
    for test in record["tests"].values():
        if test["outcome"] == "passed":
            good.update(test["clauses"])
        elif test["outcome"] == "failed":
            bad.update(test["clauses"])
    return good - bad
