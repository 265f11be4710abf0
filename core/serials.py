"""Numbers for cases and papers, without gaps inside a committed run."""

from __future__ import annotations

from django.db import transaction

from core.models import Serial


def take(name: str) -> int:
    """The next value of the counter `name`, from 1. Locks the counter until the transaction ends."""
    with transaction.atomic():
        Serial.objects.get_or_create(name=name)
        serial = Serial.objects.select_for_update().get(name=name)
        serial.value += 1
        serial.save(update_fields=["value"])
        return serial.value


def number(prefix: str, year: int, width: int = 4) -> str:
    """A case number such as SB-2027-0012."""
    return f"{prefix}-{year}-{take(f'{prefix}-{year}'):0{width}d}"
