"""What `make quick` takes, and in which order the workers take the files (tests/durations.py)."""

from __future__ import annotations

import json
import time

import pytest

from tests import durations

KNOWN = {
    "tests/a.py": {"": 5.0, "test_dear": 9.0, "test_cheap": 0.5},
    "tests/b.py": {"test_dearer": 30.0},
}
ALL = [
    "tests/a.py::test_dear[x]",
    "tests/a.py::test_cheap",
    "tests/b.py::test_dearer",
    "tests/c.py::test_new",
    "tests/c.py::test_newer",
]


def test_one_test_of_each_file_whatever_it_takes():
    assert durations.chosen(ALL, KNOWN, 0) == {ALL[1], ALL[2], ALL[3]}


def test_then_the_cheapest_up_to_the_budget():
    must = 5 + 0.5 + 30 + durations.UNKNOWN
    assert durations.chosen(ALL, KNOWN, must + durations.UNKNOWN) == {*ALL[1:]}
    assert durations.chosen(ALL, KNOWN, must + durations.UNKNOWN - 0.1) == {*ALL[1:4]}
    assert durations.chosen(ALL, KNOWN, must + durations.UNKNOWN + 9) == {*ALL}


def test_the_longest_files_come_first_and_stay_together():
    assert durations.longest_first(ALL, KNOWN) == [ALL[2], ALL[0], ALL[1], ALL[3], ALL[4]]


def report(nodeid: str, when: str, seconds: float, *shared: tuple[str, float]) -> pytest.TestReport:
    return pytest.TestReport(nodeid, ("", 0, ""), {}, "passed", None, when, user_properties=shared, duration=seconds)


def test_what_is_recorded(tmp_path, monkeypatch):
    """The mean over a test's parameters, without what a fixture shared by the file took; the file keeps other files."""
    monkeypatch.setattr(durations, "RECORD", tmp_path / "tests" / "durations.json")
    for name in ("a.py", "b.py"):
        (tmp_path / "tests" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "tests" / name).touch()
    durations.RECORD.write_text(json.dumps({**KNOWN, "tests/gone.py": {"test_x": 1.0}}))
    recorder = durations.Recorder()
    for one in (
        report("tests/a.py::test_dear[x]", "setup", 8.04, ("module", 6.0), ("session", 1.0)),
        report("tests/a.py::test_dear[x]", "call", 2.0, ("module", 6.0), ("session", 1.0)),
        report("tests/a.py::test_dear[y]", "setup", 1.0),
        report("tests/a.py::test_dear[y]", "call", 20.0),
    ):
        recorder.pytest_runtest_logreport(one)
    recorder.pytest_sessionfinish()
    assert durations.read() == {"tests/a.py": {"": 6.0, "test_dear": 12.0}, "tests/b.py": {"test_dearer": 30.0}}


@pytest.fixture(scope="module")
def dear():
    time.sleep(0.05)


def test_what_a_shared_fixture_takes_is_told_with_the_test_it_was_made_for(request, dear):
    assert sum(took for scope, took in request.node.user_properties if scope == "module") >= 0.05
