"""What of casework stands under one person's name and goes to a successor when they leave (tenants' hand-over)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from casework.models import Assignment, Step
from core import clock, door, outbox
from core.language import bracketed
from core.models import TransitionLog
from tenants.models import Membership
from tenants.services.handover import Kind, OpenWork, register


def _drafts(membership: Membership) -> list:
    """Cases in their first state whose first line in the log is the membership's."""
    cases = []
    for kind, model in door.kinds().items():
        lines = TransitionLog.objects.filter(case_kind=kind, case_id=OuterRef("case_id"))
        own = (
            TransitionLog.objects.filter(case_kind=kind, membership_id=membership.pk)
            .exclude(Exists(lines.filter(id__lt=OuterRef("id"))))
            .values("case_id")
        )
        first = model._meta.get_field("state").default
        rows = model._base_manager.filter(pk__in=own, state=first).order_by("pk")[:200]
        handed = set(
            TransitionLog.objects.filter(
                case_kind=kind, case_id__in=[row.pk for row in rows], transition="handed_over"
            ).values_list("case_id", flat=True)
        )
        cases += [row for row in rows if row.pk not in handed]
    return cases


def _listed_drafts(membership: Membership) -> list[OpenWork]:
    return [OpenWork(case.listed_title, case.get_absolute_url(), case.number) for case in _drafts(membership)]


def _pass_drafts(actor, leaver: Membership, successor: Membership) -> int:
    """A draft is its unit's; the log and the successor's messages say who goes on with it."""
    cases = _drafts(leaver)
    for case in cases:
        data = {"from": leaver.name, "to": successor.name, "to_membership": successor.pk}
        door.record_event(case, "handed_over", gettext_noop("移交"), actor, data=data)
        title = gettext("%(name)s的草稿移交给您：%(case)s") % {"name": leaver.name, "case": case.listed_title}
        outbox.notify([successor], title, "", case.get_absolute_url(), key=f"handed-over:{case.case_kind}:{case.pk}")
    return len(cases)


def _listed_reviews(membership: Membership) -> list[OpenWork]:
    rows = Assignment.objects.filter(
        membership=membership, state__in=("invited", "assigned"), closes_on__gte=clock.today()
    )
    return [OpenWork(row.case_title, note=str(row.closes_on)) for row in rows.order_by("pk")[:200]]


def _steps(membership: Membership) -> list[Step]:
    return list(Step.objects.filter(assignee=membership, state="open").select_related("unit").order_by("pk"))


def _listed_steps(membership: Membership) -> list[OpenWork]:
    return [
        OpenWork(bracketed(step.case_title, step.title), f"/cases/{step.case_kind}/{step.case_id}/", step.case_number)
        for step in _steps(membership)
    ]


def _pass_steps(actor, leaver: Membership, successor: Membership) -> int:
    """Open steps of a person go on to the successor, each through the door, so that the case's log tells it."""
    steps = _steps(leaver)
    for step in steps:
        reason = gettext("%(who)s移交，由%(by)s登记") % {"who": leaver.name, "by": actor.name}
        data = {"pass_on": step.pk, "to": successor.pk, "reason": reason}
        door.perform(door.get_case(step.case_kind, step.case_id), "pass_on_step", door.SystemActor(), data)
    return len(steps)


def declare() -> None:
    """Enter this room's kinds of personal work."""
    register(Kind("steps", _("本人的待办环节"), _listed_steps, _pass_steps))
    register(Kind("drafts", _("未提交的草稿"), _listed_drafts, _pass_drafts))
    register(
        Kind(
            "reviews",
            _("专家评审"),
            _listed_reviews,
            advice=_("评审由本人完成，不能移交；请告知组织评审的单位更换专家。"),
        )
    )
