"""The papers of an application: the form itself, the sheets of its steps, the experts' opinions, the tables.

On the issued form the blocks of opinions that are given on paper stay empty, to be signed and stamped by hand
(RR-7). What was recorded since is printed by an edition of its own, for the files and for sending on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from casework import papers
from casework.papers import RoutedPapers, printing
from casework.papers.opinions import own_prints, panel_form, panel_prints
from casework.papers.printing import Print
from core.door import get_case
from core.models import Paper
from core.papers.auto import section_elements
from core.papers.elements import Cover, Line, Opinion, Section, Sign, Signing
from core.papers.layout import PaperLayout

SUBMITTED = ("recommending", "reviewing", "deciding", "approved", "rejected")


# --- the form and the sheets -------------------------------------------------------------------------------------


def application(case, paper: Paper) -> bytes:
    """The PDF of an issued paper of the case: its form, the form with the opinions, or a step's own sheet."""
    key, state = papers.base_key(paper.kind), printing.state_of(paper)
    if sheet := _sheet(case, key, paper, state):
        return sheet
    form = case.form_spec(_form_key(case))
    layout = _layout(case, form, paper)
    with_all = key != paper.kind
    said = printing.recorded(case, layout, paper.round, stamped=with_all, until=paper.created_at)
    answers = _answers(case, paper.round)
    return printing.filled(case, layout, answers=answers, form=form, paper=paper, state=state, opinions=said)


def main_paper(case) -> str:
    """The paper that carries the application's form, by its profile; the form's own key where none is declared."""
    form = case.form_keys()[0] if case.form_keys() else ""
    return next((key for key, paper in case.profile.papers.items() if paper.form == form), form)


def _layout(case, form, paper: Paper | None = None) -> PaperLayout:
    """The form's layout, in the official wording of its unit."""
    key = main_paper(case)
    return _whole(case, form, printing.layout_of(case, key, form, papers.title_of(case, key), paper=paper))


def _whole(case, form, laid_out: PaperLayout) -> PaperLayout:
    """A layout with what belongs to this case. A cover that names nobody but the partner gets the applying unit and the
    day of handing in."""
    layout = _of_its_track(case, laid_out)
    if not printing.has_layout(case, main_paper(case)):
        return _completed(case, layout)
    cover = layout.elements[0]
    if not isinstance(cover, Cover):
        return layout
    fields = {field.key: field for section in form.sections for field in section.fields}
    bound = [fields[line.value] for line in cover.lines if line.value in fields]
    lines = list(cover.lines)
    if not any(field.type == "organisation" and "partner" not in (field.kinds or ()) for field in bound):
        lines.insert(1, Line("申报单位", "case_applicant"))
    if not any(field.type == "date" for field in bound):
        lines.append(Line("申报日期", "case_submitted_on", format="date"))
    return replace(layout, elements=(replace(cover, lines=tuple(lines)), *layout.elements[1:]))


def _of_its_track(case, layout: PaperLayout) -> PaperLayout:
    """Without the opinions of steps that only another way of applying has."""
    others = {step.key for step in case.declared_route() if not case.follows(step)}
    kept = [element for element in layout.elements if not (isinstance(element, Opinion) and element.key in others)]
    return replace(layout, elements=tuple(kept))


def opinions(case) -> dict:
    """The opinions recorded in this round for the blocks of the form, by step key."""
    key, form = main_paper(case), case.form_spec(_form_key(case))
    layout = _whole(case, form, printing.plain_layout(case, key, form, papers.title_of(case, key)))
    return printing.recorded(case, layout, case.round, stamped=True)


def _completed(case, layout: PaperLayout) -> PaperLayout:
    """A form laid out by the house: who applies and when, and a block for every opinion that is given on paper."""
    lines = (Line("申报单位", "case_applicant"), Line("申报日期", "case_submitted_on", format="date"))
    head = replace(layout.elements[0], lines=lines)
    blocks = [
        Opinion(step.key, f"{step.title}：", signature="负责人签字：", seal="公章", min_height=45)
        for step in case.declared_route()
        if step.paper is not None and step.paper.scan != "none" and (not step.tracks or case.track in step.tracks)
    ]
    foot = Signing(blocks=(Sign("负责人签字："), Sign("申报单位（公章）", "公章")), min_height=48)
    return replace(layout, elements=(head, *layout.elements[1:], *(blocks or [foot])))


def _answers(case, round_number: int) -> dict:
    day = case.submitted_on.isoformat() if case.submitted_on else ""
    return {
        **printing.answers_in(case, _form_key(case), round_number),
        **printing.about(case),
        "case_submitted_on": day,
    }


def _form_key(case) -> str:
    return case.form_keys()[0]


def _sheet(case, key: str, paper: Paper, state: str) -> bytes | None:
    """The PDF of a step's own form with the answers of the step, or None for a paper of the dossier."""
    step = printing.step_with_form(case, key, paper.round)
    if step is None:
        return None
    form = case.form_spec(printing.declared(case, key).form)
    return printing.filled(
        case,
        printing.headed(printing.layout_of(case, key, form, paper=paper)),
        answers={**step.answers, **printing.about(case)},
        form=form,
        paper=paper,
        state=state,
        opinions={step.key: printing.opinion_of(case, step)},
    )


def draft(case) -> bytes:
    """The form as it stands: marked as a draft (不得用印) until it is handed in, then as 送审稿; no opinions."""
    form = case.form_spec(_form_key(case))
    state = "review" if case.state in SUBMITTED else "draft"
    return printing.filled(case, _layout(case, form), answers=_answers(case, case.round), form=form, state=state)


def blank(case, key: str, form_key: str) -> bytes:
    """The empty form, to be filled in by hand."""
    form = case.form_spec(form_key)
    dossier = form_key in case.form_keys()
    layout = _layout(case, form) if dossier else printing.headed(_signed(printing.layout_of(case, key, form)))
    return printing.filled(case, layout, answers={}, form=form, blank=True)


def _signed(layout: PaperLayout, label: str = "签字：") -> PaperLayout:
    """A sheet laid out by the house has a place for the signature as well."""
    if any(isinstance(element, Signing) for element in layout.elements):
        return layout
    blocks = (Sign(label), Sign("组织方经办人："))
    return replace(layout, elements=(*layout.elements, Signing(blocks=blocks)))


# --- tables ------------------------------------------------------------------------------------------------------


def tables(case) -> list[tuple[str, str]]:
    """(answer key, title) of the named attachments that are tables of the form (NM-8.1)."""
    form = case.form_spec(_form_key(case))
    fields = {field.key: field for section in form.sections for field in section.fields if field.type == "table"}
    return [
        (attachment.field, str(attachment.title))
        for attachment in (case.profile.apply.attachments if case.profile.apply else [])
        if attachment.field in fields
    ]


def table_sheet(case, key: str, title: str) -> bytes:
    """One of the form's tables as a spreadsheet, with the columns that the paper prints."""
    form_key = _form_key(case)
    form = case.form_spec(form_key)
    table = printing.table_of(_layout(case, form), key)
    if table is None:
        section = next(section.key for section in form.sections if any(field.key == key for field in section.fields))
        table = next(
            element for element in section_elements(Section(section), form) if getattr(element, "value", "") == key
        )
    rows = printing.answers_in(case, form_key, case.round).get(key) or []
    lines = [f"基地名称：{case.title}", f"申报单位：{case.university.display_name}", f"编号：{case.number}"]
    return printing.Sheet(case, table, rows, form).write(title, lines, ["填表人：", "单位（公章）："])


def member_rows(case_list) -> list[dict]:
    """What the lists of a call print of each member."""
    rows = []
    for entry in case_list.members():
        case = get_case(entry.case_kind, entry.case_id)
        rows.append(
            {
                "base_name": entry.case_title,
                "category_name": case.category_name,
                "category_code": case.category_code,
                "university": case.university.display_name if case.university else "",
                "partner": case.partner.display_name if case.partner else "",
                "leader": case.leader_name,
                "rank": entry.rank,
                "note": entry.note,
            }
        )
    return rows


# --- what the case page offers -------------------------------------------------------------------------------------


def prints(case, actor=None, reviewer: bool = False) -> list[Print]:
    """What a reader of the case may print. An assigned expert gets the dossier alone, without any opinion."""
    if not case.form_keys():
        return []
    title = papers.title_of(case, main_paper(case))
    if case.state in SUBMITTED:
        dossier = Print("draft", f"{title}（送审稿）", lambda: draft(case), note=_("不含办理意见，仅供审阅"))
    else:
        dossier = Print("draft", f"{title}（草稿）", lambda: draft(case), note=_("草稿（不得用印）"))
    if reviewer:
        return [dossier, *own_prints(case, actor)]
    offers = [*_booklet(case), *_recorded(case, actor, title), dossier]
    for key, table_title in tables(case):
        offers.append(Print(f"table_{key}", table_title, lambda k=key, t=table_title: table_sheet(case, k, t), "xlsx"))
    offers += [*_sheets(case, actor), *panel_prints(case, actor)]
    offers.append(Print("blank", f"{title}（空白表）", lambda: blank(case, main_paper(case), _form_key(case))))
    return offers


def _booklet(case) -> Iterable[Print]:
    """The issued form on A3 sheets for binding in the fold, where the regulation prescribes that."""
    layout = printing.plain_layout(case, main_paper(case), case.form_spec(_form_key(case)))
    if layout.sheet != "A3_booklet":
        return
    if (paper := papers.current(case, main_paper(case))) is not None:
        url = reverse("case_paper_pdf", args=[case.case_kind, case.pk, paper.pk])
        yield Print(
            "booklet",
            f"{paper.title}（A3中缝装订）",
            note=_("双面打印，短边翻转，中缝对折装订"),
            address=f"{url}?booklet",
        )


def _recorded(case, actor, title: str) -> Iterable[Print]:
    """The edition with the opinions, once one of its blocks has something to print."""
    key = main_paper(case)
    if case.state not in SUBMITTED or not opinions(case):
        return
    make = partial(papers.print_now, case, key + papers.RECORDED, actor.name if actor is not None else "")
    yield Print("recorded", f"{title}（含办理意见）", make, note=_("签章处留空，办理意见取自办理记录"))


def _sheets(case, actor) -> Iterable[Print]:
    """For the unit that runs a step: its form to fill in by hand."""
    for step in printing.steps_in(case, case.round):
        if actor is None or step.unit_id != actor.organisation_id:
            continue
        declared = printing.step_declared(case, step)
        form_key = declared.form if declared is not None and declared.form else panel_form(case, step)
        if not form_key or form_key in case.form_keys():
            continue
        key = next((name for name, paper in case.profile.papers.items() if paper.form == form_key), "")
        if key and step.state in ("waiting", "open"):
            yield Print(
                f"blank_{step.key}",
                f"{papers.title_of(case, key)}（空白表）",
                lambda k=key, f=form_key: blank(case, k, f),
            )


@papers.kinds.register(Application)
class ApplicationPapers(RoutedPapers):
    def issuer(self) -> str:
        return printing.about(self.case)["case_applicant"]

    def main(self) -> str:
        return main_paper(self.case)

    def render(self, paper: Paper) -> bytes:
        return application(self.case, paper)

    def opinions(self) -> dict:
        return opinions(self.case)

    def prints(self, actor=None, reviewer: bool = False) -> list[Print]:
        return prints(self.case, actor, reviewer)
