"""Numbers for cases and papers, without gaps inside a committed run."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from core.models import Serial


def take(name: str, count: int = 1) -> int:
    """The next value of the counter `name`, from 1; the first of `count` that follow one another and are all the
    caller's. Locks the counter until the transaction ends."""
    with transaction.atomic():
        counter = Serial.objects.filter(name=name)
        if not counter.update(value=F("value") + count):
            Serial.objects.get_or_create(name=name)
            counter.update(value=F("value") + count)
        return counter.get().value - count + 1


def number(prefix: str, year: int, width: int = 4) -> str:
    """A case number such as SB-2027-0012."""
    return numbers(prefix, year, 1, width)[0]


def numbers(prefix: str, year: int, count: int, width: int = 4) -> list[str]:
    """As many case numbers, taken in one go."""
    first = take(f"{prefix}-{year}", count)
    return [f"{prefix}-{year}-{value:0{width}d}" for value in range(first, first + count)]
