"""Spreadsheets (.xlsx): lists and official tables out, filled-in lists in. Nothing is imported here."""

from .columns import Problem, SheetColumn, SheetRow
from .read import by_category, read_table
from .write import inert, write_table

__all__ = ["Problem", "SheetColumn", "SheetRow", "by_category", "inert", "read_table", "write_table"]
