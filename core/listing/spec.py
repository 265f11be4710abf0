"""What a list shows, declared once: columns, search, order, filters, bulk actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import clock, state_styles
from core.models import Case
from core.templatetags.ui import badge, estimated_mark, state_badge

# Signs after which a spreadsheet would read a cell as a formula are neutralised by core.spreadsheets, not here.


def value_at(row: Any, path: str) -> Any:
    """The value at a dotted or double-underscored path; None where something on the way is None. Calls methods."""
    for part in path.replace("__", ".").split("."):
        row = getattr(row, part, None)
        if row is None:
            return None
        if callable(row):
            row = row()
    return row


def shown(value: Any) -> str:
    """A plain value as pages print it."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


@dataclass(frozen=True)
class Column:
    """One column of a list.

    `value` is a path ("college.name") or a callable of the row: what is exported, and shown unless `cell` (a
    callable of the row that returns safe HTML) says otherwise. `sort` names the ORM field to order by; its order is
    made unique by the primary key. `css` takes the words num, right, center, wide, code. `lead` marks the column
    that names the row: it is the row's heading, links to it, and stands on top of its card on a phone. `shown`
    False keeps it out until the reader chooses it; `fixed` keeps it in. `kind` is what a spreadsheet makes of it
    (text, code, integer, decimal, money, date, month, datetime, boolean). `reads` are the ORM fields that a
    callable takes of a row; a path says it by itself (used where the list says `ListSpec.reads`).
    """

    key: str
    title: Any
    value: str | Callable[[Any], Any] = ""
    cell: Callable[[Any], SafeString] | None = None
    sort: str = ""
    css: str = ""
    lead: bool = False
    shown: bool = True
    fixed: bool = False
    exported: bool = True
    kind: str = "text"
    url: Callable[[Any], str] | None = None
    reads: tuple[str, ...] = ()

    def needs(self) -> tuple[str, ...]:
        """The ORM fields that the column takes of a row."""
        own = () if callable(self.value) else ((self.value or self.key).replace(".", "__"),)
        return (*own, *self.reads)

    def get(self, row: Any) -> Any:
        """The plain value, for export."""
        return self.value(row) if callable(self.value) else value_at(row, self.value or self.key)

    def html(self, row: Any) -> str:
        """The cell's inner HTML, escaped."""
        if self.cell is not None:
            return conditional_escape(self.cell(row))
        text = escape(shown(self.get(row)))
        if not self.lead:
            return text
        url = self.url(row) if self.url else (row.get_absolute_url() if isinstance(row, Case) else "")
        return f'<a class="row-link" href="{escape(url)}">{text or "—"}</a>' if url else text


@cache
def _words(model: type, key: str, language: str) -> dict[str, str]:
    """A field's choices, code → word in the language at hand; Django's own look-up copies them for every row."""
    return {code: str(word) for code, word in model._meta.get_field(key).flatchoices}


def state_column(
    key: str = "state", title: Any = None, *, label: Callable[[Any], str] | None = None, **more: Any
) -> Column:
    """A state with colour, icon and word; `key` is a choices field of the row, `label(row)` says more than its word."""

    def word(row: Any) -> str:
        code = getattr(row, key)
        return _words(type(row), key, get_language()).get(code, str(code))

    label = label or word

    def cell(row: Any) -> SafeString:
        return state_badge(getattr(row, key), label(row))

    return Column(key, title or gettext_lazy("状态"), value=label, cell=cell, **more)


def due_column(
    key: str, title: Any, *, done: Callable[[Any], bool] | None = None, estimated: str = "", **more: Any
) -> Column:
    """A date with the four-colour warning; `done(row)` leaves the warning out. `estimated` is the path of what says that
    the day is counted through a year without a table of working days."""

    def cell(row: Any) -> SafeString:
        due = value_at(row, more.get("value") or key) if not callable(more.get("value")) else more["value"](row)
        if due is None:
            return mark_safe("")
        warning = None if done and done(row) else state_styles.of_due(due)
        mark = badge(warning[0], warning[2], warning[1]) if warning and warning[0] != state_styles.GREY else ""
        guess = estimated_mark(bool(estimated and value_at(row, estimated)))
        return mark_safe(f'<span><span class="num">{due.isoformat()}</span> {guess} {mark}</span>')  # noqa: S308

    return Column(key, title, **{"value": key, "kind": "date", **more, "cell": cell})


def days_column(key: str, title: Any, since: str, **more: Any) -> Column:
    """Whole days since a moment or date (停留天数)."""

    def days(row: Any) -> int | None:
        start = value_at(row, since)
        if start is None:
            return None
        day = clock.local(start).date() if isinstance(start, dt.datetime) else start
        return (clock.today() - day).days

    return Column(key, title, value=days, css="num right", kind="integer", **more)


@dataclass(frozen=True)
class BulkAction:
    """Something done to the rows picked: the view's method `bulk_<code>(request, rows)` does it."""

    code: str
    label: Any
    icon: str = ""
    confirm: Any = ""
    careful: bool = False


@dataclass(frozen=True)
class Button:
    """A button at the right of the page's title."""

    label: Any
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class ListSpec:
    """A list as declared. `key` names it in cookies and file names; `default_sort` is a column's key, "-" before it
    for descending order, or "pk"/"-pk". `search` are ORM fields searched by words, `filterset` a django-filter class.
    `reads` are the ORM fields that every page takes of a row; the columns shown add their own, and nothing else is
    read or joined. Left empty, whole rows are read, with `select_related`.
    """

    key: str
    title: Any
    columns: tuple[Column, ...]
    search: tuple[str, ...] = ()
    search_hint: Any = ""
    default_sort: str = "-pk"
    filterset: Any = None
    select_related: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    page_size: int = 50
    bulk: tuple[BulkAction, ...] = ()
    numbered: bool = True
    exportable: bool = True
    empty: Any = gettext_lazy("没有符合条件的记录。")
    count_up_to: int = 10_000
    export_up_to: int = 50_000
    extra: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"list {self.key}: a column key stands twice")
        if self.default_sort.lstrip("-") not in {"pk", *(c.key for c in self.columns if c.sort)}:
            raise ValueError(f"list {self.key}: default_sort {self.default_sort!r} is no sortable column")

    def read_for(self, columns: Iterable[Column], order: str) -> tuple[set[str], set[str]]:
        """The ORM fields that a page of these columns takes of a row, and the relations that lead to them. `order` is
        the field that the rows are sorted by: the keys of the neighbouring pages hold its value."""
        fields = {*self.reads, *(path for column in columns for path in column.needs()), order} - {"pk"}
        return fields, {path.rpartition("__")[0] for path in fields} - {""}

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)
