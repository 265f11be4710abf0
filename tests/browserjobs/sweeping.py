"""Following every link of an account through the demo, one example of each page, and what each page has to keep."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit
from zlib import crc32

from django.urls import Resolver404, resolve

from core.door import case_model
from tests.browser import DESK
from tests.browserjobs.site import Site
from tests.ground.browser import NARROW, Watch, accessible, too_wide

# Answers that are no pages: asked for once for each account, and held to 200.
FILES = {
    "document",
    "case_paper_pdf",
    "case_draft",
    "case_print",
    "bases:partner_qr",
    "trainees:student_template",
    "mfa_download_recovery_codes",
    "livez",
}
# Parameters that only turn, sort or narrow a list: no page of their own.
TURNS = {"after", "before", "sort", "cursor", "cols", "page", "size", "q", "scan", "from"}

LINKS = """() => [...document.querySelectorAll("a[href], form[method=get][action]")].map(
    e => e.tagName === "A" ? e.href : e.action).filter(a => a.startsWith(location.origin))"""
HREF = re.compile(r'<(?:a\b[^>]*?\bhref|form\b(?=[^>]*\bmethod="get")[^>]*?\baction)="([^"#][^"]*)"')
OPEN_ALL = """() => {
    document.querySelectorAll("details:not(.pop)").forEach(e => { e.open = true; });
    document.querySelectorAll("[role=tabpanel]").forEach(e => { e.hidden = false; });
}"""
WHOLE = """() => window.__violations || []"""
LISTEN = """window.__violations = [];
document.addEventListener("securitypolicyviolation", e => {
    window.__violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile || ""}:${e.lineNumber || ""}`);
});"""


@dataclass(frozen=True)
class Kind:
    """Of which pages one example is enough: the address' name and what makes its page another one."""

    name: str
    facets: tuple[str, ...] = ()


def kind_of(path: str, query: str = "") -> Kind | None:
    """What kind of page an address leads to; None for what is no address of the portal (a static file)."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    facets = [str(match.kwargs[key]) for key in ("code", "form") if key in match.kwargs]
    kind, pk = match.kwargs.get("kind"), match.kwargs.get("pk")
    if match.view_name in FILES:
        return Kind(match.view_name)
    if match.view_name == "case" and (model := case_model(kind)) is not None:
        return Kind("case", (kind, *_of_case(model, pk)))
    if match.view_name == "regulations:version":
        return Kind("regulations:version", (match.kwargs["code"],))
    facets += [kind] if kind else []
    return Kind(match.view_name, (*facets, *sorted(set(parse_qs(query)) - TURNS)))


def _of_case(model: type, pk: int) -> list[str]:
    """The case's state and regulation, and whether it still lacks its agreement, by which its page differs."""
    case = model._base_manager.filter(pk=pk).first()
    if case is None:
        return []
    version = getattr(case, "regulation_version", None)
    lacks = hasattr(case, "agreement") and case.agreement is None
    return [str(case.state), version.regulation.code if version else "", *(["no agreement"] if lacks else [])]


def _turn(label: str, kind: Kind) -> int:
    """Which third of the accounts a kind of page belongs to: 0 for this one."""
    return crc32(f"{label} {kind}".encode()) % 3


@dataclass
class Account:
    """What following one account's links found."""

    label: str
    visited: dict[Kind, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def names(self) -> set[str]:
        return {kind.name for kind in self.visited}


@dataclass
class Sweep:
    """The sweep of all accounts. Axe runs once for each kind of page; all else on every page."""

    site: Site
    seen_by_axe: set[tuple[Kind | str, int]] = field(default_factory=set)
    seen: set[Kind] = field(default_factory=set)
    accounts: dict[str, Account] = field(default_factory=dict)

    def of(self, label: str, membership: Any = None, starts: tuple[str, ...] = ("/",), whole: bool = True) -> Account:
        """The pages of an account, each looked at; asked a second time it answers from memory.

        Not `whole`: its first page, every kind of page that no account has met, and of the others to which its first
        page leads a third; the rest is asked for without drawing it, for its answer and its links.
        """
        if label not in self.accounts:
            self.accounts[label] = account = Account(label)
            watch = Watch(self.site.url)
            page = self.site.context(membership, watch)
            page.context.add_init_script(LISTEN)
            began = time.monotonic()
            try:
                self._follow(page, account, starts, whole)
            finally:
                page.context.close()
            account.faults += watch.faults
            account.seconds = time.monotonic() - began
        return self.accounts[label]

    def _follow(self, page: Any, account: Account, starts: tuple[str, ...], whole: bool) -> None:
        wanted = deque((urljoin(self.site.url, start), "the start", 0) for start in starts)
        asked: set[str] = set()
        while wanted:
            address, source, steps = wanted.popleft()
            address, _fragment = urldefrag(address)
            parts = urlsplit(address)
            kind = kind_of(parts.path, parts.query)
            if kind is None or kind in account.visited or address in asked:
                continue
            if not whole and steps > 1 and kind in self.seen:
                continue
            asked.add(address)
            if kind.name in FILES or "export" in kind.facets:
                account.visited[kind] = address
                self._file(page, account, address, source)
                continue
            if not whole and steps and kind in self.seen and _turn(account.label, kind):
                account.visited[kind] = address
                wanted.extend((link, address, steps + 1) for link in self._linked(page, account, address, source))
                continue
            answer = page.goto(address)
            landed = urlsplit(page.url)
            there = kind_of(landed.path, landed.query)
            account.visited.setdefault(kind, address)
            if there != kind and (there is None or there in account.visited):
                continue  # sent on to a page that was looked at
            account.visited[there] = page.url
            self.seen |= {kind, there}
            if answer is None or answer.status != 200:
                account.faults.append(f"status {answer and answer.status}: {address} from {source}")
                continue
            self.look(page, account, there)
            wanted.extend((link, page.url, steps + 1) for link in page.evaluate(LINKS))

    def _linked(self, page: Any, account: Account, address: str, source: str) -> list[str]:
        """What a page leads to that is opened for its links only."""
        answer = page.request.get(address)
        if answer.status != 200:
            account.faults.append(f"status {answer.status}: {address} from {source}")
        addresses = (urljoin(answer.url, unescape(link)) for link in HREF.findall(answer.text()))
        return [link for link in addresses if link.startswith(self.site.url)]

    def _file(self, page: Any, account: Account, address: str, source: str) -> None:
        answer = page.request.get(address)
        if answer.status != 200 or not answer.body():
            account.faults.append(f"file {answer.status}: {address} from {source}")

    def fetch(self, page: Any, account: Account, address: str) -> None:
        """A file that no link of the account's pages leads to."""
        account.visited[kind_of(urlsplit(address).path)] = address
        self._file(page, account, address, "the test")

    def see(self, page: Any, account: Account) -> None:
        """The page that somebody came to by filling a form in: it counts as visited and is looked at."""
        parts = urlsplit(page.url)
        kind = kind_of(parts.path, parts.query)
        assert kind is not None, page.url
        account.visited[kind] = page.url
        self.look(page, account, kind)

    def look(self, page: Any, account: Account, kind: Kind) -> None:
        """Hold the page that is open to what every page has to keep: first as it is at a desk, then opened out on a phone."""
        for size in (DESK, NARROW):
            page.set_viewport_size(size)
            where = f"{page.url} at {size['width']}"
            if wide := too_wide(page):
                account.faults.append(f"{where}: {wide}")
            if size is NARROW:
                page.evaluate(OPEN_ALL)
                if not wide and (wide := too_wide(page)):
                    account.faults.append(f"{where}, opened out: {wide}")
            # Axe, the dearest: an address at both sizes, its further kinds (states, regulations) on the phone, opened out.
            once = kind if size is NARROW else kind.name
            if (once, size["width"]) not in self.seen_by_axe:
                self.seen_by_axe.add((once, size["width"]))
                account.faults += [f"{where}: {fault}" for fault in accessible(page)]
        account.faults += [f"csp: {page.url}: {one}" for one in page.evaluate(WHOLE)]
        page.set_viewport_size(DESK)
