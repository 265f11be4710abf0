"""Runs the marked tests over broken profiles, one process forked for each: `python manage.py mutate` loads it.

Collecting the suite, making its database and importing what requests need take longer than most tests. So these are
done once; each mutant is then written to the profiles' folder (LIANPEI_PROFILES), and a child process with a copy of the
database runs the tests that are marked with its clauses until one of them turns red: first the one that noticed it before
(var/mutants.json), those whose name has words of the rule's name, those that noticed another mutant of the same rule, then
the quickest.

LIANPEI_MUTANTS: a file with one JSON object a line (folder, rule, clauses, content, before); outcomes are written beside
it as `<file>.said`, one line each: the test that noticed, or "" and why nobody did, and the seconds that it took.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import re
import shutil
import signal
import time
import traceback
from collections import defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests import durations, remember

LONGEST = 900  # seconds that the tests of one mutant may take


def clauses_of(item: pytest.Item) -> set[str]:
    return {one for mark in item.iter_markers("clause") for one in mark.args}


def first_red(items: list[pytest.Item]) -> str:
    """The first of the tests that fails, "" when all pass."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def _copy_of_the_database() -> Path | None:
    """Where the child's copy of the database is to stand: some tests empty it. None before one was made."""
    from django.db import connection  # noqa: PLC0415 - Django is set up first

    own = Path(f"{connection.settings_dict['NAME']}.mutant")
    if not Path(connection.settings_dict["NAME"]).exists():
        return None
    shutil.copy(connection.settings_dict["NAME"], own)
    return own


def _forget(items: list[pytest.Item]) -> None:
    """Read anew what the tests' modules read of the unbroken profiles before the fork (`SPEC = form(…)`), and tell the
    stories anew."""
    from tests.profiles import samples  # noqa: PLC0415 - Django is set up first

    remember.memory.forked()
    samples._profiles.clear()
    for module in {item.module for item in items if hasattr(item.module, "SPEC")}:
        importlib.reload(module)


def attempt(items: list[pytest.Item]) -> str:
    """Run the tests in a forked process; the name of the one that noticed, or ""."""
    from django.db import connection, connections  # noqa: PLC0415 - Django is set up first

    connections.close_all()
    copied = _copy_of_the_database()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        said = "-"
        try:
            os.close(out)
            signal.alarm(LONGEST)
            if copied is not None:
                connection.settings_dict["NAME"] = str(copied)
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


def _warm(items: list[pytest.Item]) -> None:
    """Run a test of each sort that needs the database, the cheapest that makes requests: the children find modules,
    templates and database ready. There may be none of a sort."""
    taken = durations.read()
    with_database = [item for item in items if item.get_closest_marker("django_db")]
    scenarios = [item for item in with_database if "scenarios" in item.nodeid]
    others = [item for item in with_database if "scenarios" not in item.nodeid]
    first = [
        min(sort, key=lambda item: durations.seconds_of(taken, item.nodeid)) for sort in (others, scenarios) if sort
    ]
    for item in first:
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=items[-1])):
            raise pytest.UsageError(f"{item.nodeid} fails without any mutant")


class Order:
    """The tests in the order in which they are asked."""

    def __init__(self) -> None:
        self.taken = durations.read()
        self.noticed: dict[str, set[str]] = defaultdict(set)

    def of(self, items: list[pytest.Item], mutant: dict) -> list[pytest.Item]:
        before, same = mutant.get("before", ""), self.noticed[mutant["rule"]]
        words = {word for word in re.findall(r"[a-z_]+", mutant["rule"]) if len(word) > 3}
        return sorted(
            items,
            key=lambda item: (
                item.nodeid != before,
                -sum(word in item.name for word in words),
                item.nodeid not in same,
                durations.seconds_of(self.taken, item.nodeid),
            ),
        )

    def learn(self, mutant: dict, nodeid: str) -> None:
        self.noticed[mutant["rule"]].add(nodeid)


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of running the tests once: the mutants one after the other."""
    place = Path(os.environ["LIANPEI_PROFILES"])
    listed = Path(os.environ["LIANPEI_MUTANTS"])
    _warm(session.items)
    order = Order()
    gc.freeze()  # the children share what stands
    with Path(f"{listed}.said").open("w", encoding="utf-8", buffering=1) as said:
        for line in listed.read_text(encoding="utf-8").splitlines():
            mutant = json.loads(line)
            began = time.monotonic()
            items = [item for item in session.items if clauses_of(item) & set(mutant["clauses"])]
            if not items:
                said.write(json.dumps(["", "no test is marked with its clause", 0]) + "\n")
                continue
            kept = place / mutant["folder"]
            aside = place.parent / f"{mutant['folder']}.whole"
            kept.rename(aside)
            kept.mkdir()
            (kept / "profile.yaml").write_text(mutant["content"], encoding="utf-8")
            try:
                noticed = attempt(order.of(items, mutant))
            finally:
                shutil.rmtree(kept)
                aside.rename(kept)
            why = f"the tests could not run: {noticed[2:]}" if noticed.startswith("-") else ""
            if not noticed:
                why = f"all its {len(items)} tests still pass"
            elif not why:
                order.learn(mutant, noticed)
            said.write(json.dumps(["" if why else noticed, why, round(time.monotonic() - began, 1)]) + "\n")
    return True
