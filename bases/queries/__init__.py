"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from bases.queries.coverage import Coverage, coverage
from bases.queries.intake import takes_students
from bases.queries.lists import agreements, beside, recognitions, with_confirmation

__all__ = [
    "Coverage",
    "agreements",
    "beside",
    "coverage",
    "recognitions",
    "takes_students",
    "with_confirmation",
]
