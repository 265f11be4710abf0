"""What the page of a placement shows, and what it adds to the page of its base."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bases.models import Recognition
from bases.pages import RecognitionPage, add_part
from casework.pages import Asking, RoutedPage, kinds
from casework.pages.findings import clause
from core import clock, pages
from core.findings import Finding
from core.language import bracketed
from trainees import gates
from trainees.during.pages import StayRecords
from trainees.during.persons import ALONG
from trainees.models import Placement
from trainees.queries import STANDING, placements
from trainees.services import APPLY, MANAGE

SHOWN = 20  # students on the page of a base; the list has them all


@kinds.register(Placement)
class PlacementPage(RoutedPage):
    along = (*RoutedPage.along, "student", "recognition__base", *ALONG)
    careful = RoutedPage.careful | {"abandon", "cancel", "end_early", "transfer"}
    uploads = RoutedPage.uploads | {"scan": lazy("保单")}

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
            (_("中断日期"), placement.interrupted_on),
            (_("结束方式"), placement.get_end_code_display() if placement.end_code else ""),
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
        written = StayRecords(placement, self.membership).part()
        return [
            pages.ExtraPart("stay", _("实践安排"), "trainees/parts/stay.html", context, place="tab"),
            *([written] if written is not None else []),
            *super().extras(),
        ]

    def first_input(self, code: str) -> dict:
        """A record is most often of today."""
        return {"on": clock.today().isoformat()} if code == "enter_record" else super().first_input(code)

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
        asking = Asking.by(self.membership)
        if placement.state == "draft" and self.membership.may(APPLY, placement):
            return "submit", gates.applying(placement, asking)
        if placement.state == "planned" and self.membership.may(MANAGE, placement):
            return "start", gates.start(placement, asking)
        if placement.state == "active" and placement.declaration is not None and self._hands_in:
            return self._hands_in, gates.finishing(placement, asking)
        return "", []

    @property
    def _hands_in(self) -> str:
        """The move by which the reader ends the stay: the student's own, or that of whoever looks after them."""
        if self.membership.may(MANAGE, self.case):
            return "end"
        return "hand_in" if self.membership.may("trainees.own", self.case) else ""

    def choices(self) -> list[pages.ActionChoice]:
        """Filling in the forms that are the reader's now; beginning the stay that follows on this one."""
        case, choices = self.case, super().choices()
        for form in case.form_keys():
            if case.form_open_to(form, self.membership) and case.editable_sections(form, self.membership):
                url = reverse("case_form", args=[case.case_kind, case.pk, form])
                label = _("填写%(form)s") % {"form": case.form_spec(form).title}
                choices.append(pages.ActionChoice(f"fill_{form}", label, True, url, icon="edit"))
        return choices

    def idle_moves(self) -> set[str]:
        """Answering a request that nobody made; handing in what the regulation does not ask for."""
        case, idle = self.case, set(super().idle_moves())
        idle.add("ask_to_end" if case.early_asked_on else "refuse_early")
        if case.declaration is None:
            idle.add("hand_in")
        return idle

    def related(self) -> list[tuple]:
        related: list[tuple] = [(_("基地"), self.case.recognition)]
        if self.case.follows_on_id:
            related.append((_("转自"), self.case.follows_on))
        return related

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
