"""Where the lists of placements and students begin, and who may be chosen as a mentor."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bases.models import Agreement, Recognition
from bases.queries import beside
from tenants.models import Membership
from trainees import spans
from trainees.models import Period, Placement, Student

MOST_BASES = 500  # to choose from
STANDING = ("planned", "active", "interrupted")  # approved, and not over
ALONG = (
    "student",
    "university",
    "college",
    "partner",
    "recognition__base",
    "university_mentor__user",
    "base_mentor__user",
)


def placements(membership) -> QuerySet[Placement]:
    """The placements that exist for a membership, with whom they name."""
    return Placement.objects.visible_to(membership).select_related(*ALONG)


def students(membership) -> QuerySet[Student]:
    """The students whom a membership looks after, with how many of their placements are planned or under way."""
    running = Count("placements", filter=Q(placements__state__in=STANDING))
    return Student.objects.visible_to(membership).select_related("college").annotate(running=running)


def university_mentors(college, university) -> QuerySet[Membership]:
    """Who guides at the university: the mentors of the student's college, of all colleges where it has none."""
    where = Q(organisation=college) if college is not None else Q(organisation__parent=university)
    rows = Membership.objects.usable().filter(where, role="mentor")
    return rows.select_related("user", "organisation").order_by("user__name", "pk")


def base_mentors(partner) -> QuerySet[Membership]:
    """Who guides at the base."""
    rows = Membership.objects.usable().filter(organisation=partner, role="base_mentor")
    return rows.select_related("user", "organisation").order_by("user__name", "pk")


def outside_agreement(placement: Placement) -> list[spans.Span]:
    """The days at the base on which no signed agreement of the base holds; one without an end holds from its start."""
    signed = Q(state="signed") | Q(state="ended", signed_on__isnull=False)
    held = []
    for agreement in Agreement.objects.filter(signed, recognition=placement.recognition_id):
        start = max(filter(None, (agreement.starts_on, agreement.effective_on or agreement.signed_on)), default=None)
        end = min(filter(None, (agreement.ends_on, agreement.ended_on)), default=None)
        if start is not None:
            held.append((start, end))
    periods = Period.objects.filter(placement=placement.pk).values_list("starts_on", "ends_on")
    return spans.uncovered(periods, held)


def at_the_base(placement: Placement) -> QuerySet[Placement]:
    """Other stays at the same base, planned or under way, that share days with this one's first and last day."""
    rows = Placement.objects.filter(recognition=placement.recognition_id, state__in=STANDING).exclude(pk=placement.pk)
    return rows.filter(starts_on__lte=placement.ends_on, ends_on__gte=placement.starts_on)


def _present(membership):
    """在岗研究生: how many students are at a base now."""
    rows = Placement.objects.filter(recognition=OuterRef("pk"), state="active").order_by()
    counted = rows.values("recognition").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


beside("students", _present)


def bases_for(student) -> list[Recognition]:
    """The bases of the student's university that take students by application, those of the own college first."""
    rows = Recognition.objects.filter(university=student.university_id, state="active").order_by("-pk")
    rows = rows.select_related("base", "university", "partner", "regulation_version__regulation")[:MOST_BASES]
    open_to = [row for row in rows if row.profile.placement is not None]
    return sorted(open_to, key=lambda row: row.college_id != student.college_id)
