"""Browser tests of pages: sign in as a role, open a page, and hold it to what every page has to keep.

    def test_list(browser_page, live_server):
        page = browser_page("university", "graduate_office")
        page.goto("/applications/")
        assert_clean(page)

Fixtures are imported by a test package's conftest: `from tests.browser import browser_page  # noqa: F401`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.ground.browser import NARROW, accessible, too_wide

DESK = {"width": 1366, "height": 768}
KINDS = {"department", "university", "college", "partner"}


def chinese_fonts(folder: Path) -> None:
    """Let Chromium draw Chinese where the machine has no Chinese font: point fontconfig at the wheel's."""
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - loads long, and few tests drive a browser

    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    os.environ["FONTCONFIG_FILE"] = str(config)


def sign_in(page: Any, user: Any, membership: Any = None) -> None:
    """Give a page's browser session the session of `user`, acting in `membership`."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 - Django is set up first
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 - Django is set up first

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if membership is not None:
        store["membership"] = membership.pk
    store.save()
    origin = page.context.base_address
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": store.session_key, "url": origin, "httpOnly": True}]
    )


@pytest.fixture
def browser_page(new_page, live_server) -> Callable:
    """`browser_page()` an anonymous page; `browser_page(membership)` one signed in as it; or
    `browser_page("university", "graduate_office")` as a new member of a new organisation of that kind."""

    def open_page(who: Any = None, role: str = "", **options: Any) -> Any:
        page = new_page(**options)
        page.context.base_address = live_server.url
        if isinstance(who, str):
            from tests.tenants import factories  # noqa: PLC0415 - Django is set up first

            who = factories.member(getattr(factories, who)(), role)
        if who is not None:
            sign_in(page, who.user, who)
        page.membership = who
        return page

    return open_page


def assert_clean(page: Any, *, without: tuple[str, ...] = ()) -> None:
    """At both sizes: no axe violation, no horizontal scroll bar. Console, CSP and exceptions are held to at the end
    of the test by the `new_page` fixture. `without` names axe rules that this page is allowed to break, with a
    reason beside the call."""
    for size in (DESK, NARROW):
        page.set_viewport_size(size)
        faults = accessible(page, without=without)
        assert faults == [], f"{page.url} at {size['width']}: " + "\n".join(faults)
        wide = too_wide(page)
        assert wide == "", f"{page.url}: {wide}"


def picture(page: Any, name: str, *, sizes: tuple[str, ...] = ("desk", "phone"), full: bool = False) -> None:
    """Write screenshots of a page to the folder named by LIANPEI_PICTURES; nothing happens without it."""
    folder = os.environ.get("LIANPEI_PICTURES")
    if not folder:
        return
    for label in sizes:
        page.set_viewport_size({"desk": DESK, "phone": NARROW}[label])
        page.screenshot(path=f"{folder}/{name}-{label}.png", full_page=full)
