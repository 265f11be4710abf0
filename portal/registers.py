"""What the public may look up: the register of bases, and papers by their code. Bounded, by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from bases.models import Recognition
from core.models import Paper
from portal.queries import kind_label

LISTED = ("active",)


def bases(text: str = "", before: int | None = None, size: int = 50) -> tuple[list[Recognition], int | None]:
    """Recognised bases, the newest first, and the key to continue with (None at the end). One query.

    `text` narrows by base, university or partner.
    """
    rows = Recognition.objects.filter(state__in=LISTED).select_related(
        "base", "university", "college", "partner"
    )
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(number__icontains=word)
            | Q(university__name__icontains=word)
            | Q(partner__name__icontains=word)
        )
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], (found[size - 1].pk if len(found) > size else None)


@dataclass(frozen=True)
class VerifiedPaper:
    """What anybody holding a paper may compare it with."""

    paper: Any
    kind: str
    state: str
    state_label: str
    newer: Any = None


def paper(code: str, number: str = "") -> VerifiedPaper | None:
    """The paper that carries this code (and, where given, this number), or None. Two queries."""
    from django.utils.translation import gettext as _

    tidy = code.replace(" ", "").replace("　", "")
    found = Paper.objects.filter(code__iexact=tidy).first()
    if found is None or (number and found.number.strip().lower() != number.strip().lower()):
        return None
    newer = None
    state, label = "active", _("有效")
    if found.voided_at:
        state, label = "void", _("已作废")
        newer = (
            Paper.objects.filter(
                case_kind=found.case_kind, case_id=found.case_id, kind=found.kind, voided_at=None
            )
            .order_by("-version")
            .first()
        )
    return VerifiedPaper(found, kind_label(found.case_kind), state, label, newer)
