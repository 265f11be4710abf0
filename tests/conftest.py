"""Fixtures for the whole suite: a broker, a browser, and what a browser must never say.

The plugin (tests/plugin.py) prepares environment and databases before Django's settings are read.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.tooling import broker


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A Valkey of this worker process, on a Unix socket: the URL for VALKEY_URL."""
    home = Path(tempfile.mkdtemp(prefix="lianpei-valkey."))
    server = subprocess.Popen(broker.command(home), stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
    try:
        broker.wait(home / "valkey.sock")
        yield f"unix://{home / 'valkey.sock'}"
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Debian's Chromium, driven by Playwright; one per worker process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - loads long, and few tests drive a browser

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert program, "Chromium is missing; `make test` installs it as root on Debian"
    # Playwright's loop lives in this thread; Django would take every query in it for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def new_page(chromium, live_server) -> Iterator[Callable]:
    """Open pages on the live server, each call in a browser session of its own; see tests/ground/browser.py.

    Arguments: those of Playwright's `new_context` (`viewport=` …). At the end of the test every page must
    have been free of console errors, uncaught exceptions, failed requests of this site and CSP reports.
    """
    from tests.ground.browser import Watch  # noqa: PLC0415 - Django is set up first

    watch = Watch(live_server.url)
    contexts = []

    def open_page(**options) -> object:
        options.setdefault("viewport", {"width": 1366, "height": 768})
        context = chromium.new_context(base_url=live_server.url, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    open_page.watch = watch
    yield open_page
    for context in contexts:
        context.close()
    assert watch.faults == []
