"""A base under NM that has just come into force."""

import pytest

from core import clock
from tests.scenarios import house
from tests.scenarios.test_s07 import recognised


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def base(region):
    """Active since 2027-09-10; its construction period ends 2030-09-09."""
    with clock.travel("2027-03-01T09:00"):
        call = house.open_nm_call(region)
    return recognised(region, call)
