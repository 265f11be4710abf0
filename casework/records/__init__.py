"""Records: dated entries of the types that a profile declares, on a case or on what it belongs to."""

from casework.records.cadence import begin, gaps
from casework.records.entries import (
    about,
    findings,
    keep,
    missing,
    open_matters,
    settle,
    settle_findings,
    settlers,
    settles,
    shown,
)
from casework.records.subjects import belongs, is_actor, kept_by, register, subject_of, subjects_of

__all__ = [
    "about",
    "belongs",
    "begin",
    "findings",
    "gaps",
    "is_actor",
    "keep",
    "kept_by",
    "missing",
    "open_matters",
    "register",
    "settle",
    "settle_findings",
    "settlers",
    "settles",
    "shown",
    "subject_of",
    "subjects_of",
]
