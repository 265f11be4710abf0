"""Where the lists of this room begin. Figures beside a row are subqueries: they cost no query of their own, and the
count of a long list leaves them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from casework.models import Assignment, CaseList, Decision, ListEntry, Notice, Objection, Override, Step
from casework.models.routed import RoutedCase
from casework.permissions import CLERKS
from casework.steps import persons
from core import door
from core.models import Paper, StampedCopy
from tenants import roles
from tenants.models import Membership


def counted(rows: QuerySet, key: str) -> Coalesce:
    """How many of `rows` belong to the row outside; `key` is the column by which `rows` are already tied to it."""
    return Coalesce(
        Subquery(rows.order_by().values(key).annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
        0,
    )


@cache
def scan_state(kind: str) -> dict:
    """Annotations `scan` and `to_print`: the state of the stamped copy of a case that most needs somebody, and
    whether a paper that wants a stamp stands without one. The outer row's primary key is the case's."""
    copies = StampedCopy.objects.filter(
        paper__case_kind=kind, paper__case_id=OuterRef("pk"), paper__voided_at=None
    ).annotate(
        urgency=Case(
            When(state="to_match", then=Value(0)),
            When(state="mismatch", then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    waiting = Paper.objects.filter(case_kind=kind, case_id=OuterRef("pk"), voided_at=None, comes_back=True).exclude(
        seal_kind=""
    )
    return {
        "scan": Subquery(copies.order_by("urgency", "-pk").values("state")[:1]),
        "to_print": Exists(waiting),
    }


def seen_cases(membership) -> Q:
    """Rows (steps, assignments) that belong to a case which exists for the membership."""
    where = Q(pk__in=[])
    for kind, model in door.kinds().items():
        if issubclass(model, RoutedCase):
            where |= Q(case_kind=kind, case_id__in=model.objects.visible_to(membership).values("pk"))
    return where


def _organises(membership) -> bool:
    """Whether the membership looks at its organisation's work at all: experts, students and mentors do not."""
    return membership is not None and membership.usable() and membership.role not in roles.PERSONAL_ROLES


def actable_steps(membership) -> QuerySet[Step]:
    """Open steps that the membership may act on: its role's in its unit, and those that its clerk enters."""
    if not _organises(membership):
        return Step.objects.none()
    acting = membership.acting_roles
    mine = Q(role__in=acting) & persons.own(membership)
    if CLERKS.get(membership.organisation.kind) in acting:
        mine |= Q(offline=True)
    return Step.objects.filter(mine, seen_cases(membership), state="open", unit_id=membership.organisation_id)


def case_lists(membership) -> QuerySet[CaseList]:
    """Lists of cases with the number of their members, the latest notice's last day, and objections still open."""
    members = ListEntry.objects.filter(case_list=OuterRef("pk"), removed_at=None)
    notices_ = Notice.objects.filter(case_list=OuterRef("pk")).order_by("-pk")
    objections = Objection.objects.filter(notice__case_list=OuterRef("pk"))
    return CaseList.objects.visible_to(membership).annotate(
        members_count=counted(members, "case_list"),
        notice_opens=Subquery(notices_.values("opens_on")[:1]),
        notice_closes=Subquery(notices_.values("closes_on")[:1]),
        objections_open=counted(objections.filter(outcome=""), "notice__case_list"),
        objections_all=counted(objections, "notice__case_list"),
    )


@dataclass(frozen=True)
class Member:
    """One line of a list: the entry, and the case behind it where the reader sees it."""

    entry: ListEntry
    case: Any = None

    @property
    def url(self) -> str:
        return self.case.get_absolute_url() if self.case is not None else ""


def members(case_list: CaseList, membership) -> tuple[list[Member], list[Member]]:
    """Those on the list and those taken off it, by rank. Two queries, whatever the number."""
    entries = list(case_list.entries.order_by("rank", "pk"))
    seen: dict[tuple[str, int], Any] = {}
    for kind in {entry.case_kind for entry in entries}:
        model = door.case_model(kind)
        if model is None:
            continue
        rows = model.objects.visible_to(membership).select_related("university", "college", "partner")
        for case in rows.filter(pk__in=[entry.case_id for entry in entries if entry.case_kind == kind]):
            seen[kind, case.pk] = case
    lines = [Member(entry, seen.get((entry.case_kind, entry.case_id))) for entry in entries]
    return [line for line in lines if not line.entry.removed_at], [line for line in lines if line.entry.removed_at]


def notices(membership) -> QuerySet[Notice]:
    """Notices with the number of their objections."""
    objections = Objection.objects.filter(notice=OuterRef("pk"))
    return Notice.objects.visible_to(membership).annotate(
        objections_open=counted(objections.filter(outcome=""), "notice"),
        objections_all=counted(objections, "notice"),
        members_count=counted(ListEntry.objects.filter(case_list=OuterRef("case_list"), removed_at=None), "case_list"),
    )


def overrides(membership) -> QuerySet[Override]:
    """Requests for exceptions, with whether the membership decides them (`mine`)."""
    rows = Override.objects.visible_to(membership)
    return rows.annotate(
        mine=Case(
            When(
                unit_id=membership.organisation_id,
                role__in=membership.acting_roles,
                state="requested",
                then=Value(True),
            ),
            default=Value(False),
        )
    )


def panel_steps(membership) -> QuerySet[Step]:
    """The panels that the membership's organisation runs and that have been opened, with how far they are."""
    if not _organises(membership):
        return Step.objects.none()
    sitting = Assignment.objects.filter(step=OuterRef("pk"))
    standing = sitting.filter(state__in=Assignment.OPEN)
    return Step.objects.filter(
        seen_cases(membership), kind="panel", unit_id=membership.organisation_id, opened_at__isnull=False
    ).annotate(
        experts=counted(standing, "step"),
        handed_in=counted(standing.filter(state="submitted"), "step"),
        recused=counted(sitting.filter(state="recused"), "step"),
        first_close=Subquery(
            standing.exclude(state="submitted").order_by().values("step").annotate(d=Min("closes_on")).values("d")
        ),
    )


def assignments(membership) -> QuerySet[Assignment]:
    """Who sits on the panels of the membership's organisation."""
    if not _organises(membership):
        return Assignment.objects.none()
    return Assignment.objects.filter(seen_cases(membership), step__unit_id=membership.organisation_id)


def experts(membership) -> QuerySet[Membership]:
    """The pool of the membership's organisation, with what each expert has to review there and has reviewed."""
    if not _organises(membership):
        return Membership.objects.none()
    own = Assignment.objects.filter(expert=OuterRef("user"), step__unit_id=membership.organisation_id)
    return (
        Membership.objects.usable()
        .filter(organisation_id=membership.organisation_id, role="expert")
        .annotate(
            waiting=counted(own.filter(state__in=("invited", "assigned")), "expert"),
            reviewed=counted(own.filter(state="submitted"), "expert"),
            recused=counted(own.filter(state="recused"), "expert"),
        )
    )


def own_reviews(membership) -> QuerySet[Assignment]:
    """An expert's own assignments in the pool in whose name they act."""
    if membership is None or membership.role != "expert" or not membership.usable():
        return Assignment.objects.none()
    return Assignment.objects.filter(expert_id=membership.user_id, step__unit_id=membership.organisation_id)


def decisions(membership) -> QuerySet[Decision]:
    """The meetings of the membership's organisation, with how many cases each decided and how."""
    if not _organises(membership):
        return Decision.objects.none()
    rows = Step.objects.filter(decision=OuterRef("pk"))
    return Decision.objects.filter(organisation_id=membership.organisation_id).annotate(
        cases=counted(rows, "decision"),
        passed=counted(rows.filter(outcome="positive"), "decision"),
        declined=F("cases") - F("passed"),
    )
