"""May a partner and an applying side apply (again)? Read from the bars that stand on the bases that they had.

A bar is about the pair of the partner unit and the college that answered for the base; where it had none, the university
(L-10). The same partner with another college of the university is not barred, but whoever decides is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bases import origin, succession
from bases.models import Recognition
from casework import effects
from casework.models import Effect
from core.calendar import DAY
from regulations.facts import fact
from tenants.models import Party

BAR = "bar"


def bars(cases: Sequence[Any], on: dt.date) -> dict[int, list[tuple[Recognition, Effect]]]:
    """By pk of cases that have a partner, the bars that stand on a day on that partner's bases at the case's university,
    with the base. A bar stays with whoever was the base's partner when it began. Three queries."""
    partners = {case.partner_id for case in cases if case.partner_id}
    if not partners:
        return {case.pk: [] for case in cases}
    left = Party.objects.filter(
        case_kind=Recognition.case_kind, role=succession.BEFORE, organisation_id__in=partners
    ).values("case_id")
    had = Recognition.objects.filter(Q(partner_id__in=partners) | Q(pk__in=left)).in_bulk()
    rows = Effect.objects.filter(case_kind=Recognition.case_kind, case_id__in=list(had), kind=BAR)
    standing = list(effects.on_day(rows, on)) if had else []
    began = {effect.pk: (effect.case_id, effect.proposed_on or effect.from_on) for effect in standing}
    partner = succession.partners_on(had, list(began.values())) if standing else {}
    return {
        case.pk: [
            (had[effect.case_id], effect)
            for effect in standing
            if partner[began[effect.pk]] == case.partner_id and had[effect.case_id].university_id == case.university_id
        ]
        for case in cases
    }


def _same_side(case: Any, base: Recognition) -> bool:
    return base.college_id is None or base.college_id == case.college_id


@fact("pair.may_apply_from", "date", _("可以重新申报之日"), origin.KIND)
def may_apply_from(cases, on):
    """The first day on which the pair may apply again; None where no bar stands. A bar without an end gives the last day
    that the calendar knows."""
    by_pk, first = {case.pk: case for case in cases}, {}
    for pk, rows in bars(cases, on).items():
        ends = [effect.until_on or dt.date.max - DAY for base, effect in rows if _same_side(by_pk[pk], base)]
        first[pk] = max(ends) + DAY if ends else None
    return first


@fact("pair.barred_elsewhere", "boolean", _("合作单位与本校其他学院在限制申报期内"), origin.KIND)
def barred_elsewhere(cases, on):
    by_pk = {case.pk: case for case in cases}
    return {pk: any(not _same_side(by_pk[pk], base) for base, _effect in rows) for pk, rows in bars(cases, on).items()}
