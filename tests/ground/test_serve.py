"""`make serve`: one supervisor, everything answers, nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings

SUPERVISE = Path(settings.BASE_DIR) / "config" / "tooling" / "supervise.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def start(var: Path, port: int, *options: str) -> subprocess.Popen:
    """Start the supervisor, with the demo world unless told otherwise, and wait until it says that it is ready."""
    env = {**os.environ, "LIANPEI_ENV": "development", "LIANPEI_VAR": str(var), "PORT": str(port)}
    env.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, str(SUPERVISE), *options],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "is ready" in line:
            return process
    raise AssertionError("".join(said))


def family(process: subprocess.Popen) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


def gone(members: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those of the family that still live after so many seconds."""
    _, alive = psutil.wait_procs(members, timeout=seconds)
    return [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def member(members: list[psutil.Process], *words: str) -> psutil.Process:
    """The eldest process whose command line holds these words."""
    return next(one for one in members if all(word in one.cmdline() for word in words))


@pytest.mark.slow
def test_serve_answers_heals_and_leaves_nothing_behind(tmp_path):
    port = free_port()
    process = start(tmp_path, port, "--no-demo")
    try:
        status, answer = get(port, "/healthz")
        assert (status, answer["status"]) == (200, "ok")
        work = {"scheduler", "mail", "lanes", "tasks", "ledger", "logs", "disk"}
        assert set(answer) == {"status", "database", "broker", "worker"} | work

        # Without a worker the portal is not healthy and says so; the supervisor brings a new one.
        members = family(process)
        worker = member(members, "celery", "worker")
        worker.suspend()
        status, answer = get(port, "/healthz")
        assert status == 503
        assert answer["database"] == answer["broker"] == "ok" != answer["worker"]
        assert get(port, "/livez")[0] == 200
        worker.kill()
        until = time.monotonic() + 30
        while get(port, "/healthz")[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.2)

        # A second one on the same data is refused and disturbs nothing.
        with pytest.raises(AssertionError, match="already running"):
            start(tmp_path, free_port(), "--no-demo")
        assert get(port, "/healthz")[0] == 200

        members = family(process)
        assert len(members) >= 7
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert gone(members, 3) == []
    finally:
        process.kill()

    # Again on the same data: quick, and not even SIGKILL leaves anything.
    began = time.monotonic()
    process = start(tmp_path, port, "--no-demo")
    took = time.monotonic() - began
    members = family(process)
    process.kill()
    process.wait(5)
    assert gone(members, 15) == []
    assert took < 20  # six seconds on a quiet machine; the suite's other worker is busy


def test_the_first_start_builds_the_demo(tmp_path):
    """The README's first command in a new folder: nothing runs yet beside which the demo could be built."""
    port = free_port()
    process = start(tmp_path, port)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200
        assert json.loads((tmp_path / "stamps" / "accounts.json").read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match=f"Port {port} is taken"):
            start(tmp_path, port, "--no-demo")


def test_the_embedded_server_is_there():
    sys.path.insert(0, str(SUPERVISE.parent))
    try:
        import broker  # noqa: PLC0415 - found once its folder is on the path

        assert Path(broker.binary()).is_file()
    finally:
        sys.path.remove(str(SUPERVISE.parent))
