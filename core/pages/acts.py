"""The pages around one act: its input, its refusal, a stale page, a scan to compare, a partner on a phone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.pages.parts import (
    Clause,
    DocumentRow,
    ExtraPart,
    Fact,
    FormPart,
    PageFinding,
    PaperRow,
    ParcelRow,
    SealingCard,
)


@dataclass
class ActionPage:
    """The page on which one move's input is given.

    `form` is what `core.forms.widgets` gives for the move's spec (None: only the question in `confirm`);
    `hidden` goes into the POST as it stands; `voids` names stamped papers that the act makes void, which the
    page says first.
    """

    case_title: str
    case_number: str
    case_url: str
    state: str
    state_label: str
    label: str
    post_url: str
    seen: int
    help: str = ""
    confirm: str = ""
    step_title: str = ""
    form: Any = None
    hidden: dict[str, Any] = field(default_factory=dict)
    findings: list[PageFinding] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    voids: list[PaperRow] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    sealing: SealingCard | None = None
    careful: bool = False
    multipart: bool = False
    clause: Clause | str = ""
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    template: str = "core/forms/form.html"
    submit_label: str = ""
    preview_url: str = ""  # where the input is shown as it would come out, in a window of its own
    extras: list[ExtraPart] = field(default_factory=list)
    # What is read while the form is filled in: the dossier beside an expert's sheet.
    beside_forms: list[FormPart] = field(default_factory=list)
    beside_documents: list[DocumentRow] = field(default_factory=list)

    @property
    def blocking(self) -> list[PageFinding]:
        return [finding for finding in self.findings if finding.finding.blocks]

    @property
    def hint_findings(self) -> list[PageFinding]:
        return [finding for finding in self.findings if not finding.finding.blocks]


@dataclass
class RefusalPage:
    """暂不能…：事实。依据。怎么办。找谁。 `label` is what was wanted (“提交”), `who` whom to ask."""

    label: str
    findings: list[PageFinding]
    case_title: str = ""
    case_url: str = ""
    who: str = ""
    remind_url: str = ""
    crumbs: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class StalePage:
    """Somebody was quicker. `typed` keeps what the reader had typed, as (label, text): nothing is lost."""

    message: str
    case_title: str
    case_url: str
    label: str = ""
    by: str = ""
    at: dt.datetime | None = None
    what: str = ""
    typed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class PaperPage:
    """Generated PDF on the left, stamped scan on the right. `scans` are (name, url, is_image)."""

    paper: PaperRow
    case_title: str
    case_number: str
    case_url: str
    pdf_url: str
    step_title: str = ""
    scans: list[tuple[str, str, bool]] = field(default_factory=list)
    match_url: str = ""
    mismatch_url: str = ""
    upload_url: str = ""
    seen: int = 0
    hidden: dict[str, Any] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)
    """What the person who compares has to look at: pages complete, code on every page, right seal, date."""
    against: list[str] = field(default_factory=list)
    """What the pages of the scan say against its being this paper: read by the machine, before anybody is asked."""
    further: list[str] = field(default_factory=list)
    """What of the scan the machine could not tell, or what is merely unusual."""
    history: list[PaperRow] = field(default_factory=list)
    matched_by: str = ""
    matched_at: dt.datetime | None = None
    uploaded_by: str = ""
    uploaded_at: dt.datetime | None = None
    note: str = ""
    parcels: list[ParcelRow] = field(default_factory=list)


@dataclass(frozen=True)
class ScanQueue:
    """Where a comparison stands among those that wait: the `number`th of `count`, from `unit`; `then_url` where the
    decision leads, `before_url` and `after_url` past it without deciding; `narrowed`: only what the list's filter left."""

    number: int
    count: int
    list_url: str
    before_url: str
    after_url: str
    then_url: str
    what: str = ""
    unit: str = ""
    narrowed: bool = False


@dataclass
class ConfirmPage:
    """Three steps for a partner on a phone: 看内容 → 下载盖章或确认 → 上传.

    `stage` is the step the partner is at: 1, 2, 3, or 4 when everything is done.
    """

    title: str
    number: str
    from_unit: str
    to_unit: str
    stage: int
    what: str
    """What this is and what is asked, in one or two sentences."""
    facts: list[Fact] = field(default_factory=list)
    reading: Any = None
    reading_template: str = "core/forms/reading.html"
    pdf_url: str = ""
    difference_url: str = ""
    seen_url: str = ""
    confirm_url: str = ""
    decline_url: str = ""
    handover_url: str = ""
    """转给同事办."""
    paper_only_url: str = ""
    """我单位只盖纸质."""
    confirmed_text: str = ""
    """How it was confirmed, where somebody else entered it from paper."""
    upload_url: str = ""
    upload_text: str = ""
    """What stands in place of the upload where the partner uploads nothing."""
    card: SealingCard | None = None
    due: dt.date | None = None
    due_estimated: bool = False
    contact: str = ""
    labels: list[str] = field(default_factory=list)
    """What the steps are called, where it is not to read, to confirm or stamp, and to upload."""
    form: Any = None
    """The form of the last step (core.forms.views.FormView)."""
    forms: list[FormPart] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    waiver_url: str = ""
    """Where to ask that the stamped paper may come later."""
    stamped_url: str = ""
    """Where “stamped, go on to the upload” leads."""
    parcels: list[ParcelRow] = field(default_factory=list)
    parcel_url: str = ""
    counts_as_signature: bool = False
    counts_clause: str = ""
    version: int = 0
    code: str = ""
    confirmed_by: str = ""
    confirmed_at: dt.datetime | None = None
    scans: list[DocumentRow] = field(default_factory=list)
    finished_text: str = ""
    hidden: dict[str, Any] = field(default_factory=dict)
    case_url: str = ""

    @property
    def step_labels(self) -> list[str]:
        """What the steps are called on this page."""
        confirms = self.confirm_url or self.confirmed_by
        return self.labels or [_("看内容"), _("确认内容") if confirms else _("下载盖章"), _("上传")]
