"""§4.7 A student's stay as a regulation wants it: what is applied with, what is handed in at its end, who else may host it."""

from __future__ import annotations

from regulations.schema.base import Cited, Key, Prefill, Text


class OtherHost(Cited):
    """That a stay may be spent elsewhere than at a recognised base: `kinds` says at what (its own unit, a unit that the
    student found)."""

    kinds: dict[Key, Text]


class Placement(Cited):
    """A stay that is applied for (`routes.placement`).

    `forms` are filled in before it is applied for; `completion` from the entry on and handed in at the end. `period` is
    the field of one of the forms that says from when until when: a period, or a table with a column of that type.
    `prefill` says by form what it starts with. `other_hosts`: where a base is not asked for.
    """

    forms: list[Key]
    completion: Key | None = None
    period: Key | None = None
    prefill: dict[Key, list[Prefill]] = {}
    other_hosts: OtherHost | None = None
