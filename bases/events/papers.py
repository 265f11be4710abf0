"""What an incident and a withdrawal have on paper: their form, with the opinions recorded so far."""

from __future__ import annotations

import datetime as dt
from functools import partial

from bases.models import Incident, Withdrawal
from casework import papers
from casework.models import Step
from casework.papers import RoutedPapers, printing
from casework.papers.printing import Print
from casework.steps.kind import kind_of
from core.forms.store import content_hash
from core.models import Paper
from core.papers.standard import one_page_layout

ASSESSED = (
    ("基地名称", "base_name"),
    ("研究生培养单位", "university"),
    ("合作单位", "partner"),
    ("事项", "incident"),
    ("发生日期", "happened_on"),
    ("报告日期", "reported_on"),
    ("研判结论", "verdict"),
    ("研判意见", "opinion"),
    ("研判日期", "assessed_on"),
)


class EventPapers(RoutedPapers):
    """The paper that prints the case's own form."""

    def main(self) -> str:
        form = self.case.declaration.form
        declared = self.case.profile.papers
        return next((key for key, paper in declared.items() if paper.form == form), form)

    def render(self, paper: Paper) -> bytes:
        form = self.case.form_spec(self.case.declaration.form)
        layout = printing.headed(printing.layout_of(self.case, paper.kind, form, paper.title, paper=paper))
        written = printing.answers_in(self.case, self.case.declaration.form, paper.round)
        answers = printing.about(self.case) | {"case_title": self.case.recognition.base.name} | written
        return printing.filled(
            self.case, layout, answers=answers, form=form, paper=paper, state=printing.state_of(paper)
        )

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        """The paper as the form stands now, where none of this content was issued."""
        key = self.main()
        standing = papers.current(self.case, key)
        if reviewer or self.case.state == "draft":
            return []
        if standing is not None and standing.content_sha256 == papers.content_of(self.case, key):
            return []
        make = partial(papers.print_now, self.case, key, actor.name if actor is not None else "")
        return [Print(key, papers.title_of(self.case, key), make)]

    def is_over(self) -> bool:
        return self.case.state in ("dropped", "refused", "abandoned")

    def ended_on(self) -> dt.date | None:
        return None


@papers.kinds.register(Incident)
class IncidentPapers(EventPapers):
    """重大事项（安全事件）报告单; for each assessment 研判意见书 (`<key>.<number of its step>`)."""

    def hash_of(self, kind: str) -> str:
        return content_hash(self.assessment(kind)) if "." in kind else super().hash_of(kind)

    def render(self, paper: Paper) -> bytes:
        if "." not in paper.kind:
            return super().render(paper)
        said = self.assessment(paper.kind)
        layout = one_page_layout(paper.title, [], facts=ASSESSED, sign=said["issuer"])
        return printing.filled(self.case, layout, answers=said, paper=paper, state=printing.state_of(paper))

    def assessment(self, kind: str) -> dict[str, str]:
        """What an assessment says, by name."""
        step = Step.about(self.case).get(pk=int(kind.partition(".")[2]))
        base = self.case.recognition
        return {
            "base_name": base.base.name,
            "university": base.university.display_name,
            "partner": base.partner.display_name if base.partner else "",
            "incident": f"{self.case.number} {self.case.type_label}",
            "happened_on": self.case.happened_on.isoformat() if self.case.happened_on else "",
            "reported_on": self.case.reported_on.isoformat() if self.case.reported_on else "",
            "verdict": str(kind_of(step).verdict(step.outcome)),
            "opinion": step.opinion,
            "assessed_on": step.on.isoformat() if step.on else "",
            "issuer": step.unit.display_name if step.unit else "",
        }


@papers.kinds.register(Withdrawal)
class WithdrawalPapers(EventPapers):
    """自主撤销联合申请书."""
