"""The one clock. Nothing else in the house reads the system's time (design, "Time").

Time zone is Asia/Shanghai (RR-5). Tests and the demo move the clock with `travel`; the real time stays
available for the logs, which keep both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

tz = ZoneInfo("Asia/Shanghai")

# Process-wide on purpose: a test's live server answers in another thread and has to see the same clock.
_offset = dt.timedelta()


def real_now() -> dt.datetime:
    """The system's time, aware, in Asia/Shanghai."""
    return dt.datetime.now(tz)


def now() -> dt.datetime:
    """The portal's time, aware, in Asia/Shanghai: the system's, moved by `travel`."""
    return real_now() + _offset


def today() -> dt.date:
    """The portal's calendar day in Asia/Shanghai."""
    return now().date()


def aware(when: dt.datetime | dt.date | str) -> dt.datetime:
    """Read a moment: an aware or naive datetime (naive = Shanghai), a date (its midnight), or ISO text.

    Raises ValueError for text that is no date or time.
    """
    if isinstance(when, str):
        when = dt.datetime.fromisoformat(when)
    if isinstance(when, dt.datetime):
        return when.replace(tzinfo=tz) if when.tzinfo is None else when.astimezone(tz)
    return dt.datetime.combine(when, dt.time(), tz)


def day_of(value: object) -> dt.date | None:
    """The day of what is stored: a date, a moment, ISO text, `YYYY-MM` (its first day); None for nothing and for what is
    no day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = value if isinstance(value, str) else ""
    try:
        return dt.date.fromisoformat(f"{text}-01" if len(text) == 7 else text[:10])
    except ValueError:
        return None


def local(when: dt.datetime) -> dt.datetime:
    """The same moment on Shanghai's clock."""
    return when.astimezone(tz)


def set_now(when: dt.datetime | dt.date | str | None) -> None:
    """Move the portal's clock to `when`, from where it runs on; None returns it to the system's."""
    global _offset
    _offset = dt.timedelta() if when is None else aware(when) - real_now()


@contextmanager
def travel(when: dt.datetime | dt.date | str) -> Iterator[None]:
    """Run a block at another time; the clock before is restored afterwards, also after an error."""
    global _offset
    before = _offset
    set_now(when)
    try:
        yield
    finally:
        _offset = before
