"""What the page of a placement shows, and what it adds to the page of its base."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.models import Recognition
from bases.pages import RecognitionPage, add_part
from casework.pages import Asking, Page, kinds
from casework.pages.findings import clause
from core import pages
from core.findings import Finding
from core.language import bracketed
from trainees import gates
from trainees.models import Placement
from trainees.queries import STANDING, placements
from trainees.services import MANAGE

SHOWN = 20  # students on the page of a base; the list has them all


@kinds.register(Placement)
class PlacementPage(Page):
    along = (*Page.along, "student", "recognition__base", "university_mentor__user", "base_mentor__user")
    careful = frozenset({"cancel"})
    uploads = Page.uploads | {"scan": lazy("保单")}

    def facts(self) -> list[tuple]:
        placement = self.case
        student = placement.student
        facts: list[tuple] = [(_("研究生"), str(student))]
        if student.category:
            facts.append((_("专业学位类别"), student.category))
        for label, mentor in ((_("校内导师"), placement.university_mentor), (_("基地导师"), placement.base_mentor)):
            facts.append((label, bracketed(mentor.name, mentor.user.post) if mentor is not None else _("未安排")))
        for label, value in (
            (_("进入基地"), placement.entered_on),
            (_("离开基地"), placement.left_on),
            (_("说明"), bracketed(placement.end_reason, str(clause(placement, placement.end_clause)))),
        ):
            if value:
                facts.append((label, value))
        return facts

    def extras(self) -> list[pages.ExtraPart]:
        """When the student is there, and insured by whom."""
        placement = self.case
        context = {
            "periods": placement.periods.all(),
            "policies": placement.insurances.select_related("scan"),
        }
        return [pages.ExtraPart("stay", _("实践安排"), "trainees/parts/stay.html", context, place="tab")]

    def hints(self) -> list[pages.Hint]:
        """What every case says; while the student is there, what was decided about the base."""
        hints = super().hints()
        if self.case.state == "active":
            for warning in gates.warnings(self.case):
                cited = bracketed(warning.message, str(clause(self.case, warning.clause)))
                hints.append(pages.Hint(cited, "yellow", title=_("基地有变动，已在基地的研究生不受影响")))
        return hints

    def findings(self) -> tuple[str, list[Finding]]:
        """What stands against the student's going to the base, for whoever enters it."""
        placement = self.case
        if placement.state == "planned" and self.membership.may(MANAGE, placement):
            return "start", gates.start(placement, Asking.by(self.membership))
        return "", []

    def related(self) -> list[tuple]:
        return [(_("基地"), self.case.recognition)]

    @classmethod
    def in_lines(cls, rows: QuerySet) -> QuerySet:
        return rows.select_related("student", "recognition__base")


@add_part
def of_base(page: RecognitionPage) -> pages.ExtraPart | None:
    """研究生 on the page of a base: who is there or expected, for whoever may see them."""
    recognition: Recognition = page.case
    if page.membership.kind == "department":
        return None
    rows = list(placements(page.membership).filter(recognition=recognition).filter(state__in=STANDING)[: SHOWN + 1])
    own = Placement(university=recognition.university, college=recognition.college, partner=recognition.partner)
    plans = recognition.state == "active" and page.membership.may(MANAGE, own)
    if not rows and not plans:
        return None
    context = {
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "list_url": f"{reverse('trainees:placements')}?base={recognition.pk}",
        "plan_url": f"{reverse('trainees:plan')}?base={recognition.pk}" if plans else "",
    }
    return pages.ExtraPart("students", _("研究生"), "trainees/parts/of_base.html", context, place="tab")
