"""What the page of a placement shows, and what it adds to the page of its base."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.models import Recognition
from bases.pages import RecognitionPage, add_part, span
from casework.pages import Asking, Page, kinds
from casework.pages.findings import clause
from core import pages
from core.findings import Finding
from core.language import bracketed, listed
from trainees import gates
from trainees.models import Placement
from trainees.queries import placements
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
        found: list[tuple] = [(_("研究生"), str(student))]
        if student.category:
            found.append((_("专业学位类别"), student.category))
        for label, mentor in ((_("校内导师"), placement.university_mentor), (_("基地导师"), placement.base_mentor)):
            found.append((label, bracketed(mentor.name, mentor.user.post) if mentor is not None else _("未安排")))
        found.append(
            (_("实践时间"), listed((span(one.starts_on, one.ends_on) for one in placement.periods.all()), "；"))
        )
        policies = [
            bracketed(span(one.starts_on, one.ends_on), f"{one.insurer} {one.policy}")
            for one in placement.insurances.all()
        ]
        found.append((_("保险"), listed(policies, "；") or _("未登记")))
        for label, value in (
            (_("进入基地"), placement.entered_on),
            (_("离开基地"), placement.left_on),
            (_("说明"), placement.end_reason),
        ):
            if value:
                found.append((label, value))
        return found

    def hints(self) -> list[pages.Hint]:
        """What every case says; while the student is there, what the regulation warns of."""
        found = super().hints()
        if self.case.state == "active":
            for one in gates.warnings(self.case):
                cited = bracketed(one.message, str(clause(self.case, one.clause)))
                found.append(pages.Hint(cited, "yellow", title=_("基地提示")))
        return found

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
    rows = list(placements(page.membership).filter(recognition=recognition).exclude(state="ended")[: SHOWN + 1])
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
