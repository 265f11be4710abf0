"""A school under XCU with a draft of an application, from which most tests of this folder begin."""

from __future__ import annotations

import pytest

from core import clock
from tests.scenarios import house


@pytest.fixture
def school():
    with clock.travel("2026-03-01T09:00"):
        return house.xcu_school()


@pytest.fixture
def draft(school):
    with clock.travel("2026-03-01T09:00"):
        return house.xcu_draft(school, house.open_xcu_call(school))
