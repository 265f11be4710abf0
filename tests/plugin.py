"""The suite's own pytest plugin: environment, databases, clause marks. Loaded before Django's settings are read.

`LIANPEI_TEST_DB=postgres` runs on a throw-away PostgreSQL, which this plugin starts once for all workers;
else the suite runs on SQLite files of its own, so that several runs in one checkout do not meet.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest

WORKER = "PYTEST_XDIST_WORKER" in os.environ


def _prepare() -> None:
    """Set the environment of this run. Workers of pytest-xdist inherit it from the process that starts them."""
    if WORKER:
        return
    os.environ["LIANPEI_ENV"] = "test"
    home = tempfile.mkdtemp(prefix="lianpei-test.")
    os.chmod(home, 0o700)
    os.environ["LIANPEI_VAR"] = home
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in ("DATABASE_URL", "VALKEY_URL", "SECRET_KEY", "DEBUG", "EMAIL_URL", "SITE_URL", "PORT"):
        os.environ.pop(name, None)
    if os.environ.get("LIANPEI_TEST_DB") == "postgres":
        from tests.ground.postgres import temporary_postgres

        server = temporary_postgres()
        place = server.__enter__()
        atexit.register(server.__exit__, None, None, None)
        os.environ["DATABASE_URL"] = f"postgres:///lianpei?host={place['HOST']}&user={place['USER']}"


_prepare()


def pytest_report_header(config: pytest.Config) -> str:
    return f"lianpei: database {os.environ.get('LIANPEI_TEST_DB', 'sqlite')}, var {os.environ['LIANPEI_VAR']}"


@pytest.fixture(autouse=True)
def _media_of_this_test(settings, tmp_path) -> None:
    """Uploads and papers of a test go to a folder of that test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _clock_back() -> object:
    """No test leaves the clock moved."""
    from core import clock

    yield
    clock.set_now(None)
