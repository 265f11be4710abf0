"""Browser sessions for the pages of what is due."""

from tests.browser import browser_page  # noqa: F401
