"""The papers of an evaluation: the self-report, the sheets of its steps, the opinion with the grade."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from casework import papers
from casework.papers import RoutedPapers, printing
from casework.papers.opinions import own_prints, panel_prints
from casework.papers.printing import Print
from core.models import Paper
from core.papers.elements import Line, Title
from core.papers.format import zh
from core.papers.layout import PaperLayout, parse_layout
from evaluations.models import Evaluation
from evaluations.services import grading

OPINION = "evaluation_opinion"
TITLE = "考核意见书"  # papers are Chinese whatever language the reader uses


@papers.kinds.register(Evaluation)
class EvaluationPapers(RoutedPapers):
    def main(self) -> str:
        """The paper that prints the self-report, by its profile; the form's own key where none is declared."""
        form = self.case.declaration.report.form
        return next((key for key, paper in self.case.profile.papers.items() if paper.form == form), form)

    def hash_of(self, kind: str) -> str:
        if kind != OPINION:
            return super().hash_of(kind)
        evaluation = self.case
        said = [evaluation.grade, str(evaluation.score), evaluation.reasons, str(evaluation.confirmed_on)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def render(self, paper: Paper) -> bytes:
        if paper.kind == OPINION:
            return self._opinion(paper)
        return self._sheet(paper) or self._report(paper=paper, state=printing.state_of(paper), round=paper.round)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        """The self-report as it stands; the issued papers stand on their own tab."""
        title = papers.title_of(self.case, self.main())
        state = "draft" if self.case.state == "draft" else "review"
        report = Print("draft", title, lambda: self._report(state=state, round=self.case.round))
        return [report, *(own_prints(self.case, actor) if reviewer else panel_prints(self.case, actor))]

    def _report(self, *, state: str, round: int, paper: Paper | None = None) -> bytes:
        evaluation = self.case
        key = evaluation.declaration.report.form
        form = evaluation.form_spec(key)
        layout = _headed(printing.layout_of(evaluation, self.main(), form, zh(form.title), paper=paper))
        answers = {**printing.answers_in(evaluation, key, round), **_about(evaluation)}
        return printing.filled(evaluation, layout, answers=answers, form=form, paper=paper, state=state)

    def _sheet(self, paper: Paper) -> bytes | None:
        """The PDF of a step's own form with the answers of the step, or None for a paper of the dossier."""
        evaluation, key = self.case, papers.base_key(paper.kind)
        step = printing.step_with_form(evaluation, key, paper.round)
        if step is None:
            return None
        form = evaluation.profile.forms[printing.declared(evaluation, key).form]
        layout = _headed(printing.layout_of(evaluation, key, form, paper=paper))
        answers = {**step.answers, **_about(evaluation)}
        opinions = {step.key: printing.opinion_of(evaluation, step)}
        return printing.filled(
            evaluation,
            layout,
            answers=answers,
            form=form,
            paper=paper,
            state=printing.state_of(paper),
            opinions=opinions,
        )

    def _opinion(self, paper: Paper) -> bytes:
        """考核意见书: grade, score, and every reason with its clause."""
        evaluation = self.case
        reasons = grading.sentences(evaluation, evaluation.reasons)
        layout = _opinion_layout(paper.title, len(reasons))
        answers = {
            **_about(evaluation),
            "grade": grading.titles(evaluation)[evaluation.grade],
            "score": "" if evaluation.score is None else str(evaluation.score),
            "confirmed_on": evaluation.confirmed_on.isoformat() if evaluation.confirmed_on else "",
            **{f"reason_{number}": text for number, text in enumerate(reasons, 1)},
        }
        return printing.filled(evaluation, layout, answers=answers, paper=paper, state=printing.state_of(paper))


LINES = (
    Line("基地名称", "evaluation_base"),
    Line("考核批次", "evaluation_round"),
    Line("培养单位", "case_applicant"),
    Line("合作单位", "case_partner"),
)


def _about(evaluation: Evaluation) -> dict[str, str]:
    """What says on a sheet which evaluation it is about."""
    return {
        **printing.about(evaluation),
        "evaluation_base": evaluation.recognition.base.name,
        "evaluation_round": evaluation.in_round.title,
    }


def _headed(layout: PaperLayout) -> PaperLayout:
    """A sheet whose title says what it is about; one with lines of its own stays as it is."""
    made = [
        replace(element, lines=LINES) if isinstance(element, Title) and not element.lines else element
        for element in layout.elements
    ]
    return replace(layout, elements=tuple(made))


def _opinion_layout(title: str, reasons: int) -> PaperLayout:
    """Whose result it is, the grade, every reason in order, the organiser's seal."""
    facts = [
        *((line.label, line.value) for line in LINES),
        ("考核等次", "grade"),
        ("得分", "score"),
        ("确认日期", "confirmed_on"),
    ]
    said = [f"{number}．{{reason_{number}}}" for number in range(1, reasons + 1)]
    return parse_layout(
        {
            "title": title,
            "elements": [
                {"title": {"title": title, "number": "编号"}},
                {
                    "grid": {
                        "columns": [3, 9],
                        "rows": [[label, {"value": key, "align": "left"}] for label, key in facts],
                    }
                },
                {"text": {"paragraphs": ["等次依据：", *said]}},
                {"signing": {"columns": 1, "blocks": [{"label": "组织单位：", "seal": "（公章）"}], "min_height": 45}},
            ],
        }
    )
