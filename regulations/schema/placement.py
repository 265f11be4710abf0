"""§4.7 A student's stay as a regulation wants it: what is applied with, what is handed in at its end."""

from __future__ import annotations

from regulations.schema.base import Cited, Key, Prefill


class Placement(Cited):
    """A stay that is applied for (`routes.placement`).

    `forms` are filled in before it is applied for; `completion` from the entry on and handed in at the end. `period` is
    the field of one of the forms that says from when until when: a period, or a table with a column of that type.
    `private`: those of them that only the student's own side reads, not the unit where the stay is spent.
    `prefill` says by form what it starts with.
    """

    forms: list[Key]
    completion: Key | None = None
    period: Key | None = None
    private: list[Key] = []
    prefill: dict[Key, list[Prefill]] = {}
