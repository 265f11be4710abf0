"""Spreadsheets (.xlsx): lists and official tables out, filled-in lists in. Nothing is imported here."""

from .columns import Problem, SheetColumn, SheetRow
from .read import by_category, read_table
from .write import Table, catalogue, inert, write_book, write_table

__all__ = [
    "Problem",
    "SheetColumn",
    "SheetRow",
    "Table",
    "by_category",
    "catalogue",
    "inert",
    "read_table",
    "write_book",
    "write_table",
]
