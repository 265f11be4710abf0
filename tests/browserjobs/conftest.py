"""Fixtures for whole jobs in the browser, each role in a session of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import chinese_fonts
from tests.browserjobs.seat import PHONE, TABLET, Seat


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def seat(new_page) -> Callable[..., Seat]:
    """`seat(membership)` is somebody at a desk, logged in; `phone=True` on a phone, `tablet=True` on a tablet."""

    def sit_down(membership: Any, *, phone: bool = False, tablet: bool = False) -> Seat:
        page = new_page(**(PHONE if phone else TABLET if tablet else {}))
        made = Seat(page, membership, new_page.watch, phone)
        made.log_in()
        return made

    return sit_down
