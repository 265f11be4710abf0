"""What the pages of this room show, each in a bounded number of queries, within what a membership sees."""

from bases.queries.coverage import Coverage, coverage
from bases.queries.layout import UnitLine, layout, movements
from bases.queries.lists import agreements, beside, recognitions, with_confirmation

__all__ = [
    "Coverage",
    "UnitLine",
    "agreements",
    "beside",
    "coverage",
    "layout",
    "movements",
    "recognitions",
    "with_confirmation",
]
