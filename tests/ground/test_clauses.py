"""The clause index, the mark, and what is told of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from tests import clauses

ROOT = Path(settings.BASE_DIR)
INI = """[pytest]
DJANGO_SETTINGS_MODULE = config.settings
addopts = -p tests.plugin
markers = clause(*ids)
"""
MARKED = """
import pytest

@pytest.mark.clause("NM-8.1", "NM-8.2a")
def test_good(): pass

@pytest.mark.clause("NM-8.2a")
def test_bad(): assert False

@pytest.mark.clause("NM-8.3")
def test_left_out(): pytest.skip("not today")

@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.clause("XCU-5.1"))])
def test_by_parameter(n): pass
"""


def run(tmp_path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run a file of tests of its own with the suite's plugin, and a record of its own."""
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(INI, encoding="utf-8")
    env = {**os.environ, "LIANPEI_CLAUSES": str(tmp_path / "clauses.json"), "LIANPEI_TEST_DB": "sqlite"}
    # What the run outside asks of its own end is not asked of this one: `--record` would write its file among the suite's.
    for name in [*(name for name in env if name.startswith("PYTEST_")), "LIANPEI_WHOLE", "LIANPEI_RECORD"]:
        env.pop(name, None)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            str(tmp_path / "pytest.ini"),
            str(tmp_path / "test_it.py"),
            *arguments,
        ],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )


def test_the_index_is_the_matrix():
    index = clauses.index()
    assert len(index) == 422
    assert Counter(row["regulation"] for row in index.values()) == {
        "JLU": 37,
        "CZMC": 44,
        "NM": 58,
        "LCU": 70,
        "XCU": 213,
    }
    assert {row["strength"] for row in index.values()} == {
        "hard",
        "default",
        "priority",
        "encouraged",
        "info",
    }
    rows = json.loads(clauses.INDEX.read_text(encoding="utf-8"))["clauses"]
    assert len(rows) == len(index), "an ID stands twice"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_outcomes_are_kept(tmp_path, workers):
    done = run(tmp_path, MARKED, *workers)
    assert "1 failed" in done.stdout, done.stdout + done.stderr
    record = json.loads((tmp_path / "clauses.json").read_text())
    outcomes = Counter(test["outcome"] for test in record["tests"].values())
    assert outcomes == {"passed": 2, "failed": 1, "skipped": 1}
    assert clauses.passing(record) == {"NM-8.1", "XCU-5.1"}, "one failed test spoils its rows"


def test_an_unknown_id_fails_the_run(tmp_path):
    done = run(tmp_path, "import pytest\n@pytest.mark.clause('NM-99')\ndef test_it(): pass\n")
    assert done.returncode != 0
    assert "NM-99" in done.stdout + done.stderr


def test_make_clauses_tells_machines(tmp_path):
    record = tmp_path / "clauses.json"
    record.write_text(
        json.dumps(
            {
                "sources": clauses.sources(),
                "tests": {"t@sqlite": {"clauses": ["NM-7.1a", "gone"], "outcome": "passed"}},
            }
        )
    )
    env = {**os.environ, "LIANPEI_CLAUSES": str(record)}
    script = [sys.executable, str(ROOT / "config" / "tooling" / "clauses.py")]
    answer = json.loads(subprocess.run([*script, "--json"], env=env, capture_output=True, text=True).stdout)
    index = list(clauses.index())
    assert answer["total"] == 422
    assert answer["passing"] == [one for one in index if one == "NM-7.1a"]
    assert sorted(answer["passing"] + answer["missing"]) == sorted(index)
    table = subprocess.run(script, env=env, capture_output=True, text=True).stdout
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [
        ["JLU", "37"],
        ["CZMC", "44"],
        ["NM", "58"],
        ["LCU", "70"],
        ["XCU", "213"],
        ["together", "422"],
    ]
