"""What makes something a to-do: one class per reason, registered; home, the list of to-dos and the counts read them all.

A reason that the database can judge gives `lines`, and all of these together cost one query for rows and one for
counts. A reason that a regulation's text has to judge gives `todos`, a bounded number of rows in a fixed number of
queries.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from portal.todos.rows import Line, Todo

LIMIT = 200  # rows of one reason that only Python can judge


class Source:
    """One reason why something waits for somebody. `code` names it among the others."""

    code = ""
    acts: frozenset[str] = frozenset()
    """Codes of the moves by which its to-dos are done."""
    alike: tuple[str, ...] = ("case_kind",)
    """The columns of `Line` in which to-dos of the same sort agree."""

    def lines(self, membership) -> Iterable[QuerySet]:
        """Rows with the columns of `Line` (`portal.todos.rows.lines`), under this source's code."""
        return ()

    def todo(self, line: Line) -> Todo:
        """One of its lines, in words."""
        raise NotImplementedError

    def todos(self, membership) -> list[Todo]:
        """What the database cannot judge: at most LIMIT rows."""
        return []


SOURCES: dict[str, Source] = {}


def register(cls: type[Source]) -> type[Source]:
    """Class decorator: enter a reason under its code. Raises TypeError for a code that is taken."""
    if cls.code in SOURCES:
        raise TypeError(f"two sources of to-dos {cls.code!r}")
    SOURCES[cls.code] = cls()
    return cls
