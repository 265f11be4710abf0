"""The demo world on a live server for a whole module: built once by `config.demo`, emptied at the module's end.

    from tests.browserjobs.site import _django_db_helper, _files_of_the_site, demo_site  # noqa: F401

    pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A module that changes the world changes it for the tests after it: give those a case of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from core import triggers
from tests.browser import DESK, sign_in
from tests.ground.browser import Watch


@dataclass
class Site:
    """The live server's address, the browser, where the world's files lie, and the story that made the world."""

    url: str
    browser: Any
    media: Any
    story: Any

    def membership(self, login: str, role: str = "", kind: str = ""):
        """A demo account's membership, by role where it has several."""
        from tenants.models import Membership  # noqa: PLC0415 - Django is set up first

        found = Membership.objects.filter(user__username=login, state="active")
        found = found.filter(role=role) if role else found
        return (found.filter(organisation__kind=kind) if kind else found).order_by("pk")[0]

    def context(self, membership: Any = None, watch: Watch | None = None, **options: Any) -> Any:
        """A browser session of its own, signed in as `membership`; `page` is its first page, followed by `watch`."""
        options.setdefault("viewport", DESK)
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", **options)
        context.set_default_timeout(15_000)
        context.base_address = self.url
        page = context.new_page()
        (watch or Watch(self.url)).follow(page)
        if membership is not None:
            sign_in(page, membership.user, membership)
        page.membership = membership
        return page


@pytest.fixture(scope="module")
def demo_site(django_db_setup, django_db_blocker, tmp_path_factory, chromium) -> Iterator[Site]:
    """The whole demo behind a live server."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up first
    from django.db import connection  # noqa: PLC0415 - Django is set up first
    from pytest_django.live_server_helper import LiveServer  # noqa: PLC0415 - Django is set up first

    from config.demo import walk  # noqa: PLC0415 - Django is set up first

    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock():
        story = walk.build()
        assert story is not None, "the database was not empty"
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            yield Site(server.url, chromium, settings.MEDIA_ROOT, story)
        finally:
            server.stop()
            server._live_server_modified_settings.disable()
            settings.MEDIA_ROOT = before
            with triggers.lifted(connection):
                call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture
def _django_db_helper(demo_site, django_db_blocker) -> Iterator[None]:
    """The tests of the module share one world: nothing is emptied between them (in place of pytest-django's)."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(autouse=True)
def _files_of_the_site(demo_site, settings, _media_of_this_test) -> None:
    """The files were made with the world, before the test's own folder."""
    settings.MEDIA_ROOT = demo_site.media


def log_in(page: Any, login: str, password: str) -> None:
    """Through the log-in page, as people do."""
    page.goto("/accounts/login/")
    page.fill("main [name=login]", login)
    page.fill("main [name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
