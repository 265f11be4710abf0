"""The page behind a one-time link: somebody without an account reads, then confirms or declines.

A GET uses nothing up and shows nothing of the content: previews of chats and filters of mails open links too. The content
opens, in this browser, to whoever brings the code that went to the address; the act is one POST through the door.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import access, linking, papers
from casework.pages import kinds
from casework.papers.printing import Print
from casework.steps import links as steplinks
from casework.steps.kind import kind_of
from core import clock, pages
from core.door import Forbidden, Refused, Stale
from core.findings import Finding
from core.forms.reading import ReadingPart, reading
from core.language import in_source_language, shown
from core.models import Document
from core.text import hidden_address
from core.uploads import serve_document
from tenants.access import public
from tenants.models import ActionLink
from tenants.services import attempts, links
from tenants.services.publicly import TooMany

SESSION = "links"  # links whose code was entered in this browser: number -> [the code's nonce, when]
OPEN_MINUTES = 120  # how long the content stays open after the code; reading a contract takes longer than a code lives
OUTCOMES = ("positive", "negative")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked; after the code the text, and the answer."""
    link, case, step = linking.find(token)
    if link is None:
        raise Http404
    stands = steplinks.standing(link, case, step)
    context = {"link": link, "case": case, "step": step, "stands": stands, "who": linking.whom_to_ask(link)}
    if stands == "used":
        verdict = kind_of(step).verdict(step.outcome, case)
        return _page(request, context | {"verdict": verdict, "negative": step.state != "done"})
    if stands != "open":
        return _page(request, context | {"message": linking.said(stands)}, 410)
    if (other := _of_another_side(request, step)) is not None:
        return _page(request, context | {"message": other}, 403)
    if request.method == "POST":
        return _act(request, link, case, step, context)
    return _ask(request, context)


def _act(request: HttpRequest, link: ActionLink, case, step, context: dict) -> HttpResponse:
    wanted, network = request.POST.get("act", ""), attempts.network_of(request)
    try:
        if wanted == "code":
            linking.send_code(link, case, step, network)
            messages.success(request, _("验证码已发送到%(a)s，请查收。") % {"a": hidden_address(link.address)})
        elif wanted == "enter":
            linking.enter(link, case, step, request.POST.get("f-code", ""), network)
            _open(request, link)
        elif wanted in OUTCOMES:
            linking.act(link, case, step, wanted, _answered(request, link, wanted))
        else:
            raise Http404
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return _ask(request, context, refusal.findings, status)
    except (Stale, Forbidden):
        pass  # somebody was quicker: the page says how the link stands now
    return redirect(request.path)


def _answered(request: HttpRequest, link: ActionLink, wanted: str) -> str:
    """The words of the answer. Raises Refused where the content is not open here, or nobody has said that they read it."""
    if not _is_open(request, link):
        raise Refused(Finding("", "hard", _("请先填写验证码，阅读全文后再办理。"), field="code"))
    opinion = request.POST.get("f-opinion", "").strip()
    if wanted == "positive" and request.POST.get("read") != "1":
        message = _("请阅读全文，并勾选“我已阅读全文，并有权代表本单位办理。”")
        raise Refused(Finding("", "hard", message, field="read"))
    if wanted == "negative" and not opinion:
        raise Refused(Finding("", "hard", _("请写明不同意的理由，学校据此修改。"), field="opinion"))
    return opinion


def _open(request: HttpRequest, link: ActionLink) -> None:
    fresh = ActionLink.objects.get(pk=link.pk)
    opened = request.session.get(SESSION, {})
    request.session[SESSION] = {**opened, str(link.pk): [fresh.code_nonce, clock.now().isoformat()]}


def _is_open(request: HttpRequest, link: ActionLink) -> bool:
    """Whether the present code of the link was entered in this browser, not too long ago."""
    nonce, at = request.session.get(SESSION, {}).get(str(link.pk), ("", ""))
    if not nonce or not constant_time_compare(nonce, link.code_nonce):
        return False
    return clock.now() < clock.aware(at) + dt.timedelta(minutes=OPEN_MINUTES)


def _of_another_side(request: HttpRequest, step) -> str | None:
    """What stands against whoever is logged in as somebody of another unit: the clerk does not answer for the partner."""
    reader = request.membership
    if reader is None or reader.organisation_id == step.unit_id:
        return None
    message = _("您已以“%(as)s”登录平台。此链接只供%(unit)s指定的人使用，请由本人在自己的设备上打开。")
    return message % {"as": reader.label, "unit": step.unit.display_name}


def _ask(request: HttpRequest, context: dict, findings: list[Finding] = (), status: int = 200) -> HttpResponse:
    link, case, step = context["link"], context["case"], context["step"]
    context |= {
        "findings": [pages.PageFinding(finding) for finding in findings],
        "address": hidden_address(link.address),
        "minutes": links.CODE_MINUTES,
        "until": linking.until_words(link.until),
        "left": linking.left_words(link.until),
        "coded": link.code_at is not None,
    }
    if not _is_open(request, link):
        return _page(request, context, status)
    declared = case.step_declaration(step.key)
    kind = kind_of(step)
    labels = {code: str(label) for code, label in kind.outcomes_in(case) if code in OUTCOMES}
    context |= {
        "opened": True,
        "facts": [pages.Fact(label, value) for label, value in kinds.for_case(case)(case, None).link_facts()],
        "parts": _text(request, link, case, declared),
        "pdf": reverse("step_link_pdf", args=[request.resolver_match.kwargs["token"]]) if _print(case) else "",
        "labels": labels,
        "opinion_wanted": kind.wants_opinion(declared),
        "typed": request.POST.get("f-opinion", ""),
        "declines": request.POST.get("act") == "negative",
    }
    return _page(request, context, status)


def _page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    answer = render(request, "casework/link.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _text(request: HttpRequest, link: ActionLink, case, declared) -> list[ReadingPart]:
    """The forms that the step confirms, whole, with their files behind the link."""
    token, parts = request.resolver_match.kwargs["token"], []
    keys = dict.fromkeys(part.partition(".")[0] for part in declared.confirms) or case.form_keys()
    for key in keys:
        spec = case.form_spec(key) if key in case.form_keys() else case.profile.forms[key]
        parts += reading(spec, case.shown_answers(key, case.form_answers(key)), case.resolver(None))
    return [replace(part, lines=[_with_files(line, token) for line in part.lines]) for part in parts]


def _with_files(line, token: str):
    """A line whose files are opened by the link: the portal's own addresses ask for a log-in."""
    if not line.files:
        return line
    files = [
        replace(file, url=reverse("step_link_file", args=[token, file.url.rstrip("/").rpartition("/")[2]]))
        for file in line.files
    ]
    return replace(line, files=files)


def _print(case):
    """The paper of the case to read as a PDF: the one that was issued, else how its text stands now; or None."""
    main = papers.of(case).main()
    issued = papers.current(case, main) if main else None
    if issued is not None:
        return issued
    return next((row for row in papers.of(case).prints() if row.ext == "pdf" and row.make is not None), None)


def _opened(request: HttpRequest, token: str):
    """The case of a link whose content is open in this browser. Raises Http404."""
    link, case, step = linking.find(token)
    if link is None or steplinks.standing(link, case, step) != "open" or not _is_open(request, link):
        raise Http404
    return case


@public
@never_cache
@require_safe
def link_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The text as a PDF, while the link's content is open here."""
    case = _opened(request, token)
    paper = _print(case)
    if paper is None:
        raise Http404
    if isinstance(paper, Print):
        with in_source_language():
            content = paper.make()
    else:
        papers.ensure_file(paper, case)
        with paper.file.open("rb") as file:
            content = file.read()
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{case.number}_{shown(paper.title)}.pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@public
@never_cache
@require_safe
def link_file(request: HttpRequest, token: str, uid) -> HttpResponse:
    """A file of the text (an annex), while the link's content is open here."""
    case = _opened(request, token)
    row = Document.about(case).filter(uid=uid).first()
    if row is None or row.pk not in access.dossier_documents(case):
        raise Http404
    return serve_document(row)
