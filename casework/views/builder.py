"""Fills the case page: where it is, who has it, what happened, what the reader can do next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import access
from casework.models import Effect, Override, Record, Step
from casework.pages import Page, kinds
from casework.pages.findings import clause, closed_sections, finding_pages, form_url
from casework.pages.links import link_lines
from casework.pages.opinions import opinions
from casework.pages.sealing import parcel_rows, parcel_url, to_stamp
from casework.permissions import acts_on_step
from casework.prefetched import COLUMNS, Prefetched
from casework.steps.corrections import marked_in
from core import clock, pages
from core.door import available, moves
from core.forms import store
from core.forms.completeness import completeness
from core.forms.reading import reading
from core.language import bracketed, listed, shown
from core.models import Document, FormAnswer, TransitionLog
from regulations import wording
from tenants import roles
from tenants.models import Membership

STEP_STATUS = {
    "done": pages.DONE,
    "open": pages.CURRENT,
    "waiting": pages.AHEAD,
    "negative": pages.NEGATIVE,
    "returned": pages.NEGATIVE,
    "skipped": pages.SKIPPED,
    "void": pages.SKIPPED,
}


def move_url(case, code: str, step=None) -> str:
    url = reverse("case_do", args=[case.case_kind, case.pk, code])
    return f"{url}?step={step.pk}" if step is not None else url


def build(request: HttpRequest, case, round_number: int | None = None) -> pages.CasePage:
    """The page of a case as the request's membership sees it; an earlier round is read-only."""
    reviewer = access.is_reviewer(request, case)
    round_shown = round_number if round_number and round_number < case.round else case.round
    case.prefetched = Prefetched(case, round_shown)
    steps = case.prefetched.steps
    own = kinds.for_case(case)(case, request.membership, reviewer=reviewer)
    related = _related(request, own)
    page = pages.CasePage(
        kind=case.case_kind,
        kind_label=case.kind_label or case.case_kind,
        id=case.pk,
        title=case.listed_title,
        number=case.number,
        version=case.version,
        state=case.state,
        state_label=case.get_state_display(),
        url=case.get_absolute_url(),
        demo=bool((case.university or case.authority) and (case.university or case.authority).is_demo),
        facts=_facts(own, {row.url for row in related}),
    )
    page.outcome, page.refresh = own.outcome(), own.refresh()
    page.progress = [_progress(case, step) for step in steps]
    page.rounds = _rounds(case, round_shown)
    if round_shown != case.round:
        page.read_only = _("这是第%(n)s轮的材料，仅供查阅。") % {"n": round_shown}
    else:
        open_steps = [step for step in steps if step.state == "open"]
        page.current = _current(request, case, open_steps)
        page.due = min((step.due_on for step in open_steps if step.due_on), default=None)
        page.due_estimated = any(step.due_estimated and step.due_on == page.due for step in open_steps)
        page.clause = clause(case, open_steps[0].clause) if open_steps else ""
        page.choices = _choices(request, own)
        _check(page, own)
        page.hints = own.hints()
    if not reviewer:
        page.opinions = opinions(case, steps, request.membership)
        page.log = _log(own)
        page.papers = _papers(case)
        page.parcels = parcel_rows(case.prefetched.parcels)
    if round_shown == case.round and not reviewer:
        page.sealing = to_stamp(case, request.membership.organisation_id)
        page.parcel_url = parcel_url(request.membership, case) if page.sealing or page.papers else ""
    page.forms = form_parts(request, case, round_shown)
    is_open = access.reads_dossier(request, case)
    page.documents = document_rows(request, own)
    page.prints = _prints(own, page.papers) if is_open else []
    page.extras = own.extras() if is_open else []
    page.related = related
    page.contact = _contact(case)
    return page


def _facts(own: Page, open_to_reader: set[str]) -> list[pages.Fact]:
    case = own.case
    facts = [pages.Fact(_("编号"), case.number)]
    for column, label in (
        ("university", _("学校")),
        ("college", _("学院")),
        ("partner", _("合作单位")),
        ("authority", _("主管部门")),
    ):
        organisation = getattr(case, column)
        if organisation is not None:
            facts.append(pages.Fact(label, organisation.display_name))
    version = case.governing_version()
    if version is not None:
        facts.append(
            pages.Fact(
                _("适用办法"),
                wording.words(version.profile.head.title),
                f"/regulations/{version.regulation.code}/{version.number}/",
            )
        )
    return facts + [_fact(open_to_reader, *given) for given in own.facts()]


def _fact(open_to_reader: set[str], label, value, about=None) -> pages.Fact:
    """A line of the header, linked to a public address, or to a related case for whoever may open it."""
    if about is None or isinstance(about, str):
        return pages.Fact(label, value, about or "")
    url = about.get_absolute_url()
    return pages.Fact(label, value, url if url in open_to_reader else "")


def _progress(case, step: Step) -> pages.ProgressStep:
    status = STEP_STATUS[step.state]
    if step.state == "done" and not step.finished:
        status = pages.CURRENT
    note = _("盖章件待核对") if step.scan == "to_match" else (_("不适用") if step.state == "skipped" else "")
    return pages.ProgressStep(
        shown(step.title),
        status,
        step.on,
        step.unit.display_name if step.unit else "",
        clause(case, step.clause),
        note,
    )


def _rounds(case, round_shown: int) -> list[pages.RoundLink]:
    if case.round == 1:
        return []
    url = case.get_absolute_url()
    return [
        pages.RoundLink(n, f"{url}?round={n}", n == round_shown, _("第%(n)s轮") % {"n": n})
        for n in range(1, case.round + 1)
    ]


def _current(request, case, steps: list[Step]) -> list[pages.CurrentStep]:
    asked = {(step.unit_id, step.role) for step in steps if step.assignee is None}
    people: dict[tuple, str] = {}
    for unit, role, name in Membership.objects.first_of(asked) if asked else ():
        people.setdefault((unit, role), name)
    return [
        pages.CurrentStep(
            shown(step.title),
            step.unit.display_name if step.unit else "",
            step.assignee.name
            if step.assignee
            else people.get((step.unit_id, step.role)) or roles.role_label(step.role),
            (step.unit.phone or "") if step.unit else "",
            step.due_on,
            step.opened_at,
            clause(case, step.clause),
            mine=acts_on_step(request.membership, step),
            estimated=step.due_estimated,
        )
        for step in steps
    ]


def _choices(request, own: Page) -> list[pages.ActionChoice]:
    case, choices = own.case, []
    idle = own.idle_moves()
    for choice in available(case, request.membership):
        if choice.move.code in idle:
            continue
        subject = choice.subject
        choices.append(
            pages.ActionChoice(
                choice.move.code,
                str(choice.move.label),
                choice.allowed,
                move_url(case, choice.move.code, subject) if choice.allowed else "",
                choice.why_not,
                choice.move.primary and own.asks(choice.move.code, subject),
                _step_title(subject),
                subject.pk if subject is not None else None,
                choice.move.icon,
                str(choice.move.confirm),
                choice.move.help or _matter(subject),
                direct=choice.move.form is None,
                beside=choice.move.code in own.beside,
                careful=choice.move.code in own.careful,
            )
        )
    return choices + own.choices()


def _matter(subject) -> str:
    """What an act on a consequence or on a record is about: several of them have the same buttons."""
    return shown(subject.title) if isinstance(subject, Effect | Record) else ""


def _step_title(subject) -> str:
    """The step that an act on a step, on an assignment or on a paper let wait is about; of experts also which one."""
    if isinstance(subject, Override):
        return shown(subject.facts.get("step", ""))
    step = subject if isinstance(subject, Step) else getattr(subject, "step", None)
    if step is None:
        return ""
    title = shown(step.title)
    return title if subject is step else listed((title, subject.expert.name), "，")


def _check(page: pages.CasePage, own: Page) -> None:
    """The findings that hold back the case's next declared act, for the reader who could make it."""
    page.held_back, findings = own.findings()
    page.findings_checked = bool(page.held_back)
    if page.held_back:
        page.findings_for = str(moves(type(own.case))[page.held_back].label)
        page.findings = finding_pages(own.case, findings, own.membership)
        if page.findings and own.untouched():
            page.findings = [replace(each, todo=each.finding.form in own.case.form_keys()) for each in page.findings]


def _log(own: Page) -> list[pages.LogEntry]:
    case = own.case
    states = dict(type(case)._meta.get_field("state").choices)
    rows = list(
        TransitionLog.about(case)
        .order_by("-id")
        .defer("data", "facts", "case_title", "regulation", "correlation")[:200]
    )
    declared, by_link = moves(type(case)), link_lines(rows)
    return [
        pages.LogEntry(
            _actor(own, row),
            row.organisation_name,
            shown(row.label) or row.transition,
            row.at,
            roles.role_label(row.role) if row.role not in ("system", "public", "") else "",
            shown(row.step_title),
            "" if row.is_unnamed_for(own.membership) else row.reason,
            row.on,
            row.real_at,
            row.decided_by,
            case.state_of(row.to_state),
            str(states.get(row.to_state, "")) if row.to_state != row.from_state else "",
            row.round,
            negative=row.transition in own.negative,
            facts=by_link.get(row.pk, ()),
        )
        for row in rows
        if not (declared.get(row.transition) and row.transition == "advance" and row.from_state == row.to_state)
    ]


def _actor(own: Page, row: TransitionLog) -> str:
    """Who acted, as the reader may know; the portal itself and the public in the reader's language."""
    name = row.name_for(own.membership)
    return shown(name) if row.role in ("system", "public") or row.is_unnamed_for(own.membership) else name


def _papers(case) -> list[pages.PaperRow]:
    rows = []
    for paper in case.prefetched.papers:
        url = reverse("case_paper", args=[case.case_kind, case.pk, paper.pk])
        stamps = list(paper.stamped.all()) or [None]
        for stamp in stamps:
            state = paper.stamp_state(stamp)
            rows.append(
                pages.PaperRow(
                    shown(paper.title),
                    _("第%(v)s版") % {"v": paper.version},
                    state,
                    str(state.label),
                    shown(paper.seal_kind),
                    listed(shown(copy["label"]) for copy in paper.copies),
                    f"{url}pdf/",
                    url,
                    scan_name=stamp.document.name if stamp else "",
                    scan_url=reverse("document", args=[stamp.document.uid]) if stamp else "",
                    compare_url=f"{url}?scan={stamp.pk}" if stamp else "",
                    keeper=(stamp.kept_at if stamp else "") or shown(paper.keeper),
                    on=stamp.on if stamp else clock.local(paper.created_at).date(),
                    code=paper.code,
                    round=paper.round,
                    note=shown(paper.void_reason) or (stamp.note if stamp else ""),
                )
            )
    return rows


def document_rows(request: HttpRequest, own: Page) -> list[pages.DocumentRow]:
    """The files of a case that the reader may open. The case is prefetched."""
    rows = access.readable(request, own.case, own.case.prefetched.documents)
    labels = own.upload_labels() if rows else {}
    return [_document(row, labels) for row in rows]


def form_parts(request: HttpRequest, case, round_shown: int) -> list[pages.FormPart]:
    """The forms of the dossier in a round, as far as the reader may read them. The case is prefetched."""
    parts = []
    resolver = case.resolver(request.membership)
    for key in access.reads_forms(request, case):
        spec = case.form_spec(key)
        row = store.load(case, key, round_shown)
        answers = dict(row.answers) if row else {}
        editable = case.editable_sections(key, request.membership) if round_shown == case.round else set()
        sections = ()
        if editable:
            others = closed_sections(case, key, request.membership)
            wanted = marked_in(case, key)
            sections = tuple(
                pages.SectionState(
                    part.title,
                    part.filled,
                    part.needed,
                    len(part.findings),
                    "" if part.key in others else f"{form_url(case, key)}#s-{part.key}",
                    _("由%(r)s填写") % {"r": others[part.key]} if part.key in others else "",
                    part.key in wanted,
                )
                for part in completeness(spec, answers)
            )
        parts.append(
            pages.FormPart(
                key,
                str(spec.title),
                partial(reading, spec, case.shown_answers(key, answers), resolver),
                _kept(case, row) if row else "",
                form_url(case, key) if editable else "",
                sections=sections,
                round=round_shown,
                saved_at=row.updated_at if row else None,
                saved_by=row.updated_name if row else "",
            )
        )
    return parts


def _kept(case, row: FormAnswer) -> str:
    """All that the drawn answers depend on: what was saved, the rules that say how it reads, files and names in it."""
    version = case.governing_version()
    parts = [
        row.pk,
        row.revision,
        row.updated_at.isoformat(),
        row.sha256,
        version.sha256 if version else "",
        *(document.uid for document in case.prefetched.documents),
        *(organisation.display_name for column in COLUMNS if (organisation := getattr(case, column)) is not None),
    ]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _document(row: Document, labels: dict) -> pages.DocumentRow:
    return pages.DocumentRow(
        row.name,
        reverse("document", args=[row.uid]),
        str(labels.get(row.purpose, "")),
        row.size,
        row.content_type,
        row.uploaded_by.name if row.uploaded_by else "",
        "",
        row.uploaded_at,
    )


def _prints(own: Page, papers: Iterable[pages.PaperRow]) -> list[pages.PrintRow]:
    rows, seen = [], set()
    for paper in papers:
        if paper.pdf_url not in seen and not paper.void:
            seen.add(paper.pdf_url)
            rows.append(pages.PrintRow(bracketed(paper.title, paper.version), paper.pdf_url, paper.preview_url))
    for offer in own.prints():
        column = {"docx": "docx_url", "xlsx": "sheet_url"}.get(offer.ext, "url")
        rows.append(pages.PrintRow(shown(offer.title), note=shown(offer.note), **{column: offer.url(own.case)}))
    return rows


def _related(request, own: Page) -> list[pages.Related]:
    others = [(label, other) for label, other in own.related() if other is not None]
    seen = request.membership.seen_of([other for _label, other in others])
    return [
        pages.Related(label, other.listed_title, other.get_absolute_url(), other.state, other.get_state_display())
        for label, other in others
        if other in seen
    ]


def _contact(case) -> str:
    organisation = case.authority or case.university
    if organisation is None:
        return ""
    return listed((part for part in (organisation.display_name, organisation.office, organisation.phone) if part), "，")
