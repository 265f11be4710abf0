"""What the case pages show: plain values that a room fills in and `templates/casework/` draws.

Nothing here asks the database. A view fills a `CasePage` (one case), an `ActionPage` (the input form of one
move), a `RefusalPage`, a `StalePage`, a `PaperPage` (generated PDF beside the scan) or a `ConfirmPage`
(a partner on a phone) and renders it under the context name `page`:

    render(request, "casework/case.html", {"page": page})
    render(request, "casework/action.html", {"page": action})  # 422 after a refused POST
    render(request, "casework/refused.html", {"page": refusal}, status=400)
    render(request, "casework/stale.html", {"page": stale}, status=409)
    render(request, "casework/paper.html", {"page": paper})
    render(request, "casework/confirm.html", {"page": confirm})

Texts are Chinese display texts; codes are stable and decide colour and icon (`core/templatetags/ui.py`).
"""

from core.pages.acts import ActionPage, ConfirmPage, PaperPage, RefusalPage, ScanQueue, StalePage
from core.pages.case import CasePage
from core.pages.parts import (
    AHEAD,
    CURRENT,
    DONE,
    NEGATIVE,
    SKIPPED,
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
    SectionState,
    group_log,
)

__all__ = [
    "AHEAD",
    "ActionChoice",
    "ActionPage",
    "CURRENT",
    "CasePage",
    "Clause",
    "ConfirmPage",
    "CurrentStep",
    "DONE",
    "DocumentRow",
    "ExtraPart",
    "Fact",
    "FormPart",
    "Hint",
    "LogEntry",
    "NEGATIVE",
    "Opinion",
    "Outcome",
    "PageFinding",
    "PaperPage",
    "PaperRow",
    "ParcelRow",
    "PrintRow",
    "ProgressStep",
    "RefusalPage",
    "Related",
    "RoundLink",
    "SKIPPED",
    "ScanQueue",
    "SealingCard",
    "SectionState",
    "StalePage",
    "group_log",
]
