"""Where the lists of applications and calls begin."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from applications.models import Application, Call, CallUnit
from applications.models.application import ENDED
from bases.models import Agreement
from bases.queries import with_confirmation
from casework.models import Step
from casework.queries import actable_steps, counted, scan_state
from core.language import shown

GONE = ("declined", "ended")
OVER = ("rejected", "withdrawn")


def stage_words(application: Application) -> str:
    """当前环节 as lists print it."""
    if application.state == "draft":
        return _("退回修改") if application.round > 1 else _("填报")
    return shown(application.stage_title) or ("" if application.state in ENDED else application.get_state_display())


def applications(membership) -> QuerySet[Application]:
    """The applications that exist for a membership, with the state of their stamped papers."""
    return Application.objects.visible_to(membership).annotate(**scan_state("application"))


def agenda(membership) -> QuerySet[Application]:
    """Applications on which the membership may enter a meeting's decision now, with that step."""
    steps = actable_steps(membership).filter(kind="decision", case_kind="application")
    own = steps.filter(case_id=OuterRef("pk"))
    return (
        Application.objects.visible_to(membership)
        .filter(pk__in=steps.values("case_id"))
        .annotate(
            step_pk=Subquery(own.values("pk")[:1]),
            step_title=Subquery(own.values("title")[:1]),
            step_since=Subquery(own.values("opened_at")[:1]),
            step_due=Subquery(own.values("due_on")[:1]),
            step_estimated=Subquery(own.values("due_estimated")[:1]),
        )
    )


def decision_steps(membership, pks: list[int]) -> list[Step]:
    """Those of the steps by primary key on which the membership may enter a decision, by their case's key."""
    rows = actable_steps(membership).filter(kind="decision", case_kind="application", pk__in=pks)
    return list(rows.select_related("unit").order_by("case_id"))


def calls(membership) -> QuerySet[Call]:
    """Calls with what has come in, as far as the membership sees it, and the quotas given out."""
    rows = Application.objects.visible_to(membership).filter(call=OuterRef("pk"))
    given = CallUnit.objects.filter(call=OuterRef("pk"))
    return Call.objects.visible_to(membership).annotate(
        received=counted(rows.exclude(state__in=("draft", "withdrawn")), "call"),
        returned=counted(rows.filter(state="draft", round__gt=1), "call"),
        preparing=counted(rows.filter(state="draft", round=1), "call"),
        approved=counted(rows.filter(state="approved"), "call"),
        extended=counted(given.filter(extended_until__isnull=False), "call"),
    )


def linkable_agreements(application: Application, membership) -> QuerySet[Agreement]:
    """Agreements of the same university and partner that the reader sees and that no running application has."""
    if application.partner_id is None:
        return Agreement.objects.none()
    return (
        with_confirmation(Agreement.objects.visible_to(membership))
        .filter(university=application.university_id, partner=application.partner_id)
        .filter(Q(application_id=None) | Q(application_id__in=Application.objects.filter(state__in=OVER).values("pk")))
        .exclude(state__in=GONE)
        .order_by("-pk")
    )
