"""Where the lists of applications and calls begin, and the columns that keep them quick."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from applications.models import Application, Call, CallUnit
from casework.models import Step
from casework.queries import actable_steps, counted, scan_state
from core.language import shown

ENDED = ("approved", "rejected", "withdrawn")


def note_stage(application: Application) -> None:
    """Copy what lists show and sort by to the columns: the open steps, and since when the longest has been open.

    Called before every save; a draft's columns say since when it has been one.
    """
    if application.pk is None or application.state == "draft":
        application.stage_title = ""
        application.stage_since = application.stage_since or application.created_at
        return
    if application.state in ENDED:
        application.stage_title = ""
        return
    rows = list(application.steps().values_list("title", "state", "scan", "opened_at", "closed_at"))
    waiting = [(title, opened) for title, state, _scan, opened, _closed in rows if state == "open"]
    waiting += [
        (_("%(s)s（盖章件待核对）") % {"s": title}, closed)
        for title, state, scan, _opened, closed in rows
        if state == "done" and scan == "to_match"
    ]
    application.stage_title = "、".join(title for title, _since in waiting)[:120]
    since = [moment for _title, moment in waiting if moment is not None]
    if since:
        application.stage_since = min(since)


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
