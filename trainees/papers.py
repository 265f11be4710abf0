"""What a stay has on paper: what was applied with, what was handed in at its end, and the proof that it was spent."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.utils.translation import gettext as _

from casework import papers
from casework.papers import RoutedPapers, printing
from casework.papers.printing import Print
from core.models import Paper
from core.papers.format import date_text
from core.papers.standard import one_page_layout
from trainees.models import Placement

PROOF, PROOF_TITLE = "practice_proof", "实践证明"
FACTS = (
    ("姓名", "student"),
    ("学号", "student_number"),
    ("专业学位类别", "category"),
    ("实践基地", "base"),
    ("实践时间", "days"),
    ("校内导师", "university_mentor"),
    ("基地导师", "base_mentor"),
)


@papers.kinds.register(Placement)
class PlacementPapers(RoutedPapers):
    def _key(self, form: str) -> str:
        declared = self.case.profile.papers
        return next((key for key, paper in declared.items() if paper.form == form), form)

    def main(self) -> str:
        return self._key(self.case.declaration.forms[0]) if self.case.declaration is not None else ""

    def hash_of(self, kind: str) -> str:
        if kind == PROOF:
            case = self.case
            return f"{case.pk}:{case.entered_on}:{case.left_on}:{case.university_mentor_id}:{case.base_mentor_id}"
        return super().hash_of(kind)

    def render(self, paper: Paper) -> bytes:
        if paper.kind == PROOF:
            return self._proof(paper)
        declared = self.case.profile.papers.get(paper.kind)
        form_key = declared.form if declared is not None and declared.form else paper.kind
        form = self.case.form_spec(form_key)
        layout = printing.layout_of(self.case, paper.kind, form, paper.title, paper=paper)
        written = printing.answers_in(self.case, form_key, paper.round)
        answers = printing.about(self.case) | written
        return printing.filled(
            self.case, layout, answers=answers, form=form, paper=paper, state=printing.state_of(paper)
        )

    def _proof(self, paper: Paper) -> bytes:
        case = self.case
        last = date_text(case.left_on) if case.left_on else "今"
        mentors = (case.university_mentor, case.base_mentor)
        said = {
            **printing.about(case),
            "student": case.student.name,
            "student_number": case.student.number,
            "category": case.student.category,
            "base": case.recognition.base.name,
            "days": f"{date_text(case.entered_on)}至{last}",
            "university_mentor": mentors[0].name if mentors[0] is not None else "",
            "base_mentor": mentors[1].name if mentors[1] is not None else "",
        }
        text = "兹证明{student}（学号{student_number}）{days}在{base}参加专业实践。"
        layout = one_page_layout(paper.title, [text], facts=FACTS, sign=self.issuer())
        return printing.filled(case, layout, answers=said, paper=paper, state=printing.state_of(paper))

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        """What was applied with, once it was handed in; what is handed in at the end; the proof from the entry on."""
        case, name = self.case, actor.name if actor is not None else ""
        if reviewer or case.state in ("draft", "cancelled", "declined"):
            return []
        prints = []
        for form in case.form_keys():
            key = self._key(form)
            if key not in case.profile.papers or (actor is not None and not case.form_open_to(form, actor)):
                continue
            prints.append(Print(key, papers.title_of(case, key), partial(papers.print_now, case, key, name)))
        if case.entered_on is not None:
            prints.append(Print(PROOF, _("实践证明"), partial(papers.print_now, case, PROOF, name, PROOF_TITLE)))
        return prints

    def is_over(self) -> bool:
        return self.case.state in ("cancelled", "declined")

    def ended_on(self) -> dt.date | None:
        return None
