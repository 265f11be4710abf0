"""Where the lists of this room begin, and the figures of a round."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import CharField, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bases import pastgrades
from casework.models import Assignment, Effect
from casework.models.regulated import with_regulation
from casework.queries import counted
from evaluations.models import Evaluation, Round
from evaluations.models.evaluation import ENDED


def evaluations(membership) -> QuerySet[Evaluation]:
    """The evaluations that exist for a membership, with their experts and what follows of each."""
    experts = Assignment.objects.filter(
        case_kind=Evaluation.case_kind, case_id=OuterRef("pk"), state__in=Assignment.OPEN, void=False
    )
    following = Effect.objects.filter(source_kind=Evaluation.case_kind, source_id=OuterRef("pk")).exclude(
        state="declined"
    )
    return with_regulation(Evaluation.objects.visible_to(membership)).annotate(
        experts=counted(experts, "case_id"),
        reviewed=counted(experts.filter(state="submitted"), "case_id"),
        first_effect=Subquery(following.order_by("pk").values("title")[:1], output_field=CharField()),
        effects=counted(following, "source_id"),
    )


def rounds(membership) -> QuerySet[Round]:
    """The rounds that exist for a membership, with how far they are, as far as it sees their evaluations."""
    rows = Evaluation.objects.visible_to(membership).filter(in_round=OuterRef("pk"))
    return Round.objects.visible_to(membership).annotate(
        bases=counted(rows, "in_round"),
        missing=counted(rows.filter(state="draft", reported_on=None), "in_round"),
        ended=counted(rows.filter(state__in=ENDED), "in_round"),
    )


@dataclass(frozen=True)
class Progress:
    """How far a round is, as one reader sees it. `grades`: how many bases by grade."""

    bases: int
    reported: int
    late: int
    absent: int
    under_way: int
    ended: int
    grades: dict[str, int]

    @property
    def missing(self) -> int:
        return self.bases - self.reported


def progress(in_round: Round, membership, today) -> Progress:
    """The figures of a round. Two queries."""
    rows = Evaluation.objects.visible_to(membership).filter(in_round=in_round)
    missing = Q(state="draft", reported_on=None) | Q(state="missed")
    sums = rows.aggregate(
        bases=Count("pk"),
        reported=Count("pk", filter=~missing),
        late=Count("pk", filter=Q(state="draft", reported_on=None, report_due__lt=today)),
        absent=Count("pk", filter=Q(state="missed")),
        under_way=Count("pk", filter=Q(state__in=Evaluation.STAGES)),
        ended=Count("pk", filter=Q(state__in=ENDED)),
    )
    graded = rows.exclude(grade="").order_by().values("grade").annotate(n=Count("pk"))
    return Progress(**sums, grades={row["grade"]: row["n"] for row in graded})


def last_grade(membership) -> Coalesce:
    """The grade of a base's last confirmed evaluation, as an expression over Recognition (`bases.queries.beside`): while
    there is none here, the last of those that it had before it was entered."""
    rows = Evaluation.objects.filter(recognition=OuterRef("pk"), state="confirmed").order_by("-confirmed_on", "-pk")
    before = pastgrades.rows().filter(case_id=OuterRef("pk")).order_by("-on", "-pk")
    here, brought = (
        Subquery(asked.values(column)[:1], output_field=CharField())
        for asked, column in ((rows, "grade"), (before, "code"))
    )
    return Coalesce(here, brought)
