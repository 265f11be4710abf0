"""The pieces a case page is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.findings import Finding

# How far a step of the route is; decides its mark in the progress bar.
DONE, CURRENT, AHEAD, NEGATIVE, SKIPPED = "done", "current", "ahead", "negative", "skipped"


@dataclass(frozen=True)
class Fact:
    """One line of the header: a label, what it says, and where it leads."""

    label: str
    value: Any
    url: str = ""

    @property
    def text(self) -> str:
        """What to print; a day as 2026-11-20."""
        return self.value.isoformat() if isinstance(self.value, dt.date) else str(self.value)

    @property
    def css(self) -> str:
        """Two columns wide where the words are many; a label that long may break."""
        if len(str(self.label)) > 12:
            return "long worded"
        return "long" if len(self.text) > 18 else ""


@dataclass(frozen=True)
class Clause:
    """Where something stands in a regulation: what to print (“办法第八条（二）”) and the reading page."""

    text: str
    url: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class CurrentStep:
    """Who has the case now. `person` and `phone` may be empty where nobody is named yet."""

    title: str
    unit: str
    person: str = ""
    phone: str = ""
    due: dt.date | None = None
    since: dt.datetime | None = None
    clause: Clause | str = ""
    mine: bool = False
    estimated: bool = False  # the due day: counted through a year without a table of working days

    @property
    def days_left(self) -> int | None:
        """Days to the due date, negative when it has passed; None without one."""
        return None if self.due is None else (self.due - clock.today()).days

    @property
    def days_open(self) -> int | None:
        """Whole days that the step has lain with its holder (停留天数)."""
        return None if self.since is None else (clock.today() - clock.local(self.since).date()).days


@dataclass(frozen=True)
class ProgressStep:
    """One mark of the progress bar. `status` is one of done, current, ahead, negative, skipped."""

    label: str
    status: str = AHEAD
    on: dt.date | None = None
    unit: str = ""
    clause: Clause | str = ""
    note: str = ""


@dataclass(frozen=True)
class SectionState:
    """How complete one section of a form is, for the list beside it."""

    title: str
    filled: int
    needed: int
    problems: int = 0
    url: str = ""
    filled_by: str = ""
    marked: bool = False  # sent back to be changed

    @property
    def complete(self) -> bool:
        return self.filled >= self.needed and not self.problems


@dataclass(frozen=True)
class FormPart:
    """One form of the dossier. `read` gives what `core.forms.reading` makes of it; it is asked only where the drawn
    reading view is not kept under `kept`, which says all that the view depends on.
    """

    key: str
    title: str
    read: Callable[[], Any] = tuple
    kept: str = ""
    edit_url: str = ""
    print_url: str = ""
    sections: tuple[SectionState, ...] = ()
    round: int = 1
    saved_at: dt.datetime | None = None
    saved_by: str = ""
    template: str = "core/forms/reading.html"


@dataclass(frozen=True)
class DocumentRow:
    """One supporting file (佐证材料)."""

    name: str
    url: str
    purpose: str = ""
    size: int = 0
    content_type: str = ""
    uploaded_by: str = ""
    unit: str = ""
    uploaded_at: dt.datetime | None = None


@dataclass(frozen=True)
class PaperRow:
    """One paper of the 盖章件 tab, one row per version.

    `state` is a `core.models.PaperState`; `state_label` what to print for it.
    """

    title: str
    version: str
    state: str
    state_label: str
    seal: str = ""
    copies: str = ""
    pdf_url: str = ""
    preview_url: str = ""
    docx_url: str = ""
    scan_name: str = ""
    scan_url: str = ""
    upload_url: str = ""
    compare_url: str = ""
    keeper: str = ""
    on: dt.date | None = None
    code: str = ""
    round: int = 1
    clause: Clause | str = ""
    note: str = ""

    @property
    def void(self) -> bool:
        return self.state == "void"


@dataclass(frozen=True)
class SealingCard:
    """Which seal a paper wants, on how many copies, and whom to send them to. `seal` is as the regulation words it, `stamp`
    which of a unit's seals that is, `own` the one that counts in the unit which stamps; `missing` says why there is no
    address and who enters one."""

    paper: str = ""
    version: str = ""
    pdf_url: str = ""
    seal: str = ""
    stamp: str = ""
    own: str = ""
    copies: str = ""
    labels: str = ""
    keeper: str = ""
    to_unit: str = ""
    to_person: str = ""
    to_address: str = ""
    to_phone: str = ""
    missing: str = ""


@dataclass(frozen=True)
class ParcelRow:
    """Originals on their way: by which courier, under which number, since when, from whom."""

    courier: str
    number: str
    on: dt.date
    unit: str
    by: str


@dataclass(frozen=True)
class LogEntry:
    """One line of 办理记录. `decided_by` decided on paper what `who` registered; `on` is the paper's date."""

    who: str
    unit: str
    what: str
    at: dt.datetime
    role: str = ""
    step: str = ""
    opinion: str = ""
    on: dt.date | None = None
    real_at: dt.datetime | None = None
    decided_by: str = ""
    to_state: str = ""
    to_state_label: str = ""
    round: int = 1
    negative: bool = False
    documents: tuple[DocumentRow, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def backdated(self) -> bool:
        """Whether what happened is older than its entry here (补录)."""
        return bool(self.on and self.on != clock.local(self.at).date())


@dataclass(frozen=True)
class ActionChoice:
    """One button of 可办操作: open, or grey with the reason."""

    code: str
    label: str
    allowed: bool
    url: str = ""
    why_not: str = ""
    primary: bool = False
    step_title: str = ""
    step_id: int | None = None
    icon: str = ""
    confirm: str = ""
    help: str = ""
    direct: bool = False
    """No form to fill in: the button posts at once (with `confirm` asked first, where given)."""
    beside: bool = False
    """Never the blue one, even where it is the only one that is open."""
    careful: bool = False
    """Sends back, rejects, revokes or voids: drawn apart from the others."""


@dataclass(frozen=True)
class PageFinding:
    """A finding with the place to mend it. `who` says whom to ask, `label` what the link says, `filled_by` who fills
    the section in where the reader does not; `todo` for what nobody has begun to fill in: nothing is wrong yet."""

    finding: Finding
    url: str = ""
    label: str = _("去填写")
    clause: Clause | str = ""
    who: str = ""
    override_url: str = ""
    filled_by: str = ""
    todo: bool = False

    @property
    def group(self) -> str:
        """todo (待填写), blocking (未通过), exception (可例外), passed (已例外) or hint (提示)."""
        if self.finding.overridden:
            return "passed"
        if self.todo and self.finding.blocks:
            return "todo"
        return {"hard": "blocking", "default": "exception"}.get(self.finding.strength, "hint")

    @property
    def clause_text(self) -> str:
        return str(self.clause or self.finding.clause)


@dataclass(frozen=True)
class Outcome:
    """What a case came to, in a word; `passed` None where it is neither."""

    label: str
    passed: bool | None = None


@dataclass(frozen=True)
class Opinion:
    """An opinion given on the case (审批意见); `read` gives what its unit filled in with it, for whoever may read that."""

    step: str
    unit: str
    person: str
    verdict: str
    text: str = ""
    on: dt.date | None = None
    negative: bool = False
    recorded_by: str = ""
    round: int = 1
    read: Callable[[], Any] | None = None


@dataclass(frozen=True)
class PrintRow:
    """Something to print or file from the 打印与归档 tab."""

    title: str
    url: str = ""
    preview_url: str = ""
    docx_url: str = ""
    sheet_url: str = ""
    note: str = ""
    status: str = ""


@dataclass(frozen=True)
class Related:
    """Another case that this one belongs to, or that came of it."""

    label: str
    title: str
    url: str
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class Hint:
    """A line over the tabs that must not be missed: a return with its date, a voided paper.

    `tone` is a colour word of the guide: red, orange, yellow, blue, green, grey.
    """

    text: str
    tone: str = "blue"
    url: str = ""
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class ExtraPart:
    """A part that only one kind of case has (a list's members, a call's quotas): drawn by its own template.

    `place` is "tab" (its own tab, first), "content" (over the forms) or "aside" (right column). The template
    sees `part` and `page`.
    """

    key: str
    title: str
    template: str
    context: Any = None
    place: str = "content"


@dataclass(frozen=True)
class RoundLink:
    """One round of the case, for reading what stood in earlier ones."""

    number: int
    url: str
    shown: bool = False
    label: str = ""


def group_log(entries: Iterable[LogEntry]) -> list[tuple[int, list[LogEntry]]]:
    """Log entries by round, the latest round first, each in the order given."""
    rounds: dict[int, list[LogEntry]] = {}
    for entry in entries:
        rounds.setdefault(entry.round, []).append(entry)
    return sorted(rounds.items(), reverse=True)
