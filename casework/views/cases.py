"""The case page, the one page for every move, and what a refusal looks like."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import access, inputs, papers
from casework.models import Step
from casework.pages import kinds
from casework.pages.findings import clause, finding_pages
from casework.pages.sealing import of_step
from casework.views.builder import build
from casework.views.forms import keep
from casework.views.papers import comparison_url
from casework.views.reviewing import hints, reviewing
from casework.views.said import Acted, say_done
from core import door, pages
from core.door import Forbidden, NotFound, Refused, Stale, perform
from core.forms.plain import plain_id
from core.language import shown

UNREADABLE = -1  # a version that no case has: what was seen, if the page's own number was tampered with


@require_GET
def case_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One case, whole: progress, dossier, papers, log, and what the reader can do."""
    case = access.seen_case(request, kind, pk)
    page = build(request, case, plain_id(request.GET.get("round", "")))
    answer = render(request, "casework/case.html", {"page": page})
    if page.refresh:  # works without scripts, and ends by itself
        answer["Refresh"] = str(page.refresh)
    return answer


@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """Make a move: GET asks for its input, POST passes it through the door."""
    case = access.seen_case(request, kind, pk)
    declared = door.moves(type(case)).get(code)
    if declared is None or (declared.system and declared.hidden):
        raise Http404
    step = request.POST.get("step") or request.GET.get("step") or ""
    subject = _subject(request, case, declared, step)
    if request.method == "GET":
        if both := comparison_url(case, code, subject):  # nobody says that two things match without seeing them
            return redirect(both)
        return _ask(request, case, declared, subject, step)
    seen = request.POST.get("seen", "")
    may = subject is not None and request.membership.may(declared.permission, subject)
    given = inputs.sent_input(request, case, declared, subject) if may else None  # keeps no stranger's files
    given = given or inputs.MoveInput()
    if given.findings:  # whoever sent a file meant it: nothing is done without it, required or not
        return _ask(request, case, declared, subject, step, given)
    try:
        version = (plain_id(seen) or UNREADABLE) if seen else None
        perform(case, code, request.membership, {**given.data, "step": step}, seen=version)
    except Refused as refusal:
        if declared.form is None or subject is None:
            return _refused(request, case, declared, refusal)
        return _ask(request, case, declared, subject, step, given, refusal)
    except Stale as stale:
        return _stale(request, case, declared, stale, given)
    except Forbidden as refusal:
        return _forbidden(request, case, str(refusal))
    except NotFound as error:
        raise Http404 from error
    given.done()
    step_key = getattr(_step_of(subject), "key", "")
    done = _("已办理：%(label)s。") % {"label": _act_name(declared, subject, case)}
    say_done(request, done, Acted(code, kind, pk, step_key))
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    if door.case_model(kind).objects.visible_to(request.membership).filter(pk=pk).exists():
        return redirect(case.get_absolute_url())
    return redirect("/")


def _act_name(declared, subject, case) -> str:
    """What was done, in words that say it: the step's title where the move is called 办理 whatever the step."""
    if declared.code == "act_on_step" and subject is not None and subject is not case:
        return subject.title
    return str(declared.label)


def _step_of(subject) -> Step | None:
    """The step that an act was about: itself, or that of the assignment."""
    return subject if isinstance(subject, Step) else getattr(subject, "step", None)


def _subject(request, case, declared, step: str):
    """The step (or assignment) the move is about, if it stands; the door decides whether the actor may."""
    if declared.subjects is None:
        return case
    return next((candidate for candidate in declared.subjects(case) if str(candidate.pk) == step), None)


@require_POST
def draft(request: HttpRequest, kind: str, pk: int, code: str) -> JsonResponse:
    """Keep what is being typed into a move's form, for the person who types it."""
    case = access.seen_case(request, kind, pk)
    declared = door.moves(type(case)).get(code)
    if declared is None or (declared.system and declared.hidden):
        raise Http404
    subject = _subject(request, case, declared, request.GET.get("step", ""))
    if subject is None or case.state not in declared.sources:
        return JsonResponse({"message": _("本环节已办理或已关闭，内容没有暂存。")}, status=410)
    if not request.membership.may(declared.permission, subject):
        return JsonResponse({"message": door.why_not(case, declared, [subject])}, status=403)
    given = inputs.move_input(request, case, declared, subject)
    if given.session is None:
        raise Http404
    return keep(request, given.session)


def _ask(request, case, declared, subject, step, given=None, refusal=None) -> HttpResponse:
    """The move's input page; after a refusal with everything the actor typed and every reason at once."""
    if subject is None:
        return _stale(request, case, declared, Stale(door.last_line(case), case, request.membership), given)
    if not request.membership.may(declared.permission, subject):
        return _forbidden(request, case, door.why_not(case, declared, [subject]))
    if case.state not in declared.sources:
        return _stale(request, case, declared, Stale(door.last_line(case), case, request.membership), given)
    reasons = inputs.reasons(given, refusal)
    given = given or inputs.move_input(request, case, declared, subject)
    form = inputs.move_view(request, case, declared, subject, given, reasons)
    findings = finding_pages(case, reasons or hints(case, declared, subject), request.membership)
    code = getattr(subject, "clause", "") if subject is not case else ""
    page = pages.ActionPage(
        case_title=case.listed_title,
        case_number=case.number,
        case_url=case.get_absolute_url(),
        state=case.state,
        state_label=case.get_state_display(),
        label=str(declared.label),
        post_url=request.get_full_path(),
        seen=plain_id(request.POST.get("seen", "")) or case.version,
        help=(str(declared.help) or ""),
        confirm=str(declared.confirm),
        step_title=_about(case, declared, subject, given),
        form=form,
        facts=_paper_facts(case, declared, subject),
        sealing=_sealing(case, declared, subject),
        hidden={"step": step} if step else {},
        findings=findings,
        phrases=_phrases(form),
        clause=clause(case, code),
        multipart=True,
        preview_url=kinds.for_case(case)(case, request.membership).preview_url(declared.code),
        **reviewing(request, case, declared, subject),
    )
    return render(request, "casework/action.html", {"page": page}, status=422 if reasons else 200)


def _about(case, declared, subject, given) -> str:
    """What the act is about beside the case: its step, or the kind of record where one move enters all kinds."""
    if subject is not case:
        return shown(getattr(subject, "title", ""))
    return str(given.spec.title) if declared.hidden and given.spec is not None else ""


def _forbidden(request, case, message: str) -> HttpResponse:
    """The reader sees the case and may not do this: whose business it is, and the way back to the case."""
    return render(request, "403.html", {"message": message, "case_url": case.get_absolute_url()}, status=403)


def _paper_facts(case, declared, subject) -> list[pages.Fact]:
    """What is to be printed and stamped before the step's scan can be sent in, and where it is to be had."""
    if declared.code != "act_on_step" or subject is None or subject is case:
        return []
    facts = []
    if subject.unit is not None and subject.unit.paper_only:
        facts.append(pages.Fact(_("办理方式"), _("%(u)s只办纸质，凭其盖章件登记") % {"u": subject.unit.display_name}))
    if not case.asks_for_scan(subject):
        return facts
    if (paper := papers.current(case, papers.paper_key(case, case.step_declaration(subject.key)))) is not None:
        url = reverse("case_paper_pdf", args=[case.case_kind, case.pk, paper.pk])
        text = _("%(t)s（第%(v)s版）") % {"t": paper.title, "v": paper.version}
        facts.append(pages.Fact(_("先下载打印"), text, url))
    return facts


def _sealing(case, declared, subject) -> pages.SealingCard | None:
    """Which seal the step's paper wants, on how many copies, and where it goes."""
    return of_step(case, subject) if declared.code == "act_on_step" and isinstance(subject, Step) else None


def _phrases(form) -> list[str]:
    """常用语, where an opinion is asked for."""
    fields = {field.spec.key for section in form.sections for field in section.fields} if form else set()
    return [_("同意。"), _("情况属实，同意。"), _("请按意见修改后重新提交。")] if "opinion" in fields else []


def _refused(request, case, declared, refusal: Refused) -> HttpResponse:
    page = pages.RefusalPage(
        label=str(declared.label),
        findings=finding_pages(case, refusal.findings, request.membership),
        case_title=case.listed_title,
        case_url=case.get_absolute_url(),
    )
    return render(request, "casework/refused.html", {"page": page}, status=422)


def _stale(request, case, declared, stale: Stale, given) -> HttpResponse:
    """Somebody was quicker, or the same button was pressed twice: then the act stands and the case is shown."""
    last = stale.last
    if request.method == "POST" and last is not None and _same_act(request, case, declared, last):
        messages.info(request, _("“%(label)s”已办理，无需重复提交。") % {"label": declared.label})
        return redirect(case.get_absolute_url())
    page = pages.StalePage(
        message=str(stale),
        case_title=case.listed_title,
        case_url=case.get_absolute_url(),
        label=str(declared.label),
        by=last.name_for(request.membership) if last else "",
        at=last.at if last else None,
        what=last.label if last else "",
        typed=given.session.typed() if given is not None and given.session else _posted(request, declared),
    )
    return render(request, "casework/stale.html", {"page": page}, status=409)


def _same_act(request, case, declared, last) -> bool:
    """Whether the last act on this case is the one posted again: by the same member, with the same outcome."""
    outcome = (last.data or {}).get("outcome")
    return (
        (last.case_kind, last.case_id) == (case.case_kind, case.pk)
        and (last.membership_id, last.transition) == (request.membership.pk, declared.code)
        and outcome in (None, request.POST.get("f-outcome"))
    )


def _posted(request, declared) -> list[tuple[str, str]]:
    """What was typed for a step that stands no more, so that none of it is lost."""
    return [
        (str(declared.label), text) for name, text in request.POST.items() if name.startswith("f-") and text.strip()
    ]
