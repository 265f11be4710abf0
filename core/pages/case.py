"""The page of one case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from core.pages.parts import (
    ActionChoice,
    Clause,
    CurrentStep,
    DocumentRow,
    ExtraPart,
    Fact,
    FormPart,
    Hint,
    LogEntry,
    Opinion,
    Outcome,
    PageFinding,
    PaperRow,
    ParcelRow,
    PrintRow,
    ProgressStep,
    Related,
    RoundLink,
    SealingCard,
)


@dataclass
class CasePage:
    """Everything the case page shows. Lists may stay empty: a tab without content says so or is left out."""

    kind: str
    kind_label: str
    id: int
    title: str
    number: str
    version: int
    state: str
    state_label: str
    url: str
    demo: bool = False
    outcome: Outcome | None = None
    facts: list[Fact] = field(default_factory=list)
    current: list[CurrentStep] = field(default_factory=list)
    due: dt.date | None = None
    due_estimated: bool = False
    clause: Clause | str = ""
    progress: list[ProgressStep] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    forms: list[FormPart] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    documents_zip_url: str = ""
    papers: list[PaperRow] = field(default_factory=list)
    sealing: list[SealingCard] = field(default_factory=list)
    """What the reader's unit has to stamp now, and where it goes."""
    parcels: list[ParcelRow] = field(default_factory=list)
    parcel_url: str = ""
    log: list[LogEntry] = field(default_factory=list)
    prints: list[PrintRow] = field(default_factory=list)
    choices: list[ActionChoice] = field(default_factory=list)
    findings: list[PageFinding] = field(default_factory=list)
    findings_checked: bool = True
    """Whether the conditions were evaluated for this reader: if not, the box does not say “通过”."""
    findings_for: str = ""
    """The act the findings hold back, e.g. “提交”."""
    held_back: str = ""
    """The code of that act's move."""
    opinions: list[Opinion] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    rounds: list[RoundLink] = field(default_factory=list)
    extras: list[ExtraPart] = field(default_factory=list)
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    """Breadcrumbs between 工作台 and this case: (label, url)."""
    contact: str = ""
    """Whom to ask about this case: name, office, phone."""
    refresh: int = 0
    """Seconds after which the page is asked for again, while a worker has the case; 0 for never."""
    read_only: str = ""
    """Why nothing can be done here (an earlier round, an auditor), or ""."""

    @property
    def primary(self) -> ActionChoice | None:
        """The one blue button: what mends the findings while they hold the next act back, else the first open move
        declared primary, else the only one that there is. An act that is held back is never blue, nor is what merely
        stands beside it."""
        opened = [choice for choice in self.choices if choice.allowed]
        alone = len(opened) == 1
        if missing := self.todo + self.blocking + self.exceptions:
            opened = [choice for choice in opened if choice.code != self.held_back]
            places = {finding.url.partition("#")[0] for finding in missing} - {""}
            if mending := [choice for choice in opened if choice.url in places]:
                return mending[0]
        marked = [choice for choice in opened if choice.primary]
        if marked:
            return marked[0]
        return opened[0] if alone and opened and not (opened[0].careful or opened[0].beside) else None

    @property
    def others(self) -> list[ActionChoice]:
        """Open moves other than the primary one, harmless ones first."""
        primary = self.primary
        rest = [choice for choice in self.choices if choice.allowed and choice is not primary]
        return sorted(rest, key=lambda choice: choice.careful)

    @property
    def closed(self) -> list[ActionChoice]:
        """Moves that are not open, each with its reason."""
        return [choice for choice in self.choices if not choice.allowed]

    def in_group(self, group: str) -> list[PageFinding]:
        return [finding for finding in self.findings if finding.group == group]

    @property
    def ordered_findings(self) -> list[PageFinding]:
        """What holds the act back first, then what may be excepted, then the rest."""
        first = {"blocking": 0, "exception": 1, "todo": 2}
        return sorted(self.findings, key=lambda finding: first.get(finding.group, 3))

    @property
    def todo(self) -> list[PageFinding]:
        return self.in_group("todo")

    @property
    def blocking(self) -> list[PageFinding]:
        return self.in_group("blocking")

    @property
    def exceptions(self) -> list[PageFinding]:
        return self.in_group("exception")

    @property
    def passed(self) -> list[PageFinding]:
        return self.in_group("passed")

    @property
    def hint_findings(self) -> list[PageFinding]:
        return self.in_group("hint")

    @property
    def live_papers(self) -> list[PaperRow]:
        return [paper for paper in self.papers if not paper.void]

    @property
    def void_papers(self) -> list[PaperRow]:
        return [paper for paper in self.papers if paper.void]

    @property
    def tab_extras(self) -> list[ExtraPart]:
        return [part for part in self.extras if part.place == "tab"]

    @property
    def content_extras(self) -> list[ExtraPart]:
        return [part for part in self.extras if part.place == "content"]

    @property
    def aside_extras(self) -> list[ExtraPart]:
        return [part for part in self.extras if part.place == "aside"]
