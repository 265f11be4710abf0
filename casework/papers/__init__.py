"""Official papers: the rows and the stamped scans (`issued`), and the prints made when asked for (`printing`), and the
class of a kind of case that says what it has on paper (`classes`)."""

from casework.papers.classes import RECORDED, CasePapers, RoutedPapers, base_key, kinds, of
from casework.papers.issued import (
    compare,
    content_of,
    current,
    ensure_file,
    issue,
    issue_now,
    issue_step_sheet,
    keep,
    one_document,
    paper_key,
    print_now,
    stamps_to_void,
    take_scan,
    title_of,
    void,
)

__all__ = [
    "CasePapers",
    "RECORDED",
    "RoutedPapers",
    "base_key",
    "compare",
    "content_of",
    "current",
    "ensure_file",
    "issue",
    "issue_now",
    "issue_step_sheet",
    "keep",
    "kinds",
    "of",
    "one_document",
    "paper_key",
    "print_now",
    "stamps_to_void",
    "take_scan",
    "title_of",
    "void",
]
