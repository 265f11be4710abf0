"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from bases.queries.coverage import Coverage, coverage
from bases.queries.lists import agreements, beside, recognitions, with_confirmation
from bases.queries.pages import (
    agreement_choices,
    agreement_extras,
    agreement_facts,
    agreement_findings,
    agreement_hints,
    agreement_related,
    recognition_choices,
    recognition_extras,
    recognition_facts,
    recognition_related,
)

__all__ = [
    "Coverage",
    "agreement_choices",
    "agreement_extras",
    "agreement_facts",
    "agreement_findings",
    "agreement_hints",
    "agreement_related",
    "agreements",
    "beside",
    "coverage",
    "recognition_choices",
    "recognition_extras",
    "recognition_facts",
    "recognition_related",
    "recognitions",
    "with_confirmation",
]
