"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from bases.queries.coverage import Coverage, coverage
from bases.queries.lists import agreements, beside, recognitions, with_confirmation

__all__ = [
    "Coverage",
    "agreements",
    "beside",
    "coverage",
    "recognitions",
    "with_confirmation",
]
