"""Fixtures for the tests of lists, case pages and start pages: the houses, and fonts for the browser."""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import browser_page, chinese_fonts  # noqa: F401
from tests.scenarios import house


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def region():
    with clock.travel("2027-03-10T09:00"):
        yield house.nm_region()


@pytest.fixture
def school():
    with clock.travel("2026-03-10T09:00"):
        yield house.xcu_school()
