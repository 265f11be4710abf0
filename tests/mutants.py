"""Runs the marked tests over broken profiles, one process forked for each: `python manage.py mutate` loads it.

Collecting the suite and making its database take longer than most tests. So both are done once; each mutant is then
written to the profiles' folder (LIANPEI_PROFILES), and a child process with a copy of the database runs the tests
that are marked with its clauses until one of them turns red.

LIANPEI_MUTANTS: a file with one JSON object a line (folder, clauses, content), outcomes are written beside it as
`<file>.said`, one line each: the test that noticed, or "" and why nobody did.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import traceback
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

LONGEST = 900  # seconds that the tests of one mutant may take


def clauses_of(item: pytest.Item) -> set[str]:
    return {one for mark in item.iter_markers("clause") for one in mark.args}


def first_red(items: list[pytest.Item]) -> str:
    """The first of the tests that fails, "" when all pass."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def _own_database() -> None:
    """A copy of the database for this process: some tests empty it."""
    from django.db import connection  # noqa: PLC0415 - Django is set up first

    own = f"{connection.settings_dict['NAME']}.{os.getpid()}"
    shutil.copy(connection.settings_dict["NAME"], own)
    connection.settings_dict["NAME"] = own


def _forget(items: list[pytest.Item]) -> None:
    """Read anew what the tests' modules read of the unbroken profiles before the fork (`SPEC = form(…)`)."""
    from tests.profiles import samples  # noqa: PLC0415 - Django is set up first

    samples._profiles.clear()
    for module in {item.module for item in items if hasattr(item.module, "SPEC")}:
        importlib.reload(module)


def attempt(items: list[pytest.Item]) -> str:
    """Run the tests in a forked process; the name of the one that noticed, or ""."""
    from django.db import connections  # noqa: PLC0415 - Django is set up first

    connections.close_all()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        said = "-"
        try:
            os.close(out)
            signal.alarm(LONGEST)
            _own_database()
            _forget(items)
            items[0].session._setupstate.teardown_exact(items[0])
            said = first_red(items)
        except BaseException:
            said = "- " + traceback.format_exc(limit=-3)
        finally:
            os.write(into, said.encode())
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of running the tests once: the mutants one after the other."""
    place = Path(os.environ["LIANPEI_PROFILES"])
    listed = Path(os.environ["LIANPEI_MUTANTS"])
    with_database = [item for item in session.items if item.get_closest_marker("django_db")]
    first = next((item for item in with_database if "scenarios" not in item.nodeid), with_database[0])
    if any(report.failed for report in runtestprotocol(first, log=False, nextitem=session.items[-1])):
        raise pytest.UsageError(f"{first.nodeid} fails without any mutant")
    with Path(f"{listed}.said").open("w", encoding="utf-8", buffering=1) as said:
        for line in listed.read_text(encoding="utf-8").splitlines():
            mutant = json.loads(line)
            items = [item for item in session.items if clauses_of(item) & set(mutant["clauses"])]
            if not items:
                said.write(json.dumps(["", "no test is marked with its clause"]) + "\n")
                continue
            kept = place / mutant["folder"]
            aside = place.parent / f"{mutant['folder']}.whole"
            kept.rename(aside)
            kept.mkdir()
            (kept / "profile.yaml").write_text(mutant["content"], encoding="utf-8")
            try:
                noticed = attempt(sorted(items, key=lambda item: "scenarios" in item.nodeid))
            finally:
                shutil.rmtree(kept)
                aside.rename(kept)
            why = f"the tests could not run: {noticed[2:]}" if noticed.startswith("-") else ""
            if not noticed:
                why = "all its tests still pass"
            said.write(json.dumps(["" if why else noticed, why]) + "\n")
    return True
