"""Records: dated entries of the types that a profile declares, on a case or on what it belongs to."""

from casework.records.cadence import begin, gaps
from casework.records.clocks import missed
from casework.records.entries import (
    about,
    findings,
    hidden_documents,
    keep,
    missing,
    open_matters,
    reads,
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
    "hidden_documents",
    "is_actor",
    "keep",
    "kept_by",
    "missed",
    "missing",
    "open_matters",
    "person_of",
    "reads",
    "register",
    "settle",
    "settle_findings",
    "settlers",
    "settles",
    "shown",
    "subject_of",
    "subjects_of",
]
