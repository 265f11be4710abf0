"""Fills the case page: where it is, who has it, what happened, what the reader can do next."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from casework import access
from casework.models import Effect, Step
from core import clock, pages
from core.door import available, moves
from core.findings import Finding
from core.forms import store
from core.forms.reading import reading
from core.models import Document, Paper, TransitionLog
from regulations import wording
from regulations.models import Regulation
from regulations.services import version_on
from tenants import roles

SCAN_LABELS = {
    "none": _("无需盖章"), "to_print": _("待打印"), "to_upload": _("待上传"), "to_match": _("待核对"),
    "matched": _("一致"), "mismatch": _("不一致"), "void": _("已作废"), "sealing": _("用印中"),
}  # fmt: skip
KIND_LABELS = {
    "application": _("申报项目"), "agreement": _("协议"), "recognition": _("基地"), "call": _("申报批次"),
    "list": _("名单"), "notice": _("公示"), "override": _("例外申请"),
}  # fmt: skip
CAREFUL = {"withdraw", "not_recommend", "cancel", "abandon", "terminate", "refuse", "remove_member", "recuse"}
STEP_STATUS = {
    "done": pages.DONE, "open": pages.CURRENT, "waiting": pages.AHEAD, "negative": pages.NEGATIVE,
    "returned": pages.NEGATIVE, "skipped": pages.SKIPPED, "void": pages.SKIPPED,
}  # fmt: skip


def clause(case, code: str) -> pages.Clause:
    """A clause as people cite it, with the place on the reading page. One of another regulation (a university's own
    beside the province's) names that regulation too."""
    own = case.governing_version()
    if not code:
        return pages.Clause("")
    version = _version_of(code, own)
    if version is None:
        return pages.Clause(code)
    words = wording.article(version.profile, code)
    if own is not None and version.regulation_id != own.regulation_id:
        head = version.profile.head
        words = f"《{wording.words(head.short or head.title)}》{words}"
    return pages.Clause(words, f"/regulations/{version.regulation.code}/{version.number}/#{code}")


def _version_of(code: str, own):
    """The version in which a clause stands: the case's own, or that in force today of the regulation it names."""
    named = code.partition("-")[0]
    if own is None or named == own.profile.code:
        return own
    regulation = Regulation.objects.filter(code=named).first()
    return (version_on(regulation, clock.today()) if regulation else None) or own


def finding_page(case, finding: Finding) -> pages.PageFinding:
    url = ""
    if finding.form:
        url = form_url(case, finding.form) + (f"#f-{finding.field}" if finding.field else "")
    return pages.PageFinding(finding, url=url, clause=clause(case, finding.clause))


def form_url(case, form: str) -> str:
    return reverse("case_form", args=[case.case_kind, case.pk, form])


def move_url(case, code: str, step=None) -> str:
    url = reverse("case_do", args=[case.case_kind, case.pk, code])
    return f"{url}?step={step.pk}" if step is not None else url


def build(request: HttpRequest, case, round_number: int | None = None) -> pages.CasePage:
    """The page of a case as the request's membership sees it; an earlier round is read-only."""
    reviewer = access.is_reviewer(request, case)
    shown = round_number if round_number and round_number < case.round else case.round
    steps = list(
        Step.objects.filter(case_kind=case.case_kind, case_id=case.pk, round=shown).select_related(
            "unit", "decision"
        )
    )
    if hasattr(case, "hold_steps") and shown == case.round:
        case.hold_steps(steps)
    page = pages.CasePage(
        kind=case.case_kind,
        kind_label=KIND_LABELS.get(case.case_kind, case.case_kind),
        id=case.pk,
        title=case.title,
        number=case.number,
        version=case.version,
        state=case.state,
        state_label=case.get_state_display(),
        url=case.get_absolute_url(),
        demo=bool((case.university or case.authority) and (case.university or case.authority).is_demo),
        facts=_facts(case),
    )
    page.progress = [_progress(case, step) for step in steps]
    page.rounds = _rounds(case, shown)
    if shown != case.round:
        page.read_only = _("这是第%(n)s轮的材料，仅供查阅。") % {"n": shown}
    else:
        open_steps = [step for step in steps if step.state == "open"]
        page.current = [_current(request, case, step) for step in open_steps]
        page.due = min((step.due_on for step in open_steps if step.due_on), default=None)
        page.clause = clause(case, open_steps[0].clause) if open_steps else ""
        page.choices = _choices(request, case)
        page.findings, page.findings_for, page.findings_checked = _findings(request, case)
        page.hints = _hints(case)
    if not reviewer:
        page.opinions = [o for o in (_opinion(step) for step in steps) if o]
        page.log = _log(case)
        page.papers = _papers(case)
    page.forms = _forms(request, case, shown)
    page.documents = _documents(case, access.dossier_documents(case) if reviewer else None)
    page.prints = _prints(request, case, page.papers, reviewer)
    if hasattr(case, "page_extras"):
        page.extras = case.page_extras(request)
    page.related = _related(request, case)
    page.contact = _contact(case)
    return page


def _facts(case) -> list[pages.Fact]:
    found = [pages.Fact(_("编号"), case.number)]
    for column, label in (
        ("university", _("学校")),
        ("college", _("学院")),
        ("partner", _("合作单位")),
        ("authority", _("主管部门")),
    ):
        organisation = getattr(case, column)
        if organisation is not None:
            found.append(pages.Fact(label, organisation.display_name))
    version = case.governing_version()
    if version is not None:
        found.append(pages.Fact(_("适用办法"), wording.words(version.profile.head.title),
                                f"/regulations/{version.regulation.code}/{version.number}/"))  # fmt: skip
    if hasattr(case, "header_facts"):
        found += [pages.Fact(*pair) for pair in case.header_facts()]
    return found


def _progress(case, step: Step) -> pages.ProgressStep:
    status = STEP_STATUS[step.state]
    if step.state == "done" and not step.finished:
        status = pages.CURRENT
    note = _("盖章件待核对") if step.scan == "to_match" else (_("不适用") if step.state == "skipped" else "")
    return pages.ProgressStep(
        step.title,
        status,
        step.on,
        step.unit.display_name if step.unit else "",
        clause(case, step.clause),
        note,
    )


def _rounds(case, shown: int) -> list[pages.RoundLink]:
    if case.round == 1:
        return []
    url = case.get_absolute_url()
    return [
        pages.RoundLink(n, f"{url}?round={n}", n == shown, _("第%(n)s轮") % {"n": n})
        for n in range(1, case.round + 1)
    ]


def _current(request, case, step: Step) -> pages.CurrentStep:
    from casework.permissions import acts_on_step
    from tenants.models import Membership

    person = next(iter(Membership.objects.of(step.unit_id, step.role)[:1]), None)
    return pages.CurrentStep(
        step.title,
        step.unit.display_name if step.unit else "",
        person.name if person else roles.role_label(step.role),
        (step.unit.phone or "") if step.unit else "",
        step.due_on,
        step.opened_at,
        clause(case, step.clause),
        mine=acts_on_step(request.membership, step),
    )


def _choices(request, case) -> list[pages.ActionChoice]:
    found = []
    for choice in available(case, request.membership):
        subject = choice.subject
        step = subject if isinstance(subject, Step) else getattr(subject, "step", None)
        found.append(
            pages.ActionChoice(
                choice.move.code,
                str(choice.move.label),
                choice.allowed,
                move_url(case, choice.move.code, subject) if choice.allowed else "",
                choice.why_not,
                choice.move.primary,
                step.title if step is not None else "",
                subject.pk if subject is not None else None,
                choice.move.icon,
                str(choice.move.confirm),
                choice.move.help,
                direct=choice.move.form is None,
                careful=choice.move.code in CAREFUL,
            )
        )
    if hasattr(case, "extra_choices"):
        found += case.extra_choices(request)
    return found


def _findings(request, case) -> tuple[list[pages.PageFinding], str, bool]:
    """The findings that hold back the case's next declared act, for the reader who could make it."""
    if not hasattr(case, "standing_findings"):
        return [], "", False
    label, findings = case.standing_findings(request.membership)
    if label is None:
        return [], "", False
    return [finding_page(case, finding) for finding in findings], label, True


def _hints(case) -> list[pages.Hint]:
    hints = []
    note = getattr(case, "correction_note", "")
    if note and case.state == "draft":
        due = getattr(case, "correction_due", None)
        title = _("退回修改") + (_("，补正期限%(d)s") % {"d": due} if due else "")
        hints.append(pages.Hint(note, "orange", title=title))
    for effect in Effect.objects.filter(
        target_kind=case.case_kind, target_id=case.pk, kind="task", lifted_on=None
    ):
        cited = clause(case, effect.clause)
        hints.append(pages.Hint(_("自%(d)s起待办") % {"d": effect.from_on} + (f"（{cited}）" if cited else ""), "yellow",
                                title=effect.title))  # fmt: skip
    for name, title in (("outcome_reason", _("未通过的原因")), ("decline_reason", _("不予确认的原因"))):
        if getattr(case, name, "") and case.state in ("rejected", "withdrawn", "declined"):
            hints.append(pages.Hint(getattr(case, name), "red", title=title))
    return hints


def _opinion(step: Step) -> pages.Opinion | None:
    if step.state not in ("done", "negative", "returned") or step.kind in ("list", "notice", "agreement"):
        return None
    from casework.stepforms import OUTCOMES

    verdict = dict(OUTCOMES.get(step.kind, [])).get(step.outcome, step.outcome)
    person = step.decided_by or step.entered_by
    return pages.Opinion(
        step.title, step.unit.display_name if step.unit else "", person, str(verdict), step.opinion, step.on,
        step.outcome in ("negative", "return"), step.entered_by if step.entered_by != person else "", step.round,
    )  # fmt: skip


def _log(case) -> list[pages.LogEntry]:
    states = dict(type(case)._meta.get_field("state").choices)
    rows = TransitionLog.objects.filter(case_kind=case.case_kind, case_id=case.pk).order_by("-id")[:200]
    declared = moves(type(case))
    return [
        pages.LogEntry(
            row.actor_name, row.organisation_name, row.label or row.transition, row.at,
            roles.role_label(row.role) if row.role not in ("system", "public", "") else "", row.step_title, row.reason,
            row.on, row.real_at, row.decided_by, row.to_state,
            str(states.get(row.to_state, "")) if row.to_state != row.from_state else "", row.round,
            negative=row.transition in ("send_back", "turn_down", "refuse", "not_recommend"),
        )
        for row in rows
        if not (declared.get(row.transition) and row.transition == "advance" and row.from_state == row.to_state)
    ]  # fmt: skip


def _papers(case) -> list[pages.PaperRow]:
    rows = (
        Paper.objects.filter(case_kind=case.case_kind, case_id=case.pk)
        .order_by("-pk")
        .prefetch_related("stamped__document")
    )
    found = []
    for paper in rows:
        url = reverse("case_paper", args=[case.case_kind, case.pk, paper.pk])
        stamps = list(paper.stamped.all()) or [None]
        for stamp in stamps:
            state = (
                "void"
                if paper.voided_at
                else (stamp.state if stamp else ("to_print" if paper.seal_kind else "none"))
            )
            found.append(
                pages.PaperRow(
                    paper.title, _("第%(v)s版") % {"v": paper.version}, state, str(SCAN_LABELS[state]), paper.seal_kind,
                    "、".join(copy["label"] for copy in paper.copies), f"{url}pdf/", url,
                    scan_name=stamp.document.name if stamp else "",
                    scan_url=reverse("document", args=[stamp.document.uid]) if stamp else "",
                    compare_url=f"{url}?scan={stamp.pk}" if stamp else "", keeper=paper.keeper,
                    on=stamp.on if stamp else clock.local(paper.created_at).date(), code=paper.code, round=paper.round,
                    note=paper.void_reason or (stamp.note if stamp else ""),
                )
            )  # fmt: skip
    return found


def _forms(request, case, shown: int) -> list[pages.FormPart]:
    from core.forms.completeness import completeness

    found = []
    resolver = case.resolver(request.membership) if hasattr(case, "resolver") else None
    for key in access.reads_forms(request, case):
        spec = case.form_spec(key)
        row = store.load(case, key, shown)
        answers = dict(row.answers) if row else {}
        editable = case.editable_sections(key, request.membership) if shown == case.round else set()
        sections = ()
        if editable:
            sections = tuple(
                pages.SectionState(
                    part.title,
                    part.filled,
                    part.needed,
                    len(part.findings),
                    f"{form_url(case, key)}#s-{part.key}",
                )
                for part in completeness(spec, answers)
            )
        found.append(
            pages.FormPart(
                key, str(spec.title), reading(spec, answers, resolver), form_url(case, key) if editable else "",
                sections=sections, round=shown, saved_at=row.updated_at if row else None,
                saved_by=row.updated_name if row else "",
            )
        )  # fmt: skip
    return found


def _documents(case, only: set[int] | None = None) -> list[pages.DocumentRow]:
    """The case's files; for a reviewer `only` those of the dossier: opinions and minutes come as files too."""
    rows = (
        Document.objects.filter(case_kind=case.case_kind, case_id=case.pk)
        .select_related("uploaded_by")
        .order_by("pk")
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    return [
        pages.DocumentRow(
            row.name, reverse("document", args=[row.uid]), row.purpose, row.size, row.content_type,
            row.uploaded_by.name if row.uploaded_by else "", "", row.uploaded_at,
        )
        for row in rows
    ]  # fmt: skip


def _prints(request, case, papers: Iterable[pages.PaperRow], reviewer: bool) -> list[pages.PrintRow]:
    found, seen = [], set()
    for paper in papers:
        if paper.pdf_url not in seen and not paper.void:
            seen.add(paper.pdf_url)
            found.append(
                pages.PrintRow(f"{paper.title}（{paper.version}）", paper.pdf_url, paper.preview_url)
            )
    if hasattr(case, "draft_prints"):
        for one in case.draft_prints(request.membership, reviewer):
            column = {"docx": "docx_url", "xlsx": "sheet_url"}.get(one.ext, "url")
            found.append(pages.PrintRow(one.title, note=one.note, **{column: one.url(case)}))
    return found


def _related(request, case) -> list[pages.Related]:
    if not hasattr(case, "related_cases"):
        return []
    found = []
    for label, other in case.related_cases():
        if other is not None and request.membership.sees(other):
            found.append(
                pages.Related(
                    label, other.title, other.get_absolute_url(), other.state, other.get_state_display()
                )
            )
    return found


def _contact(case) -> str:
    organisation = case.authority or case.university
    if organisation is None:
        return ""
    return "，".join(
        part for part in (organisation.display_name, organisation.office, organisation.phone) if part
    )
