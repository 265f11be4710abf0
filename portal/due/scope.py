"""Which rows of the ledger somebody sees: what they or their unit owe, and what is due on the cases that they see."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock, door, ledger
from core.ledger import kinds
from core.models import LedgerEntry
from core.state_styles import LIGHT_DAYS, LIGHTS
from tenants import roles
from tenants.directory import above, below
from tenants.models import ScopedCase

OPINION = "opinion"  # an expert's: known to nobody by name but the expert


def seen(membership) -> QuerySet[LedgerEntry]:
    """The rows that exist for a membership, done ones too. Two questions of its own at most, whatever their number.

    Of the cases that it sees: what the units owe that have the main part in the case, and units of its own house. What a
    sibling owes on a case that many share (another university on the department's call) is the sibling's business.
    """
    where = ledger.owing(membership)
    scoped = {
        model.case_kind: model.objects.visible_to(membership).order_by().filter(pk=OuterRef("case_id"))
        for model in door.kinds().values()
        if issubclass(model, ScopedCase)
    }
    if membership.role == "expert":  # a dossier is theirs while they are asked: what they owed on it names it no longer
        theirs = Q(case_kind="")
        for kind, case in scoped.items():
            theirs |= Q(case_kind=kind) & Exists(case)
        where &= theirs
    else:
        house = Q(organisation_id__in=[*above(membership.organisation_id), *below(membership.organisation_id)])
        main = Q()
        for column in roles.COLUMNS.values():
            main |= Q(**{f"{column}_id": OuterRef("organisation_id")})
        for kind, case in scoped.items():
            about = (house & Exists(case)) | Exists(case.filter(main))
            where |= Q(case_kind=kind) & about & ~Q(kind=OPINION)
    if membership.role not in roles.PERSONAL_ROLES:
        where |= Q(organisation_id=membership.organisation_id) & ~Q(kind=OPINION)
    return LedgerEntry.objects.filter(where).exclude(kind__in=kinds.unlisted())


def window(light: str, today: dt.date | None = None) -> Q:
    """The rows of one light of the four-colour warning: "over", or within the days of its colour."""
    today = today or clock.today()
    if light == "over":
        return Q(due_on__lt=today)
    if light == "later":
        return Q(due_on__gt=today + dt.timedelta(days=max(LIGHT_DAYS)))
    tones = [tone for tone, _days in LIGHTS]
    place = tones.index(light)
    first, last = (LIGHT_DAYS[place - 1] + 1 if place else 0), LIGHT_DAYS[place]
    return Q(due_on__gte=today + dt.timedelta(days=first), due_on__lte=today + dt.timedelta(days=last))
