"""Spans of days, both ends included; an end of None is open. Plain arithmetic, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

Span = tuple[dt.date, dt.date | None]
DAY = dt.timedelta(days=1)


def uncovered(wanted: Iterable[Span], cover: Iterable[Span]) -> list[tuple[dt.date, dt.date]]:
    """The parts of the wanted spans (with ends) that no covering span holds, in order. Covers may touch or overlap."""
    covers = sorted(cover, key=lambda span: span[0])
    gaps = []
    for first, last in sorted(wanted):
        day = first
        for start, end in covers:
            if start > last or day > last:
                break
            if end is not None and end < day:
                continue
            if start > day:
                gaps.append((day, start - DAY))
            day = last + DAY if end is None else max(day, end + DAY)
        if day <= last:
            gaps.append((day, last))
    return gaps


def overlapping(spans: Iterable[Span]) -> bool:
    """Whether two of the spans (with ends) share a day."""
    ordered = sorted(spans)
    return any(later[0] <= earlier[1] for earlier, later in zip(ordered, ordered[1:], strict=False))


def words(spans: Iterable[Span]) -> list[str]:
    """The spans as people write them."""
    return [_("%(a)s至%(b)s") % {"a": start, "b": end} if end != start else str(start) for start, end in spans]
