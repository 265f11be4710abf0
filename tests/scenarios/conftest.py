"""Fixtures of the scenarios: a school and its call; fonts for those that are also looked at."""

from __future__ import annotations

import pytest

from core import clock
from tests.browser import browser_page, chinese_fonts  # noqa: F401


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def school(request):
    """The school of the house that the file names as `HOUSE`, on 2026-03-01; the clock stands there."""
    with clock.travel("2026-03-01T09:00"):
        yield request.module.HOUSE.school()


@pytest.fixture
def call(request, school):
    """The call of that house, open."""
    with clock.travel("2026-03-01T09:00"):
        return request.module.HOUSE.usual_call(school)
