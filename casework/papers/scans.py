"""What the machine sees of a stamped scan before a person compares it: pages, and the version that each belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from casework.papers.printing import plain_layout
from core.findings import Finding
from core.language import listed
from core.models import Document, Paper
from core.papers.pagecodes import ScanPages, pages_of, paper_pages


@dataclass(frozen=True)
class ScanRemarks:
    """`against`: what speaks against the scan being the paper; `further`: what to look at; `facts`: both as values."""

    against: list[str] = field(default_factory=list)
    further: list[str] = field(default_factory=list)
    facts: dict = field(default_factory=dict)

    def finding(self, clause: str, about: str, remedy: str) -> Finding:
        """The refusal of what the remarks speak against: `about` the form's field, `remedy` what can be done."""
        message = _("扫描件与定稿不符：%(why)s。") % {"why": "；".join(self.against)}
        return Finding(clause, "hard", message, self.facts, fix=remedy, field=about)


def remarks(case, paper: Paper, documents: Iterable[Document]) -> ScanRemarks:
    """Compare a scan (one file, or the photos of its pages in order) with the paper by its pages and their codes.

    Each file is read once and remembered; the page on which it is compared has read it before the act asks again.
    """
    try:
        parts = [pages_of(document) for document in documents]
    except ValueError:
        return ScanRemarks(further=[_("无法读取扫描件的页面，请逐页人工核对")], facts={"unreadable": True})
    codes = tuple(codes for part in parts for codes in part.codes)
    scan = ScanPages(sum(part.count for part in parts), codes, any(part.coarse for part in parts))
    return _compared(scan, paper, _pages_wanted(case, paper))


def _compared(scan: ScanPages, paper: Paper, wanted: int | None) -> ScanRemarks:
    strange, unread = scan.strange(paper.code), scan.unread()
    against, further = [], []
    if strange:
        where = {"pages": _numbers(strange), "other": listed(dict.fromkeys(strange.values())), "own": paper.code}
        against.append(_("第%(pages)s页的校验码是%(other)s，本版本为%(own)s") % where)
    if wanted is not None and scan.count < wanted:
        against.append(_("扫描件共%(n)s页，定稿共%(m)s页") % {"n": scan.count, "m": wanted})
    elif wanted is not None and scan.count > wanted:
        further.append(_("扫描件共%(n)s页，定稿共%(m)s页") % {"n": scan.count, "m": wanted})
    if unread:
        further.append(_("第%(pages)s页未读到校验码，请人工核对页脚") % {"pages": _numbers(unread)})
    if scan.coarse:
        further.append(_("扫描分辨率低于150dpi，可能读不到校验码，建议按150dpi以上重新扫描"))
    facts = {"pages": scan.count, "paper_pages": wanted, "code": paper.code}
    facts |= {"other_codes": {str(number): code for number, code in strange.items()}, "unread_pages": unread}
    return ScanRemarks(against, further, facts)


def _numbers(pages) -> str:
    return listed(str(number) for number in pages)


def _pages_wanted(case, paper: Paper) -> int | None:
    """Pages of one copy: the file holds a labelled copy for each holder where the form asks for several."""
    total = paper_pages(paper)
    layout = plain_layout(case, paper.kind) if total else None
    copies = len(layout.copies) if layout is not None and layout.copies else 1
    return total // copies if total else None
