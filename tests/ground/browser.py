"""What every page in a browser test has to keep: no error in the console, no CSP report, no axe violation, no width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 390, "height": 844}


class Watch:
    """Collects what goes wrong in pages. `expected` holds parts of messages that a test provokes on purpose."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.heard: list[str] = []
        self.expected: list[str] = ["favicon.ico"]  # asked for beside what is no page (a PDF, a text)

    @property
    def faults(self) -> list[str]:
        return [fault for fault in self.heard if not any(part in fault for part in self.expected)]

    def follow(self, page: Any) -> None:
        """Listen to a page from before its first request."""
        page.on("console", lambda message: self._console(message, page))
        page.on("pageerror", lambda error: self.heard.append(f"exception: {error} ({page.url})"))
        page.on("response", self._response)
        page.on("request", self._request)

    def _console(self, message: Any, page: Any) -> None:
        if message.type == "error":
            about = (message.location or {}).get("url", "")
            self.heard.append(f"console: {message.text} ({page.url}) {about}".rstrip())

    def _response(self, response: Any) -> None:
        if response.url.startswith(self.base) and response.status >= 500:
            self.heard.append(f"status {response.status}: {response.url}")

    def _request(self, request: Any) -> None:
        if request.url.endswith("/csp-report"):
            self.heard.append(f"csp: {request.post_data}")
        elif request.url.startswith(("http:", "https:")) and not request.url.startswith(self.base):
            self.heard.append(f"foreign address: {request.url}")


def accessible(page: Any, *, without: tuple[str, ...] = ()) -> list[str]:
    """Run axe on the page (WCAG 2.1 A and AA); returns one line per violation, empty if there is none.

    `without` names rules to leave out. The script is run through the browser's debugging door: the page's
    own policy, which refuses inline scripts, stays in force.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (without) => {
            const rules = Object.fromEntries(without.map(id => [id, {enabled: false}]));
            const result = await axe.run(document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], rules, resultTypes: ["violations"]});
            return result.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html.slice(0, 160)).join(" ⏎ ")}`);
        }""",
        list(without),
    )
    return found


def too_wide(page: Any) -> str:
    """At this viewport: an account of a horizontal scroll bar, or nothing."""
    return page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth, needs = document.documentElement.scrollWidth;
            if (needs <= room) return "";
            const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > room + 1);
            return `${needs}px in ${room}px: ` + wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" ⏎ ");
        }"""
    )
