"""The agreement of an approved base, whichever the regulation: drafted, checked and confirmed, signed."""

from __future__ import annotations

from typing import Any

from bases.drafting import follow
from bases.models import Agreement
from config.stories import answers as written
from config.stories.hands import Hand, fresh


def agreed(secretary: Hand, recognition: Any, answers: dict) -> Agreement:
    """The agreement drafted for the approved base and handed in."""
    agreement = follow(secretary.membership, fresh(recognition), "new")
    secretary.fill(agreement, "agreement", answers)
    secretary.do(agreement, "submit")
    return fresh(agreement)


def confirmed(office: Hand, contact: Hand, agreement: Any) -> None:
    """Checked by the office, confirmed by the partner; the originals go to the seals."""
    office.step(agreement, "office_check", {"opinion": "要件齐备。"})
    contact.step(agreement, "partner_confirmation", {"opinion": "确认。"})
    office.do(agreement, "begin_sealing")


def signed(office: Hand, agreement: Any, on: str) -> None:
    """The signed text comes back; it takes effect on the first day of its term if that is still to come."""
    starts = type(agreement).objects.values_list("starts_on", flat=True).get(pk=agreement.pk)
    effective = max(on, starts.isoformat()) if starts else on
    office.do(agreement, "record_signature", {**written.signature(on), "effective_on": effective})
