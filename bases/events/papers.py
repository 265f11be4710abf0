"""What an incident and a withdrawal have on paper: their form, with the opinions recorded so far."""

from __future__ import annotations

import datetime as dt

from bases.models import Incident, Withdrawal
from casework import papers
from casework.papers import RoutedPapers, printing
from casework.papers.printing import Print
from core.models import Paper


class EventPapers(RoutedPapers):
    """The paper that prints the case's own form."""

    def main(self) -> str:
        form = self.case.declaration.form
        declared = self.case.profile.papers
        return next((key for key, paper in declared.items() if paper.form == form), form)

    def render(self, paper: Paper) -> bytes:
        form = self.case.form_spec(self.case.declaration.form)
        layout = printing.headed(printing.layout_of(self.case, paper.kind, form, title=paper.title))
        answers = printing.about(self.case) | printing.answers_in(self.case, self.case.declaration.form, paper.round)
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
        name = actor.name if actor is not None else ""

        def make() -> bytes:
            paper = papers.ensure_file(papers.issue_now(self.case, key, name), self.case)
            with paper.file.open("rb") as file:
                return file.read()

        return [Print(key, papers.title_of(self.case, key), make)]

    def is_over(self) -> bool:
        return self.case.state in ("dropped", "refused", "abandoned")

    def ended_on(self) -> dt.date | None:
        return None


@papers.kinds.register(Incident)
class IncidentPapers(EventPapers):
    """重大事项（安全事件）报告单."""


@papers.kinds.register(Withdrawal)
class WithdrawalPapers(EventPapers):
    """自主撤销联合申请书."""
