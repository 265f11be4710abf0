"""The five regulations of the repository, loaded as drafts, and the people who read and administer them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.test import Client

from core import clock
from regulations import services
from regulations.models import Regulation, RegulationVersion
from tests.browser import browser_page, chinese_fonts  # noqa: F401
from tests.tenants import factories

LOADED = dt.date(2026, 1, 5)


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def loaded(db, capsys):
    """The five profiles in the database as drafts, on 2026-01-05."""
    with clock.travel(LOADED):
        call_command("regulations", "load")
        yield {version.regulation.code: version for version in RegulationVersion.objects.select_related("regulation")}


@pytest.fixture
def house(loaded):
    """A department under NM with two universities, one under each of the school's own regulations."""
    department = factories.department()
    found = SimpleNamespace(department=department, universities={}, admins={}, secretaries={}, versions=loaded)
    services.adopt(department, "provincial", Regulation.objects.get(code="NM"), LOADED)
    found.admins["NM"] = factories.member(department, "admin")
    for code, level in (("XCU", "school"), ("LCU", "school"), ("CZMC", "school"), ("JLU", "overlay")):
        university = factories.university(department)
        found.universities[code] = university
        services.adopt(university, level, Regulation.objects.get(code=code), LOADED)
        found.admins[code] = factories.member(university, "admin")
        found.secretaries[code] = factories.member(factories.college(university), "secretary")
    return found


@pytest.fixture
def sign_in():
    """A client signed in as a membership."""

    def sign(membership) -> Client:
        client = Client()
        client.force_login(membership.user)
        return client

    return sign
