"""The opinions and scoring sheets of a panel's experts on paper: for the unit that runs the panel, and each for its own
expert. What a room offers of a case takes them from here (`panel_prints`, `own_prints`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from casework import panels
from casework.marking import HandedIn, Sheet
from casework.models import Assignment, Step
from casework.papers import printing, sheets
from casework.papers.classes import CasePapers, base_key, kinds
from casework.papers.issued import ensure_file, issue
from casework.papers.printing import Print
from casework.steps.kind import kind_of
from core.forms import store
from core.models import Paper
from core.papers.elements import Box, Line, Sign, Signing
from core.papers.format import zh
from core.papers.layout import PaperLayout
from core.papers.merge import merge_pdfs

SIGNATURE = "专家签字："


class OpinionSheet:
    """One expert's opinion as something that has a paper: kept with the assignment, not with the case, so that
    nobody but the organiser of the panel is led to it."""

    case_kind = "assignment"
    prefetched = None

    def __init__(self, case, assignment: Assignment, place: int):
        self.case, self.assignment, self.pk, self.round = case, assignment, assignment.pk, case.round
        self.number, self.title = f"{case.number}-{place}", case.title
        self.authority, self.university, self.college, self.partner = (
            case.authority,
            case.university,
            case.college,
            case.partner,
        )

    @property
    def applying_units(self):
        return self.case.applying_units

    def governing_version(self):
        return self.case.governing_version()


@kinds.register(OpinionSheet)
class OpinionPapers(CasePapers):
    def content_hash(self) -> str:
        opinion = self.case
        handed_in = panels.as_handed_in(opinion.assignment)
        said = [opinion.case.content_hash(), store.content_hash(opinion.assignment.answers), handed_in.sha256]
        return hashlib.sha256("|".join(said).encode()).hexdigest()

    def render(self, paper: Paper) -> bytes:
        opinion, assignment = self.case, self.case.assignment
        case, key = opinion.case, panel_form(opinion.case, assignment.step)
        form = case.profile.forms[key] if key else None
        answers = {**assignment.answers, **printing.about(opinion), "case_expert": expert_name(assignment)}
        sheet = panels.sheet_for(case, assignment.step)
        if sheet is None:
            layout = printing.layout_of(opinion, base_key(paper.kind), form, paper.title, paper=paper)
        else:
            layout = _marked(sheet, "" if form is None else key, assignment)
            answers |= sheets.answers_of(sheet, panels.as_handed_in(assignment))
        layout = printing.headed(_signed(layout), Line("评审专家", "case_expert"))
        return printing.filled(opinion, layout, answers=answers, form=form, paper=paper, state="final")


def _marked(sheet: Sheet, form_key: str, assignment: Assignment) -> PaperLayout:
    """The personal sheet; below it what the expert wrote where no form of the profile asks for it."""
    layout = sheets.layout(sheet)
    if form_key or not assignment.answers.get("text"):
        return layout
    return replace(layout, elements=(*layout.elements, Box("text", title="评审意见：", min_height=30)))


def _signed(layout: PaperLayout) -> PaperLayout:
    """A sheet laid out by the house has a place for the signature as well."""
    if any(isinstance(element, Signing) for element in layout.elements):
        return layout
    return replace(layout, elements=(*layout.elements, Signing(blocks=(Sign(SIGNATURE), Sign("组织方经办人：")))))


def expert_name(assignment: Assignment) -> str:
    """An expert with the unit they come from."""
    expert = assignment.expert
    unit = expert.employer.display_name if expert.employer else expert.employer_name
    return f"{expert.name}（{unit}）" if unit else expert.name


def panel_form(case, step) -> str:
    """The form that a panel's experts fill in, "" where the profile names none."""
    declared = printing.step_declared(case, step)
    return declared.panel.form if declared is not None and declared.panel is not None else ""


def opinions_given(case, step) -> list[Assignment]:
    """The opinions that stand, in the order in which the experts were asked."""
    if case.prefetched is not None:
        rows = [row for row in case.prefetched.assignments if row.step_id == step.pk]
        return [row for row in rows if row.state == "submitted" and not row.void]
    rows = step.assignments.filter(state="submitted", void=False).select_related("expert", "step__unit")
    return list(rows.order_by("pk"))


def expert_opinions(case, step, actor_name: str, only: Assignment | None = None) -> bytes:
    """Every expert's sheet, one after the other, to be signed by the experts; of one of them alone with `only`."""
    key = panel_form(case, step)
    sheet = panels.sheet_for(case, step)
    paper_key = next((name for name, paper in case.profile.papers.items() if key and paper.form == key), key)
    if sheet is not None:
        paper_key = f"sheet_{sheet.key}"
    files, titles = [], []
    for place, assignment in enumerate(opinions_given(case, step), 1):
        if only is not None and assignment.pk != only.pk:
            continue
        opinion = OpinionSheet(case, assignment, place)
        with transaction.atomic():  # under the assignment's lock: two clicks make one paper
            Assignment.objects.select_for_update().get(pk=assignment.pk)
            paper = issue(opinion, paper_key, actor_name, sheet.title if sheet is not None else "")
        paper = ensure_file(paper, opinion)
        with paper.file.open("rb") as file:
            files.append(file.read())
        titles.append(assignment.expert.name)
    return merge_pdfs(files, titles=titles)


# --- what the case page offers -------------------------------------------------------------------------------------


def panel_prints(case, actor) -> Iterable[Print]:
    """For the unit that runs a panel: an empty sheet, the sheets of the experts to be signed, the summary of all."""
    for step in printing.steps_in(case, case.round):
        if actor is None or not kind_of(step).experts or step.unit_id != actor.organisation_id:
            continue
        if not actor.may("casework.run_panel", step):
            continue
        sheet = panels.sheet_for(case, step)
        if sheet is not None and step.state in ("waiting", "open"):
            title = _("%(title)s（空白表）") % {"title": sheet.title}
            yield Print(f"blank_{step.key}", title, lambda s=sheet: blank(case, s))
        given = opinions_given(case, step)
        if not given:
            continue
        form_key = panel_form(case, step)
        title = sheet.title if sheet else (zh(case.profile.forms[form_key].title) if form_key else "") or step.title
        yield Print(
            f"opinions_{step.key}",
            f"{title}（已提交）",
            lambda s=step: expert_opinions(case, s, actor.name),
            note=_("共%(n)s份，请专家签字") % {"n": len(given)},
        )
        if sheet is not None:
            yield from _summaries(case, step, sheet)
            for place, row in enumerate(given, 1):
                title = f"{sheet.title}_专家{place}"
                yield Print(f"sheet_{row.pk}", title, lambda r=row, s=sheet: _own_table(case, s, r), "xlsx")


def _summaries(case, step: Step, sheet: Sheet) -> Iterable[Print]:
    title, key = sheets.summary_title(sheet), f"summary_{step.key}"
    yield Print(key, title, lambda: summary(case, step, sheet))
    yield Print(key, title, lambda: summary_table(case, step, sheet), "xlsx")


def own_prints(case, actor) -> Iterable[Print]:
    """For an expert of an open panel: their own sheet as handed in."""
    rows = Assignment.about(case).filter(expert_id=actor.user_id, state="submitted", void=False)
    for row in rows.select_related("expert__employer", "step__unit"):
        sheet = panels.sheet_for(case, row.step)
        form_key = panel_form(case, row.step)
        if sheet is None and not form_key:
            continue
        title = sheet.title if sheet else zh(case.profile.forms[form_key].title)
        yield Print(
            f"own_{row.step.key}",
            _("%(title)s（本人已提交）") % {"title": title},
            lambda r=row: expert_opinions(case, r.step, actor.name, only=r),
        )
        if sheet is not None:
            yield Print(f"own_{row.step.key}", sheet.title, lambda r=row, s=sheet: _own_table(case, s, r), "xlsx")


def blank(case, sheet: Sheet) -> bytes:
    """The sheet to be filled in by hand."""
    layout = printing.headed(_signed(sheets.layout(sheet)), Line("评审专家", "case_expert"))
    return printing.filled(case, layout, answers=printing.about(case), blank=True)


def summary(case, step: Step, sheet: Sheet) -> bytes:
    """The marks of all experts beside one another."""
    rows = opinions_given(case, step)
    given = [panels.as_handed_in(row) for row in rows]
    answers = {**printing.about(case), "rows": sheets.shown_rows(sheets.summary_rows(sheet, given))}
    layout = printing.headed(_closed_by(sheets.summary_layout(sheet, [row.expert.name for row in rows])))
    return printing.filled(case, layout, answers=answers, state="review")


def _closed_by(layout: PaperLayout) -> PaperLayout:
    return replace(
        layout, elements=(*layout.elements, Signing(blocks=(Sign("经办人："), Sign("单位（公章）：", "公章"))))
    )


def summary_table(case, step: Step, sheet: Sheet) -> bytes:
    """The same as a spreadsheet."""
    rows = opinions_given(case, step)
    given = [panels.as_handed_in(row) for row in rows]
    return sheets.summary_table(sheet, [row.expert.name for row in rows], given, _lines(case))


def _own_table(case, sheet: Sheet, assignment: Assignment) -> bytes:
    handed_in: HandedIn = panels.as_handed_in(assignment)
    return sheets.table(sheet, handed_in, [*_lines(case), f"评审专家：{expert_name(assignment)}"])


def _lines(case) -> list[str]:
    said = printing.about(case)
    return [f"{line.label}：{said[line.value]}" for line in printing.ABOUT if said[line.value]] + [
        f"编号：{case.number}"
    ]
