"""One role at a browser: logs in through the log-in page, finds its work on its home page, fills in forms and submits.

    def test_job(seat):
        clerk = seat(region.secretary.membership)
        clerk.home()
        clerk.open_todo("试验站基地")
        clerk.press("办理")
        clerk.fill({"outcome": "positive", "opinion": "同意。"})
        assert "已办理" in clerk.submit()

A seat acts like a person: it presses what is on the page and reads what the page says, and knows no address but "/".
Every `Seat` has a browser session of its own; `new_page` (tests/conftest.py) holds all of them to no console error, no
CSP report, no exception and no foreign request.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from tests.browser import picture
from tests.forms.waiting import until
from tests.ground.browser import NARROW
from tests.tenants.factories import PASSWORD

OWN = ":not([data-row] *)"  # a field of the form itself, not of a row of one of its tables


LABELLED = """(all, [label, beside]) => all.flatMap((one, at) => {
    const shown = one.cloneNode(true);
    shown.querySelectorAll(".visually-hidden").forEach(part => part.remove());
    const said = text => (text || "").replace(/\\s+/g, " ").trim();
    if (said(shown.textContent) !== label && one.getAttribute("aria-label") !== label) return [];
    const place = one.closest("li, tr, .acts-list > div, section.box");
    return !beside || (place && said(place.textContent).includes(beside)) ? [at] : [];
})"""
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}


@dataclass(frozen=True)
class Upload:
    """A file that somebody chooses on their machine."""

    name: str
    content: bytes
    kind: str = "application/pdf"

    @property
    def payload(self) -> dict:
        return {"name": self.name, "mimeType": self.kind, "buffer": self.content}


class Seat:
    """A membership's own browser session. `phone`: 390 px wide, with touch."""

    def __init__(self, page: Any, membership: Any, watch: Any, phone: bool = False) -> None:
        self.page, self.membership, self.watch, self.phone = page, membership, watch, phone
        page.context.set_default_navigation_timeout(60_000)  # a loaded machine is no fault of the portal

    # --- Going about -------------------------------------------------------------------------------------------

    def log_in(self, password: str = PASSWORD) -> None:
        """Through the log-in page, to the home page of this membership."""
        self.page.goto("/")
        self.page.get_by_label("登录名或邮箱").fill(self.membership.user.username)
        self.page.get_by_label("密码", exact=True).fill(password)
        self._go(self.page.get_by_role("button", name="登录", exact=True))
        assert self.membership.user.name in self.page.locator(".topbar").text_content(), self.text

    def home(self) -> None:
        """To the home page, by the portal's name at the top."""
        self._go(self.page.locator(".topbar .brand"))

    def menu(self, label: str) -> None:
        """Through the main menu; on a phone it is opened first."""
        if not self.page.locator("#menu").is_visible() or self.phone:
            self.page.get_by_label("打开菜单").click()
        self._go(self.page.locator("#menu").get_by_role("link", name=label, exact=True))

    def goto(self, address: str) -> None:
        """To an address that somebody was given: a link out of a mail or a message, a QR code."""
        answer = self.page.goto(address)
        assert answer.ok, f"{answer.status} {address}: {self.text}"

    # --- The home page -----------------------------------------------------------------------------------------

    @property
    def counts(self) -> dict[str, int]:
        """The numbers at the head of the home page: 待办、逾期、7日内到期、退回待改."""
        return {
            one.locator("span").inner_text(): int(one.locator("b").inner_text())
            for one in self.page.locator(".counter").all()
        }

    @property
    def todos(self) -> list[str]:
        """The to-dos of the home page, each as one line of text."""
        found = self.page.locator("section[aria-labelledby=todo-title] tbody tr, .task-card")
        return [" ".join(text.split()) for text in found.all_inner_texts()]

    def open_todo(self, *words: str) -> None:
        """Open the one to-do of the home page that holds all these words, by its button."""
        found = self.page.locator("section[aria-labelledby=todo-title] tbody tr, .task-card")
        for word in words:
            found = found.filter(has_text=word)
        assert found.count() == 1, f"{words} fits {found.count()} of {self.todos}"
        self._go(found.locator(".acts a, a.btn").first)

    # --- A page ------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """Everything the reader can see of the page's own part."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def state(self) -> str:
        """The state word beside the title of a case."""
        return self.page.locator(".case-title .tag").first.inner_text().strip()

    @property
    def moves(self) -> list[str]:
        """The labels of what may be done on this case now, the blue one first."""
        return [one.strip() for one in self.page.locator(".acts-list .btn").all_inner_texts()]

    @property
    def primary(self) -> list[str]:
        """The labels of the blue buttons that are visible on the page."""
        found = self.page.locator("main .btn-primary:visible").all_inner_texts()
        return [one.strip() for one in found]

    @property
    def said(self) -> str:
        """What the page reports of the act just done; what it offers next is no part of it."""
        return " ".join(" ".join(self.page.locator("#messages .note p:first-child").all_inner_texts()).split())

    @property
    def refusal(self) -> str:
        """The reasons of a refusal on this page, in the box and at the fields; "" where nothing was refused."""
        found = self.page.locator("main [role=alert], main .dform-error").all_inner_texts()
        return " ".join(" ".join(found).split())

    def tab(self, title: str) -> str:
        """Open a tab of the case page; the text in it."""
        self.page.get_by_role("tab", name=re.compile(f"^{title}")).click()
        return " ".join(self.page.locator(".tab-part:visible").inner_text().split())

    # --- Acting ------------------------------------------------------------------------------------------------

    def press(self, label: str, *, beside: str = "", sure: bool = False) -> None:
        """Press a button or link by its whole label, and wait for the page it leads to.

        `beside`: the text that tells it from others of the same label. `sure`: the page asks first; answer yes.
        """
        self._go(self._control(label, beside), sure=sure)

    def refused(self, label: str = "", *, beside: str = "", sure: bool = False) -> str:
        """Press (or submit, without a label) what the portal will refuse; the reasons it gives."""
        before = len(self.watch.heard)
        found = self._control(label, beside) if label else self._sender()
        self._go(found, sure=sure, heard=False)
        # Chromium itself reports the refusal's status; nothing else may have been heard.
        self.watch.heard[before:] = [one for one in self.watch.heard[before:] if "status of 422" not in one]
        assert self.refusal, f"was not refused: {self.said} {self.text}"
        return self.refusal

    def submit(self, label: str = "", *, sure: bool = False) -> str:
        """Submit the form of the page, by its main button or the one with this label; what the portal says then."""
        self._go(self._sender(label), sure=sure)
        return self.said

    def fill(self, answers: dict[str, Any]) -> None:
        """Fill in fields by their keys.

        Text, numbers and dates as text; a choice by its code; several by a list of codes; yes or no as a bool; a
        period {from, to}; a checklist {code: {checked, remark}}; a table as a list of rows; files as an `Upload` or a
        list of them.
        """
        for key, value in answers.items():
            holder = self.page.locator(f'main [data-field="{key}"]{OWN}')
            assert holder.count() == 1, f"{holder.count()} fields “{key}” on {self.page.url}"
            self._put(holder, value)

    def fetch(self, label: str, *, beside: str = "") -> bytes:
        """What a link gives to download, with this session's cookies."""
        address = self._control(label, beside).get_attribute("href")
        answer = self.page.request.get(address)
        assert answer.ok, f"{answer.status} {address}"
        return answer.body()

    def picture(self, name: str) -> None:
        """Screenshots at both sizes, where LIANPEI_PICTURES names a folder; the page keeps its own size."""
        size = self.page.viewport_size
        self.page.evaluate("scrollTo(0, 0)")
        picture(self.page, name, full=True)
        self.page.set_viewport_size(size)

    # --- How it is done ----------------------------------------------------------------------------------------

    def _control(self, label: str, beside: str = "") -> Any:
        """The one visible button or link with this label; what only screen readers hear is no part of it."""
        everything = self.page.locator("main").locator("a:visible, button:visible, summary:visible")
        found = everything.evaluate_all(LABELLED, [label, beside])
        assert len(found) == 1, f"{len(found)} “{label}” {beside} on {self.page.url}: {self.text}"
        return everything.nth(found[0])

    def _sender(self, label: str = "") -> Any:
        if label:
            return self._control(label)
        found = self.page.locator("main form button[type=submit].btn-primary, main .act-buttons .btn-careful")
        found = found.filter(visible=True)
        assert found.count() == 1, f"{found.count()} main buttons on {self.page.url}: {self.text}"
        return found

    def _go(self, control: Any, *, sure: bool = False, heard: bool = True) -> None:
        with self.page.expect_navigation(wait_until="load"):
            control.click()
            if sure:
                self.page.locator("#ask [data-answer=yes]").click()
        if heard and self.page.locator("main [role=alert]").count():
            raise AssertionError(f"refused on {self.page.url}: {self.refusal}")

    def _put(self, holder: Any, value: Any) -> None:
        kind, name = holder.get_attribute("data-type"), holder.get_attribute("data-name")
        put = getattr(self, f"_put_{kind}", self._put_text)
        put(holder, name, value)

    def _put_text(self, holder: Any, name: str, value: Any) -> None:
        holder.locator(f'[name="{name}"]').fill(str(value))

    def _put_catalogue(self, holder: Any, name: str, value: str) -> None:
        field = holder.locator(f'[name="{name}"]')
        field.fill(value)
        field.press("Tab")

    def _put_choice(self, holder: Any, name: str, value: Any) -> None:
        if isinstance(value, bool):
            value = "true" if value else "false"
        if holder.locator("input[type=radio]").count():
            holder.locator(f'input[type=radio][value="{value}"]').check()
        else:
            holder.locator(f'select[name="{name}"]').select_option(str(value))

    _put_boolean = _put_organisation = _put_choice

    def _put_multichoice(self, holder: Any, name: str, value: list[str]) -> None:
        for box in holder.locator(f'input[type=checkbox][name="{name}"]').all():
            box.set_checked(box.get_attribute("value") in value)

    def _put_checklist(self, holder: Any, name: str, value: dict) -> None:
        for code, tick in value.items():
            item = holder.locator(f'[data-item="{code}"]')
            item.locator("input[type=checkbox]").set_checked(tick["checked"])
            if tick.get("remark"):
                item.locator("input[type=text]").fill(tick["remark"])

    def _put_period(self, holder: Any, name: str, value: dict) -> None:
        for end, day in value.items():
            holder.locator(f'[name="{name}-{end}"]').fill(day)

    def _put_table(self, holder: Any, name: str, value: list[dict]) -> None:
        rows = holder.locator("tbody > [data-row]")
        while rows.count() < len(value):
            holder.locator("[data-add-row]").click()
        while rows.count() > len(value):
            rows.last.locator("[data-remove-row]").click()
        for row, cells in zip(rows.all(), value, strict=True):
            for column, cell in cells.items():
                self._put(row.locator(f'[data-field="{column}"]'), cell)

    def _put_file(self, holder: Any, name: str, value: Upload | list[Upload]) -> None:
        files = value if isinstance(value, list) else [value]
        place, there = holder.locator("[data-files]"), holder.locator("[data-file-list] > li")
        before = there.count()
        holder.locator("input[type=file]").first.set_input_files([one.payload for one in files])
        if place.get_attribute("data-upload-url"):
            there.nth(before + len(files) - 1).wait_for()
            until(self.page, "!document.querySelector('[data-files][aria-busy]')")


# --- Real papers --------------------------------------------------------------------------------------------------


def paper(name: str, *pages: str) -> Upload:
    """A PDF with a page for each text, as somebody's printer or scanner makes one."""
    sheets = "".join(
        f"<p style='white-space: pre-line; break-after: page'>{text}</p>" for text in pages or (Path(name).stem,)
    )
    return Upload(name, HTML(string=f"<body lang='zh' style='font: 16pt serif'>{sheets}").write_pdf())


def stamped(name: str, printed: bytes) -> Upload:
    """The printed paper as it comes back: the same pages, each with a mark where the seal was set."""
    writer = PdfWriter(clone_from=io.BytesIO(printed))
    mark = PdfReader(io.BytesIO(paper("章.pdf", "（公章）").content)).pages[0]
    for page in writer.pages:
        page.merge_page(mark)
    out = io.BytesIO()
    writer.write(out)
    return Upload(name, out.getvalue())
