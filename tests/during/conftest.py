"""Fixtures of this package's browser tests."""

from __future__ import annotations

import pytest

from tests.browser import browser_page, chinese_fonts  # noqa: F401 - a fixture


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))
