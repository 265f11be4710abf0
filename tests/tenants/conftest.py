"""A scoped case to look at: lists of cases, the plainest kind that the house has."""

from __future__ import annotations

from itertools import count

import pytest

from casework.models import CaseList
from regulations.models import Regulation, RegulationVersion
from tests.browser import browser_page, chinese_fonts  # noqa: F401

_serial = count(1)


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def version(db):
    regulation = Regulation.objects.create(code="T9", title="测试办法")
    return RegulationVersion.objects.create(regulation=regulation, number="1", content="{}")


@pytest.fixture
def make_case(version):
    """A case with the organisations given by column."""

    def make(**columns) -> CaseList:
        number = next(_serial)
        return CaseList.objects.create(
            number=f"T-{number}", title=f"名单{number}", regulation_version=version, context_id=1, **columns
        )

    return make


@pytest.fixture
def registries():
    """The registries as they were, after a test that adds to them."""
    from tenants import grants, permissions, scoping  # noqa: PLC0415 - Django is set up first

    kept = [(where, dict(where)) for where in (permissions._grants, grants._registered, scoping._personal)]
    yield
    for where, before in kept:
        where.clear()
        where.update(before)
