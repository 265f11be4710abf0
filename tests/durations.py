"""How long each test takes: recorded on request, and used to order the whole suite and to choose `make quick`.

`tests/durations.json`: test file → test → seconds, the mean over its parameters. Under "" stands what the fixtures that
the file's tests share took (a world built once for the module), which no single test is charged with. A test without
a record counts as one second. `make test ARGS=--record` writes the file anew from a whole run.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

RECORD = Path(__file__).with_name("durations.json")
UNKNOWN = 1.0
SHARED = ""  # the key of what a file's shared fixtures took
Durations = dict[str, dict[str, float]]


def read() -> Durations:
    """The recorded durations; none where nothing was recorded yet."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def rounded(seconds: float) -> float:
    """To a tenth below ten seconds, to whole seconds above: what changes no choice should change no file."""
    return round(seconds, 1) if seconds < 10 else float(round(seconds))


def place_of(nodeid: str) -> tuple[str, str]:
    """File and test of a node id, without parameters and without the name of a worker group."""
    file, _sep, name = nodeid.partition("::")
    return file, name.split("[")[0].split("@")[0]


def seconds_of(durations: Durations, nodeid: str) -> float:
    file, name = place_of(nodeid)
    return durations.get(file, {}).get(name, UNKNOWN)


def _by_file(nodeids: Iterable[str]) -> dict[str, list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for nodeid in nodeids:
        files[place_of(nodeid)[0]].append(nodeid)
    return files


def chosen(nodeids: list[str], durations: Durations, budget: float) -> set[str]:
    """The tests that fit `budget` seconds on one worker: the cheapest of each file whatever it takes, then the
    cheapest of all, in their order."""
    taken, spent = set(), 0.0
    for file, inside in _by_file(nodeids).items():
        cheapest = min(inside, key=lambda nodeid: seconds_of(durations, nodeid))
        taken.add(cheapest)
        spent += seconds_of(durations, cheapest) + durations.get(file, {}).get(SHARED, 0.0)
    for nodeid in sorted(set(nodeids) - taken, key=lambda nodeid: (seconds_of(durations, nodeid), nodeid)):
        spent += seconds_of(durations, nodeid)
        if spent > budget:
            break
        taken.add(nodeid)
    return taken


def longest_first(nodeids: list[str], durations: Durations) -> list[str]:
    """The files' tests together, the longest files first, so that the workers end at about the same time."""
    files = _by_file(nodeids)
    takes = {
        file: sum(seconds_of(durations, nodeid) for nodeid in inside) + durations.get(file, {}).get(SHARED, 0.0)
        for file, inside in files.items()
    }
    return [nodeid for file in sorted(files, key=lambda file: (-takes[file], file)) for nodeid in files[file]]


class Chooser:
    """`LIANPEI_QUICK`: keep what fits so many seconds of one worker. `ordered` (in a worker): the longest files first."""

    def __init__(self, *, ordered: bool) -> None:
        self.ordered = ordered

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        durations = read()
        by_id = {item.nodeid: item for item in items}
        if budget := os.environ.get("LIANPEI_QUICK"):
            taken = chosen(list(by_id), durations, float(budget))
            config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in taken])
            items[:] = [item for item in items if item.nodeid in taken]
        if self.ordered:
            items[:] = [by_id[nodeid] for nodeid in longest_first([item.nodeid for item in items], durations)]


class SharedTime:
    """In each worker: what the fixtures shared by several tests take, told along with the test they were made for."""

    def __init__(self) -> None:
        self.item: pytest.Item | None = None
        self.within = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        self.item = item
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef) -> Iterator[object]:
        if fixturedef.scope == "function" or self.within:
            return (yield)
        self.within += 1
        began = time.monotonic()
        try:
            return (yield)
        finally:
            self.within -= 1
            self.item.user_properties.append((fixturedef.scope, time.monotonic() - began))


class Recorder:
    """In the process that reports: gathers the durations, and keeps them at the end of a run."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, dict[str, float]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(float))
        )
        self.shared: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file, name = place_of(report.nodeid)
        seconds = report.duration
        if report.when == "setup":
            for scope, took in report.user_properties:
                if scope in ("session", "package", "module", "class"):
                    seconds -= took
                    if scope != "session":
                        self.shared[file] += took
        self.tests[file][name][report.nodeid] += max(seconds, 0.0)

    def pytest_sessionfinish(self) -> None:
        """Files that this run has seen are written anew, those that no longer exist are dropped."""
        known = {file: tests for file, tests in read().items() if (RECORD.parents[1] / file).exists()}
        for file, tests in self.tests.items():
            known[file] = {name: rounded(sum(each.values()) / len(each)) for name, each in sorted(tests.items())}
            if rounded(self.shared[file]):
                known[file] = {SHARED: rounded(self.shared[file]), **known[file]}
        lines = [f"{json.dumps(file)}: {json.dumps(known[file])}" for file in sorted(known)]
        RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
