"""The suite's own pytest plugin: environment, databases, clause marks. Loaded before Django's settings are read.

`LIANPEI_TEST_DB=postgres` runs on a throw-away PostgreSQL, which this plugin starts once for all workers;
else the suite runs on SQLite files of its own, so that several runs in one checkout do not meet.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests import clauses, durations, migrated, profilememory, remember

UNKNOWN = pytest.StashKey[list[str]]()
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
        from tests.ground.postgres import temporary_postgres  # noqa: PLC0415 - starts a server

        server = temporary_postgres()
        place = server.__enter__()
        atexit.register(server.__exit__, None, None, None)
        os.environ["DATABASE_URL"] = f"postgres:///lianpei?host={place['HOST']}&user={place['USER']}"


_prepare()


def pytest_report_header(config: pytest.Config) -> str:
    return f"lianpei: database {os.environ.get('LIANPEI_TEST_DB', 'sqlite')}, var {os.environ['LIANPEI_VAR']}"


@pytest.fixture(scope="session", autouse=True)
def _flush_with_logs() -> Iterator[None]:
    """Django's flush after a transactional test has to empty the append-only tables too: lift their triggers."""
    from django.db import connection  # noqa: PLC0415 - Django is set up first
    from django.test import TransactionTestCase  # noqa: PLC0415 - Django is set up first

    from core import triggers  # noqa: PLC0415 - Django is set up first

    empty = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with triggers.lifted(connection):
            empty(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def _media_of_this_test(settings, tmp_path) -> None:
    """Uploads and papers of a test go to a folder of that test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session", autouse=True)
def _mails_are_queued(django_test_environment: None) -> None:
    """As outside tests: Django puts its own backend in place for them, which is the outbox's transport here."""
    from django.conf import settings  # noqa: PLC0415 - Django is set up first

    settings.EMAIL_BACKEND = "core.outbox.mail.QueueingBackend"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits and other counters start anew with every test."""
    from django.core.cache import cache  # noqa: PLC0415 - Django is set up first

    cache.clear()


@pytest.fixture(autouse=True)
def _clock_back() -> Iterator[None]:
    """No test leaves the clock moved."""
    from core import clock  # noqa: PLC0415 - Django is set up first

    yield
    clock.set_now(None)


@pytest.fixture(autouse=True)
def _language_back() -> Iterator[None]:
    """No test leaves its reader's language behind."""
    yield
    translation.deactivate()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A file as an argument names no test: it holds the second in which it was made, and every worker makes its own."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None


class BrowserMarks:
    """A test that drives Chromium is marked so, whether or not it says it: `-m "not browser"` leaves it out."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if "chromium" in item.fixturenames:
                item.add_marker("browser")


# --- Clause marks -------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Carry the IDs of a test's clause marks along with its report.

    `LIANPEI_ONLY_CLAUSES`: keep only the tests marked with one of these rows, the quick ones first.
    """
    known = clauses.index()
    wanted = set(filter(None, os.environ.get("LIANPEI_ONLY_CLAUSES", "").split()))
    if wanted:
        kept = [item for item in items if wanted & {one for mark in item.iter_markers("clause") for one in mark.args}]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = sorted(kept, key=lambda item: "scenarios" in item.nodeid)
    for item in items:
        marked = sorted({one for mark in item.iter_markers("clause") for one in mark.args})
        if marked:
            item.user_properties.append(("clauses", marked))
            item.stash[UNKNOWN] = [one for one in marked if one not in known]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands before the first test stays: the collector of garbage need not walk it again for every request."""
    if not session.config.option.collectonly:
        profilememory.install()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test fails whose mark names an ID that the matrix does not have."""
    if unknown := item.stash.get(UNKNOWN, None):
        pytest.fail(f"no such row in docs/clauses.json: {', '.join(unknown)}", pytrace=False)


class ClauseRecorder:
    """In the process that reports: gathers the outcomes of marked tests, and keeps them at the end."""

    def __init__(self, whole: str | None) -> None:
        self.whole = whole
        self.tests: dict[str, dict] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        marked = dict(report.user_properties).get("clauses")
        if not marked or (report.when != "call" and report.outcome == "passed"):
            return
        key = f"{report.nodeid}@{os.environ.get('LIANPEI_TEST_DB', 'sqlite')}"
        outcome = "skipped" if report.skipped else report.outcome
        if self.tests.get(key, {}).get("outcome") != "failed":
            self.tests[key] = {"clauses": marked, "outcome": outcome}

    def pytest_sessionfinish(self) -> None:
        if self.tests or self.whole:
            clauses.write(self.tests, whole=self.whole)


def pytest_configure(config: pytest.Config) -> None:
    migrated.install()
    config.pluginmanager.register(BrowserMarks(), "browser-marks")
    config.pluginmanager.register(durations.Chooser(ordered=WORKER), "chooser")
    config.pluginmanager.register(durations.SharedTime(), "shared-time")
    config.pluginmanager.register(remember.Plugin(), "remembered-worlds")
    if not WORKER:
        if os.environ.get("LIANPEI_RECORD") == "1":
            config.pluginmanager.register(durations.Recorder(), "duration-recorder")
        whole = clauses.sources() if os.environ.get("LIANPEI_WHOLE") == "1" else None
        config.pluginmanager.register(ClauseRecorder(whole), "clause-recorder")
