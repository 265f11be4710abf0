"""Every component and every shape of page, with invented content, in a real browser."""

from __future__ import annotations

import pytest

from portal.gallery import PAGES
from tests.browser import assert_clean, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_is_clean(browser_page):
    page = browser_page("university", "graduate_office")
    for name in ("", *PAGES):
        page.goto(f"/gallery/?page={name}" if name else "/gallery/")
        assert_clean(page)
        picture(page, f"gallery-{name or 'all'}", full=True)
