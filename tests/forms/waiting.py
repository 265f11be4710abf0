"""Waiting for a page. Playwright's own `wait_for_function` needs eval, which the portal's pages forbid."""

from __future__ import annotations

from typing import Any

SAY = "document.querySelector('[data-autosave-say]').textContent"


def until(page: Any, expression: str, seconds: float = 10) -> Any:
    """Poll a script expression in the page until it is true; its value. Raises AssertionError when time is up."""
    for _turn in range(int(seconds / 0.05)):
        if value := page.evaluate(expression):
            return value
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} did not come true on {page.url}")


def says(page: Any, words: str) -> None:
    """Wait for the line that says how saving goes."""
    for _turn in range(200):
        if words in page.evaluate(SAY):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{words!r} was not said but {page.evaluate(SAY)!r}")
