"""Everything of this package that registers itself; imported when the app is ready."""

from __future__ import annotations

from evaluations.queries import due
from evaluations.rectification import effectkind, moves, pages, papers, recheck, rights, routes, stepkinds

__all__ = ["effectkind", "moves", "pages", "papers", "routes", "stepkinds"]

rights.declare()
due.ENDS["rectification"] = recheck.last_days
