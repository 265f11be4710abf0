"""What comes in with a request for a move or a form, and how it is drawn again when it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casework import papers
from casework.pages.findings import clause, closed_sections
from core.findings import Finding
from core.forms import reading
from core.forms.clean import clean
from core.forms.completeness import completeness
from core.forms.plain import plain_id
from core.forms.post import from_post
from core.forms.render import rendered as draw
from core.forms.spec import FormSpec
from core.uploads import UploadRefused, accept_upload, store_document


@dataclass
class RawInput:
    """Answers as typed, files already checked and kept, and what was wrong with the files."""

    spec: FormSpec | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict:
        return {**self.extra, "answers": self.answers, "reason": self.answers.get("reason", "")}


def from_request(request: HttpRequest, case, declared, subject) -> RawInput:
    """Read a move's input out of a POST. Files are checked and kept at once, so that a refusal loses none."""
    peek = {"outcome": request.POST.get("f-outcome", ""), **_extra(request)}
    spec = declared.spec(case, request.membership, peek, subject)
    raw = RawInput(spec, extra=_extra(request))
    if spec is None:
        return raw
    raw.answers = from_post(spec, request.POST)
    _take_files(request, case, spec, None, raw)
    return raw


def _extra(request) -> dict:
    given = request.POST.get("type") or request.GET.get("type") or ""
    return {"type": given} if given else {}


def _take_files(request, case, spec: FormSpec, sections, raw: RawInput) -> None:
    for section in spec.sections:
        if sections is not None and section.key not in sections:
            continue
        for one in section.fields:
            if one.type != "file":
                continue
            kept = [pk for pk in map(plain_id, raw.answers.get(one.key) or []) if pk]
            for sent in request.FILES.getlist(f"upload-{one.key}")[:30]:
                try:
                    kept.append(
                        store_document(accept_upload(sent, one.accept or None), case, one.key, request.membership).pk
                    )
                except UploadRefused as refusal:
                    raw.findings += [
                        Finding(f.clause, f.strength, f.message, f.facts, f.fix, spec.key, section.key, one.key)
                        for f in refusal.findings
                    ]
            raw.answers[one.key] = kept


def rendered(request: HttpRequest, case, declared, subject, raw: RawInput | None, refusal=None):
    """The move's form as it is shown: empty at first, with everything typed after a refusal."""
    if raw is not None and raw.spec is not None:
        spec, answers = raw.spec, raw.answers
    else:
        peek = {"outcome": request.GET.get("outcome", ""), **_extra(request)}
        spec = declared.spec(case, request.membership, peek, subject)
        answers = first_answers(case, declared, subject, spec, peek)
    if spec is None:
        return None
    return draw(
        spec,
        answers,
        findings=reasons(raw, refusal),
        resolver=case.resolver(request.membership),
        cite=cited(case),
    )


def reasons(raw: RawInput | None, refusal=None) -> list[Finding]:
    """Everything that holds a move back, once each: the door's findings and files that could not be taken."""
    found = list(refusal.findings) if refusal else []
    return found + [one for one in (raw.findings if raw else []) if one not in found]


def first_answers(case, declared, subject, spec, peek: dict) -> dict:
    """What a form starts with: what was answered before (a step's earlier try, an expert's own opinion)."""
    if spec is None:
        return {}
    given = getattr(subject, "answers", None) if subject is not case else None
    answers = dict(given) if isinstance(given, dict) else {}
    if peek.get("outcome"):
        answers["outcome"] = peek["outcome"]
    return answers


def typed(raw: RawInput) -> list[tuple[str, str]]:
    """What somebody had typed, as (label, text), so that a stale page loses none of it."""
    if raw.spec is None:
        return []
    found = []
    for section in raw.spec.sections:
        for one in section.fields:
            text = reading.shown_value(one, raw.answers.get(one.key), raw.answers)
            if text != reading.EMPTY and one.type not in ("file", "checklist", "boolean", "table"):
                found.append((str(one.label), text))
    return found


# --- the dossier's forms ------------------------------------------------------------------------------------------


def form_answers(request: HttpRequest, case, spec: FormSpec, editable: set[str], before: dict) -> RawInput:
    """Read a dossier form out of a POST: only the sections that the reader may fill in, files checked and kept."""
    raw = RawInput(spec)
    raw.answers = from_post(spec, request.POST, editable)
    _take_files(request, case, spec, editable, raw)
    raw.answers = merge(spec, editable, before, raw.answers)
    add = request.POST.get("add-row", "")
    if add:
        raw.more[add] = 1
    if request.POST.get("remove-row"):
        raw.more.setdefault("", 0)
    return raw


def merge(spec: FormSpec, editable: set[str], before: dict, typed_answers: dict) -> dict:
    """The stored answers with the editable sections replaced by what was typed: nothing else can be touched."""
    drafted, _findings = clean(spec, typed_answers, section_keys=editable, draft=True)
    answers = dict(before)
    for section in spec.sections:
        if section.key not in editable:
            continue
        for one in section.fields:
            for key in (one.key, f"{one.key}_other"):
                answers.pop(key, None)
                if key in drafted:
                    answers[key] = drafted[key]
    return answers


def check_all(request: HttpRequest, case, spec: FormSpec, answers: dict) -> list[Finding]:
    """Everything that is still wrong with a form."""
    return clean(spec, answers, resolver=case.resolver(request.membership))[1]


def cited(case):
    """How a clause ID is printed beside a field: as people cite it, with its place on the reading page."""
    return lambda code: clause(case, code)


def form_page(
    request: HttpRequest, case, spec: FormSpec, key: str, editable: set[str], answers: dict, row, findings
) -> dict:
    """The context of the page on which a dossier form is filled in."""
    resolver = case.resolver(request.membership)
    base = f"/cases/{case.case_kind}/{case.pk}/forms/{key}"
    if not findings and request.GET.get("check"):
        findings = check_all(request, case, spec, answers)
    others = closed_sections(case, key, request.membership)
    who = {section: _("本部分由%(r)s填写。") % {"r": them} for section, them in others.items()}
    add = request.POST.get("add-row", "")
    view = draw(
        spec,
        answers,
        findings=findings,
        editable=editable,
        resolver=resolver,
        progress=completeness(spec, answers, resolver),
        upload_url=f"{base}/upload/",
        extra_rows={add: 1} if add else {},
        who=who,
        cite=cited(case),
    )
    return {
        "case": case,
        "form": view,
        "revision": row.revision if row else 0,
        "saved_at": row.updated_at if row else None,
        "saved_by": row.updated_name if row else "",
        "autosave_url": f"{base}/autosave/",
        "stamps": papers.stamps_to_void(case),
    }


def conflict_page(case, spec: FormSpec, mine: dict, conflict) -> dict:
    """Both texts, field by field, where they differ: the reader's own and the one saved meanwhile."""
    different = reading.differences(spec, mine, conflict.current.answers)
    rows = [{"label": label, "mine": own, "theirs": other} for label, own, other in different]
    return {
        "case": case,
        "rows": rows,
        "by": conflict.current.updated_name,
        "at": conflict.current.updated_at,
    }
