"""What the cells and filters of this room's lists share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from applications.models import Application, Call
from bases.views.lists import name
from core import clock, state_styles
from core.language import bracketed, listed
from core.listing import Column
from core.templatetags.ui import badge


def calls_of(request: HttpRequest) -> QuerySet[Call]:
    """The calls that a reader may filter by."""
    return Call.objects.visible_to(request.membership).only("number", "title", "year").order_by("-year", "-pk")


def category(row: Any) -> str:
    """专业学位类别（代码）."""
    return bracketed(row.category_name, row.category_code) if row.category_code else ""


def priority_words(row: Application) -> str:
    return listed(priority["text"] for priority in row.priority or ())


def days_here(row: Application) -> int | None:
    """停留天数: whole days in the current step; empty for what is over."""
    if row.stage_since is None or row.state in ("approved", "rejected", "withdrawn"):
        return None
    return (clock.today() - clock.local(row.stage_since).date()).days


def title_cell(row: Application) -> SafeString:
    """The base's name with the tags that rank it."""
    link = f'<a class="row-link" href="{escape(row.get_absolute_url())}">{escape(row.title) or "—"}</a>'
    tags = [badge(state_styles.GREEN, priority["text"], "star", priority["clause"]) for priority in row.priority or ()]
    return mark_safe(" ".join([link, *tags]))  # noqa: S308


def unit_column(key: str, title: Any, **more: Any) -> Column:
    """The name of an organisation with a part in the case, sortable."""
    reads = (f"{key}__name", f"{key}__is_demo")
    return Column(key, title, lambda row: name(getattr(row, key)), sort=f"{key}__name", reads=reads, **more)
