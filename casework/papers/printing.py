"""How a case fills a paper: layout, answers, names, number, code; and what a case offers to print.

An official paper is a row (core.models.Paper, made by `casework.papers`) with a file; a print is made when asked for
and kept nowhere: drafts, blank forms, tables. Papers are Chinese whatever language the reader uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse

from casework.models import Step
from casework.resolver import CaseResolver
from casework.steps.kind import kind_of
from core import clock
from core.forms import store
from core.papers import elements
from core.papers.auto import default_layout
from core.papers.context import OpinionText, PaperContext
from core.papers.format import money_text, names_from, zh
from core.papers.layout import PaperLayout, opinion_keys, parse_layout
from core.papers.merge import file_name
from core.papers.render import render_paper
from core.spreadsheets import SheetColumn, write_table
from core.spreadsheets.columns import to_number
from regulations import fixedtexts
from regulations.cache import per_version
from tenants.models import Organisation

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# --- prints ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Print:
    """Something to print or download from the tab 打印与归档.

    `make` gives the file's bytes; a print without it only leads to `address`. `ext` is pdf, docx or xlsx.
    """

    key: str
    title: str
    make: Callable[[], bytes] | None = None
    ext: str = "pdf"
    note: str = ""
    address: str = ""

    def url(self, case) -> str:
        """Where it is to be had."""
        if self.address:
            return self.address
        if self.key == "draft":
            return reverse("case_draft", args=[case.case_kind, case.pk])
        return reverse("case_print", args=[case.case_kind, case.pk, self.key, self.ext])

    def name(self, case) -> str:
        """序号_学校_基地名称_材料名称."""
        owner = case.university or case.authority
        return file_name(case.number, owner.display_name if owner else "", case.listed_title, self.title, self.ext)


# --- filling -----------------------------------------------------------------------------------------------------


class PaperNames(CaseResolver):
    """Names for papers: a unit that has been closed since keeps its name on what it was part of."""

    def organisation(self, pk: int) -> Organisation | None:
        if pk not in self._organisations:
            self._organisations[pk] = Organisation.objects.filter(pk=pk).first()
        return self._organisations[pk]


def profile_of(case):
    """The profile that governs the case."""
    return case.governing_version().profile


def verify_url(code: str) -> str:
    """The address behind the QR code."""
    return f"{settings.SITE_URL}/verify/{code}/" if code else ""


def declared(case, key: str):
    """What the profile says of a paper, or None where it has none of this name."""
    return profile_of(case).papers.get(key)


def has_layout(case, key: str) -> bool:
    """Whether the profile lays the paper out itself."""
    paper = declared(case, key)
    return paper is not None and bool(paper.layout)


@per_version(256)
def _declared_layout(version, key: str) -> PaperLayout:
    paper = version.profile.papers[key]
    layout = parse_layout(paper.layout, title=zh(paper.title))
    return replace(layout, sheet=paper.sheet) if paper.sheet == "A3_booklet" else layout


def plain_layout(case, key: str, form=None, title: str = "") -> PaperLayout | None:
    """The profile's layout of a paper; one laid out by the house where there is only a form; None without either."""
    paper = declared(case, key)
    if paper is not None and paper.layout:
        return _declared_layout(case.governing_version(), key)
    if form is None:
        return None
    return default_layout(form, title=zh(paper.title) if paper is not None else title)


def layout_of(case, key: str, form=None, title: str = "", *, paper=None) -> PaperLayout | None:
    """The same in the official wording of the unit whose regulation it is: today's, or that of the day on which `paper`
    was issued. One query more than `plain_layout`, which is for whoever asks only how a paper is built."""
    plain = plain_layout(case, key, form, title)
    if plain is None:
        return None
    return fixedtexts.worded(case, key, plain, form, paper.created_at if paper is not None else clock.now())


def filled(
    case,
    layout: PaperLayout,
    *,
    answers: Mapping[str, Any],
    form=None,
    paper=None,
    state: str = "draft",
    opinions: Mapping[str, OpinionText] | None = None,
    blank: bool = False,
) -> bytes:
    """The PDF of a layout with a case's content. `paper`: the row that lends number and code to a final one."""
    context = PaperContext(
        title=paper.title if paper is not None else layout.title,
        answers=answers,
        opinions=opinions or {},
        number=paper.number if paper is not None else case.number,
        version_code=paper.code if paper is not None and state != "draft" else "",
        verify_url=verify_url(paper.code) if paper is not None and state == "final" else "",
        state=state,
        copies=layout.copies if state == "final" else (),
        blank=blank,
        form=form,
        names=names_from(PaperNames(case)),
    )
    return render_paper(layout, context)


def about(case) -> dict[str, str]:
    """What says on a sheet which case it is about; answers under keys that no form has."""
    applies = getattr(case, "applying_units", (case.university, case.college))  # an expert's sheet has none of its own
    units = [unit.display_name for unit in applies if unit is not None]
    return {
        "case_title": case.title,
        "case_applicant": "".join(units),
        "case_partner": case.partner.display_name if case.partner else "",
    }


ABOUT = (
    elements.Line("基地名称", "case_title"),
    elements.Line("申报单位", "case_applicant"),
    elements.Line("合作单位", "case_partner"),
)


def headed(layout: PaperLayout, *more: elements.Line) -> PaperLayout:
    """A sheet whose title says what it is about: `about`, and `more`; one with lines of its own stays as it is."""
    made = [
        replace(element, lines=(*ABOUT, *more))
        if isinstance(element, elements.Title) and not element.lines
        else element
        for element in layout.elements
    ]
    return replace(layout, elements=tuple(made))


def state_of(paper) -> str:
    """How a paper's row is rendered: one voided before anybody printed it never comes out as valid."""
    return "draft" if paper.voided_at and not paper.file else "final"


def answers_in(case, form_key: str, round_number: int) -> dict:
    """A form's answers in a round, `{}` where nothing was saved."""
    row = store.load(case, form_key, round_number)
    return dict(row.answers) if row else {}


# --- steps -------------------------------------------------------------------------------------------------------


def steps_in(case, round_number: int) -> list[Step]:
    """The steps of a round, in the order of the route; those that a page holds are not asked for again."""
    if (prefetched := case.prefetched) is not None and prefetched.round == round_number:
        return prefetched.steps
    rows = Step.about(case).filter(round=round_number)
    return list(rows.select_related("unit", "decision"))


def step_declared(case, step: Step):
    """The profile's step, or None for a row whose step the profile does not have."""
    return next((declaration for declaration in case.declared_route() if declaration.key == step.key), None)


def wants_stamp(case, step: Step) -> bool:
    """Whether the step's opinion is given on paper: signed, stamped and scanned."""
    declaration = step_declared(case, step)
    return declaration is not None and declaration.paper is not None and declaration.paper.scan != "none"


def opinion_of(case, step: Step) -> OpinionText:
    """What a finished step says on a paper: its opinion, a meeting's resolution, else just its outcome in the step's own
    words."""
    text = step.opinion
    if step.decision is not None:
        meeting = f"{step.decision.body}（{step.decision.session}）"
        text = "\n".join(filter(None, [f"经{meeting}审定：{step.decision.resolution}", step.opinion]))
    person = step.decided_by or step.entered_by
    if not text and step.state in ("done", "negative"):
        text = f"{kind_of(step).verdict(step.outcome, case, step_declared(case, step))}。"
    return OpinionText(text, person, step.unit.display_name if step.unit else "", step.on)


def recorded(case, layout: PaperLayout, round_number: int, *, stamped: bool, until=None) -> dict[str, OpinionText]:
    """Opinions recorded in a round for the layout's blocks, by step key; those given on paper only if `stamped`.

    `until` leaves out what was recorded later (a moment).
    """
    keys = set(opinion_keys(layout))
    return {
        step.key: opinion_of(case, step)
        for step in steps_in(case, round_number)
        if step.key in keys
        and step.state in ("done", "negative")
        and (stamped or not wants_stamp(case, step))
        and (until is None or step.closed_at <= until)
    }


def step_with_form(case, key: str, round_number: int) -> Step | None:
    """The finished step whose own form a paper prints (a review sheet, a report of a visit), or None."""
    paper = declared(case, key)
    if paper is None or not paper.form or paper.form in case.form_keys():
        return None
    for step in steps_in(case, round_number):
        declaration = step_declared(case, step)
        if declaration is not None and declaration.form == paper.form and step.state == "done":
            return step
    return None


# --- tables ------------------------------------------------------------------------------------------------------

SHEET_KINDS = {"money": "money", "date": "date", "month": "month"}


def table_of(layout: PaperLayout, key: str) -> elements.RowsTable | None:
    """The layout's table over a table answer."""
    return next(
        (element for element in layout.elements if isinstance(element, elements.RowsTable) and element.value == key),
        None,
    )


class Sheet:
    """A table of a paper as a spreadsheet: the columns the paper prints, amounts as numbers, the rest as texts."""

    def __init__(self, case, table: elements.RowsTable, rows: Iterable[Mapping[str, Any]], form=None):
        self.case, self.table, self.rows = case, table, list(rows)
        self.context = PaperContext(form=form, names=names_from(PaperNames(case)))

    @cached_property
    def columns(self) -> list[SheetColumn]:
        return [
            SheetColumn(
                column.value,
                column.title,
                SHEET_KINDS.get(column.format, "text"),
                max(8, min(round(column.width * 7), 40)),
            )
            for column in self.table.columns
        ]

    def values(self) -> Iterable[dict[str, Any]]:
        """Rows as they are printed; numbers, days and months as they are stored."""
        for row in self.rows:
            yield {
                column.value: row.get(column.value)
                if column.format in SHEET_KINDS
                else self.context.shown(column.value, row=row, table=self.table.value, form=column.format)
                for column in self.table.columns
            }

    def write(self, title: str, lines: Iterable[str] = (), foot: Iterable[str] = ()) -> bytes:
        """The .xlsx; a column that the paper totals gets its total below."""

        def number(value: Any) -> Decimal:
            return to_number(value) or Decimal()

        totals = [
            f"{column.title}{self.table.total_label}：{money_text(sum(map(number, (row.get(column.value) for row in self.rows))))}"
            for column in self.table.columns
            if column.total and self.rows
        ]
        return write_table(title, self.columns, self.values(), lines=list(lines), foot=[*totals, *foot])
