"""Pages for everybody: notices that run, with the form for objections; the register of bases; verification."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.lists import drafting
from casework.models import Notice, Objection
from core import clock, pages
from core.door import Refused, Stale
from core.forms.plain import plain_id
from core.text import normal
from portal import objections, registers
from tenants.access import public
from tenants.models import ActionLink
from tenants.services import attempts, links
from tenants.services.publicly import TooMany

SIZE = 50


def _before(request: HttpRequest) -> int | None:
    return plain_id(request.GET.get("before", ""))


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """Notices: those that run, then those that are over."""
    today = clock.today()
    rows = Notice.objects.exclude(state="prepared").select_related("university", "authority").order_by("-pk")
    running = [row for row in rows.filter(state="publicised", closes_on__gte=today)[:100] if row.opens_on <= today]
    past = rows.filter(Q(state="closed") | Q(closes_on__lt=today))
    if before := _before(request):
        past = past.filter(pk__lt=before)
    earlier = list(past[: SIZE + 1])
    context = {
        "running": running if not before else [],
        "past": earlier[:SIZE],
        "more": earlier[SIZE - 1].pk if len(earlier) > SIZE else None,
        "first": not before,
        "tab": "notices",
    }
    return render(request, "portal/public_notices.html", context)


def _notice(slug: str) -> Notice:
    notice = (
        Notice.objects.exclude(state="prepared")
        .select_related("university", "authority", "case_list")
        .filter(slug=slug)
        .first()
    )
    if notice is None or notice.opens_on > clock.today():
        raise Http404
    return notice


def told(notice: Notice) -> dict:
    """The list as the public reads it: its heads, and lines of (head, cell). One query."""
    heads, lines = drafting.table(notice)
    return {"heads": heads, "lines": [list(zip(heads, line, strict=True)) for line in lines]}


@require_http_methods(["GET", "HEAD", "POST"])
@public
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """One notice with its list, and the form by which anybody may object while it runs."""
    notice = _notice(slug)
    typed = {name: "" for name in ("name", "email", "phone", "text")}
    findings: list[pages.PageFinding] = []
    status = 200
    if request.method == "POST":
        typed = {name: request.POST.get(f"f-{name}", "").strip() for name in typed}
        if request.POST.get("website"):  # a field that people do not see
            return redirect(request.path)
        try:
            link = objections.begin(notice, typed, attempts.network_of(request))
        except Refused as refusal:
            findings = [pages.PageFinding(finding) for finding in refusal.findings]
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return redirect(links.address_of(link).removeprefix(settings.SITE_URL))
    context = {
        "notice": notice,
        **told(notice),
        "typed": typed,
        "findings": findings,
        "tab": "notices",
    }
    return render(request, "portal/public_notice.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """Where the sender of an objection enters the code that came by mail, and afterwards finds its number."""
    link = links.find(objections.PURPOSE, token)
    if link is None:
        raise Http404
    notice = Notice.objects.select_related("university", "authority").get(pk=link.about_id)
    findings = code_entered(request, link, objections.confirm)
    if findings is None:
        return redirect(request.path)
    number = link.payload.get("number") if link.state == "used" else None
    context = {
        "link": link,
        "notice": notice,
        "kept": Objection.objects.filter(number=number).first() if number else None,
        "findings": findings,
        "minutes": links.CODE_MINUTES,
        "tab": "notices",
    }
    return render(request, "portal/public_objection.html", context, status=422 if findings else 200)


def code_entered(
    request: HttpRequest, link: ActionLink, confirm: Callable[[ActionLink, str, str], str]
) -> list[pages.PageFinding] | None:
    """The POST of a page where the code of something that the public sends is entered, or asked for once more: None where
    it was done, else what stood against it (nothing on a GET)."""
    if request.method != "POST":
        return []
    try:
        if request.POST.get("act") == "code":
            links.send_code(link)
            messages.success(request, _("验证码已再次发送，请查收。"))
        else:
            confirm(link, request.POST.get("f-code", ""), attempts.network_of(request))
    except (Refused, Stale) as refusal:
        return [pages.PageFinding(finding) for finding in refusal.findings]
    return None


@require_safe
@public
def bases(request: HttpRequest) -> HttpResponse:
    """The register of recognised bases."""
    text = normal(request.GET.get("q", "")).strip()
    rows, more = registers.bases(text, _before(request), SIZE)
    context = {"rows": rows, "more": more, "text": text, "tab": "bases"}
    return render(request, "portal/public_bases.html", context)


MOST = 20 * 1024 * 1024  # bytes of a PDF that is compared


@require_http_methods(["GET", "HEAD", "POST"])
@public
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper with this code was issued here, what it is, and whether it still holds.

    A PDF that is posted is compared with the stored file and kept nowhere.
    """
    asked = request.POST if request.method == "POST" else request.GET
    code, number = normal(code or asked.get("code", "")).strip(), normal(asked.get("number", "")).strip()
    context = {"code": code, "number": number, "asked": bool(code), "tab": "verify", "problem": ""}
    verified = registers.paper(code, number) if code else None
    sent = request.FILES.get("file")
    if sent is not None:
        content = sent.read(MOST + 1)
        if len(content) > MOST:
            context["problem"] = _("文件超过20 MB，不能核对。")
        elif not content[:1024].lstrip().startswith(b"%PDF-"):
            context["problem"] = _("这不是PDF文件。扫描件和照片不能这样核对，请按页脚的编号和校验码核验。")
        elif not code or verified is not None:
            row, context["comparison"] = registers.compare(verified.paper if verified else None, content)
            verified = verified or (registers.verified(row) if row is not None else None)
            context["asked"] = True
    context["verified"] = verified
    return render(request, "portal/verify.html", context, status=422 if context["problem"] else 200)
