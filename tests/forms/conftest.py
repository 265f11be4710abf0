"""Fixtures of the forms' tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import chinese_fonts, sign_in

PASSWORD = "Gaoyuan-2027-mai"


@pytest.fixture(scope="session", autouse=True)
def _fonts(tmp_path_factory) -> None:
    chinese_fonts(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def own_templates(settings) -> None:
    """The pages of these tests lie beside them."""
    own = copy.deepcopy(settings.TEMPLATES)
    own[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = own


@pytest.fixture
def form_page(own_templates, new_page, live_server, django_user_model) -> Callable:
    """Open an address of tests/forms/urls.py as a signed-in person."""

    def open_page(address: str, **options):
        page = new_page(**options)
        page.context.base_address = live_server.url
        person, new = django_user_model.objects.get_or_create(
            username="wen.lan", defaults={"email": "wen.lan@example.org", "name": "温岚"}
        )
        if new:
            person.set_password(PASSWORD)
            person.save()
        sign_in(page, person)
        page.goto(address)
        return page

    return open_page
