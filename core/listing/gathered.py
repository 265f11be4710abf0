"""A list whose rows are made in Python, of several models: the same page, search, order and export, without a queryset.

For a bounded number of rows that are at hand anyhow; whatever is one model's is a `ListView`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core import text as words
from core.listing.keyset import Order, Page, encode, read_cursor
from core.listing.spec import value_at
from core.listing.view import ListView


class GatheredListView(ListView):
    """A room overrides `rows_for`; the paths of `spec.search` and of the columns' `sort` are attributes of its rows."""

    def rows_for(self, membership: Any) -> list:
        """Every row that the membership sees."""
        raise NotImplementedError

    def base_rows(self, request: HttpRequest) -> list:
        return self.rows_for(request.membership)

    def order(self, sort: str) -> Order:
        return Order(self.spec.column(sort.lstrip("-")).sort, sort.startswith("-"), nullable=True)

    def searched(self, rows: list, typed: str) -> list:
        def said(row: Any) -> str:
            return "\n".join(str(value_at(row, path) or "") for path in self.spec.search).casefold()

        asked = [word.casefold() for word in words.words(typed)]
        return [row for row in rows if all(word in said(row) for word in asked)]

    def ordered(self, rows: list, order: Order) -> list:
        """The rows in this order, empty values last whichever the direction; equals stay as `rows_for` has them."""
        full = [row for row in rows if value_at(row, order.path) not in (None, "")]
        full.sort(key=lambda row: value_at(row, order.path), reverse=order.descending)
        return full + [row for row in rows if value_at(row, order.path) in (None, "")]

    def cut(self, request: HttpRequest, rows: list, order: Order) -> Page:
        """One page by position: the rows have no key of their own."""
        size, cursor = self.spec.page_size, read_cursor(request.GET)
        start = 0
        if cursor is not None:
            start = cursor.pk - size if cursor.backwards else cursor.pk
            start = start if 0 <= start < len(rows) else 0
        page = Page(self.ordered(rows, order)[start : start + size], start)
        page.before = encode(start, start) if start else ""
        page.after = encode(start + size, start + size) if start + size < len(rows) else ""
        return page

    def one_by_one(self, rows: list) -> list:
        return rows

    def count(self, rows: list) -> int:
        return len(rows)
