"""Forms of a case as they come in with a request: those of its dossier, and the input of its moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.models import Assignment
from casework.pages import kinds
from casework.pages.findings import clause, closed_sections
from casework.steps.corrections import marked_in
from core.findings import Finding
from core.forms.session import FormSession
from core.forms.spec import FormSpec
from core.forms.store import Dossier, Draft
from core.forms.views import FormView


def cited(case):
    """How a clause ID is printed beside a field: as people cite it, with its place on the reading page."""
    return lambda code: clause(case, code)


# --- the dossier's forms ------------------------------------------------------------------------------------------


def dossier(request: HttpRequest, case, key: str) -> FormSession:
    """A form of the dossier, as far as the reader may fill it in now."""
    actor = request.membership
    editable = case.editable_sections(key, actor)
    first = partial(case.first_answers, key)
    return FormSession(case, case.form_spec(key), actor, Dossier(case, key), editable=editable, first=first)


def dossier_view(request: HttpRequest, session: FormSession, key: str, findings: list[Finding]) -> FormView:
    """The form on its page: what others fill in is shown to read."""
    case = session.case
    others = closed_sections(case, key, request.membership)
    address = [case.case_kind, case.pk, key]
    view = session.view(
        findings,
        cite=cited(case),
        autosave_url=reverse("case_autosave", args=address),
        upload_url=reverse("case_upload", args=address),
        who={section: _("本部分由%(r)s填写。") % {"r": them} for section, them in others.items()},
    )
    wanted = marked_in(case, key)
    for section in view.sections:
        section.marked = section.key in wanted
    return view


# --- the input of a move ------------------------------------------------------------------------------------------


@dataclass
class MoveInput:
    """What somebody types in order to make a move; without a session where the move asks for nothing."""

    session: FormSession | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def spec(self) -> FormSpec | None:
        return self.session.spec if self.session else None

    @property
    def answers(self) -> dict[str, Any]:
        return self.session.answers if self.session else {}

    @property
    def findings(self) -> list[Finding]:
        """What was wrong with what came in."""
        return self.session.findings if self.session else []

    @property
    def data(self) -> dict:
        return {**self.extra, "answers": self.answers, "reason": self.answers.get("reason", "")}

    def done(self) -> None:
        """The act was done: its draft is no longer needed."""
        if self.session and self.session.shelf:
            self.session.shelf.drop()


def move_input(request: HttpRequest, case, declared, subject, *, draft: bool = True) -> MoveInput:
    """The input of a move about `subject`, for the outcome that the request names; `draft`: what was typed before and
    not sent stands in it.
    """
    extra = _extra(request)
    outcome = request.POST.get("f-outcome") or request.GET.get("outcome", "")
    spec = declared.spec(case, request.membership, {"outcome": outcome, **extra}, subject)
    if spec is None:
        return MoveInput(extra=extra)
    shelf = Draft(case, declared.code, subject, request.membership) if draft else None
    session = FormSession(
        case, spec, request.membership, shelf, first=_first(case, request.membership, subject, declared.code)
    )
    if outcome and request.method != "POST":
        session.answers["outcome"] = outcome
    return MoveInput(session, extra)


def sent_input(request: HttpRequest, case, declared, subject, *, draft: bool = True) -> MoveInput:
    """The same with what a POST sent merged into it."""
    given = move_input(request, case, declared, subject, draft=draft)
    if given.session:
        given.session.take_post(request.POST, request.FILES)
    return given


def move_view(request: HttpRequest, case, declared, subject, given: MoveInput, findings: list[Finding]):
    """The move's form as it is shown: as it stands at first, with everything typed after a refusal."""
    if given.session is None:
        return None
    asked = {"step": subject.pk if subject is not case else "", **given.extra}
    asked["outcome"] = request.POST.get("f-outcome") or request.GET.get("outcome", "")
    query = urlencode({name: value for name, value in asked.items() if value})
    address = reverse("case_draft_input", args=[case.case_kind, case.pk, declared.code])
    return given.session.view(findings, cite=cited(case), autosave_url=f"{address}?{query}" if query else address)


def reasons(given: MoveInput | None, refusal=None) -> list[Finding]:
    """Everything that holds a move back, once each: the door's findings and files that could not be taken."""
    findings = list(refusal.findings) if refusal else []
    return findings + [finding for finding in (given.findings if given else []) if finding not in findings]


def _extra(request: HttpRequest) -> dict:
    given = {name: request.POST.get(name) or request.GET.get(name) or "" for name in ("type", "content")}
    if records := request.POST.getlist("record"):
        given["records"] = records
    return {name: value for name, value in given.items() if value}


def _first(case, membership, subject, code: str) -> dict:
    """What a form starts with: what was answered before (a step's earlier try, an expert's own opinion)."""
    if subject is case:
        return kinds.for_case(case)(case, membership).first_input(code)
    if isinstance(subject, Assignment):
        return subject.first_answers()
    given = getattr(subject, "answers", None)
    return given if isinstance(given, dict) else {}
