"""Filters that most lists have: by a choice, and by a row of another table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from core import text


class Select(forms.Select):
    """A select without groups, written in Python: Django's own draws two templates for every option."""

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        parts = [f"<select{flatatt(self.build_attrs(self.attrs, {'name': name, **(attrs or {})}))}>"]
        for code, label in self.choices:
            code = "" if code is None else str(code)
            selected = " selected" if code in chosen else ""
            parts.append(f'<option value="{escape(code)}"{selected}>{conditional_escape(label)}</option>')
        return mark_safe("".join([*parts, "</select>"]))  # noqa: S308


def matching(rows: QuerySet, paths: Iterable[str], typed: str) -> QuerySet:
    """The rows in which every word of what was typed stands in one of the fields."""
    for word in text.words(typed):
        where = Q()
        for path in paths:
            where |= Q(**{f"{path}__icontains": word})
        rows = rows.filter(where)
    return rows


def choice(label: Any, choices: Any, **more: Any) -> django_filters.ChoiceFilter:
    """A filter by one of the choices; empty means all."""
    more.setdefault("empty_label", gettext_lazy("全部"))
    return django_filters.ChoiceFilter(label=label, choices=choices, widget=Select, **more)


class RowFilter(django_filters.ChoiceFilter):
    """A filter by a row of another table: `rows(request)` are those that the reader may choose, shown by their `str`.
    The value is the row's primary key as text. One query a page, whether or not something is chosen."""

    def __init__(self, label: Any, rows: Callable[[HttpRequest], QuerySet], **more: Any):
        more.setdefault("empty_label", gettext_lazy("全部"))
        super().__init__(label=label, widget=Select, **more)
        self.rows = rows

    @property
    def field(self) -> forms.Field:
        if "choices" not in self.extra:
            self.extra["choices"] = [(str(row.pk), str(row)) for row in self.rows(self.parent.request)]
        return super().field
