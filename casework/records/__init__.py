"""Records: dated entries of the types that a profile declares, on a case or on what it belongs to."""

from casework.records.cadence import begin, gaps
from casework.records.clocks import missed
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
from casework.records.subjects import (
    around,
    belongs,
    is_actor,
    kept_by,
    person_of,
    register,
    subject_of,
    subjects_of,
)

__all__ = [
    "about",
    "around",
    "begin",
    "belongs",
    "findings",
    "gaps",
    "is_actor",
    "keep",
    "kept_by",
    "missed",
    "missing",
    "open_matters",
    "person_of",
    "register",
    "settle",
    "settle_findings",
    "settlers",
    "settles",
    "shown",
    "subject_of",
    "subjects_of",
]
