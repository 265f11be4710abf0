"""Marking: scoring sheets as value objects, without a database. The rows stand in `casework.models.panels.Mark`."""

from casework.marking.sheets import HandedIn, Indicator, Sheet, fingerprint, points_of, sheet_of

__all__ = ["HandedIn", "Indicator", "Sheet", "fingerprint", "points_of", "sheet_of"]
