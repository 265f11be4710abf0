"""Filling in a case's forms: the page, saving, autosave, uploads."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import access, inputs, papers
from casework.pages.findings import finding_pages
from core import clock
from core.findings import Finding
from core.forms.plain import read_autosave
from core.forms.session import FormSession, TooMuch
from core.forms.store import RevisionConflict
from core.language import sentence
from core.models import Document
from core.uploads import serve_document

UNREADABLE = -1  # a revision that no answers have


def _session(request: HttpRequest, kind: str, pk: int, form: str) -> FormSession:
    case = access.seen_case(request, kind, pk)
    if form not in access.reads_forms(request, case):
        raise Http404
    return inputs.dossier(request, case, form)


@require_http_methods(["GET", "POST"])
def case_form(request: HttpRequest, kind: str, pk: int, form: str) -> HttpResponse:
    """Fill the form in, section by section; saving keeps what was typed, complete or not."""
    session = _session(request, kind, pk, form)
    if not session.editable:
        return redirect(session.case.get_absolute_url())
    if request.method == "POST":
        return _save(request, session, form)
    return _page(request, session, form, session.check() if request.GET.get("check") else [])


def _save(request: HttpRequest, session: FormSession, form: str) -> HttpResponse:
    session.take_post(request.POST, request.FILES)
    revision = request.POST.get("revision", "")
    revision = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else UNREADABLE
    try:
        session.save(revision)
    except TooMuch:
        return _page(request, session, form, session.findings)
    except RevisionConflict as conflict:
        page = {
            "case": session.case,
            "rows": session.differences(conflict),
            "by": conflict.current.updated_name,
            "at": conflict.current.updated_at,
        }
        return render(request, "casework/conflict.html", page, status=409)
    if session.findings or session.asked_rows:
        return _page(request, session, form, session.findings)
    if "check" in request.POST:
        return _page(request, session, form, session.check(), 200)
    messages.success(request, _("已暂存 %(t)s。") % {"t": clock.now().strftime("%H:%M")})
    return redirect(request.path if "stay" in request.POST else session.case.get_absolute_url())


def _page(
    request: HttpRequest, session: FormSession, form: str, findings: list[Finding], status: int | None = None
) -> HttpResponse:
    case = session.case
    context = {
        "case": case,
        "form": inputs.dossier_view(request, session, form, findings),
        "stamps": papers.stamps_to_void(case),
        "findings": finding_pages(case, findings, request.membership),
    }
    if status is None:
        status = 422 if findings and request.method == "POST" else 200
    return render(request, "casework/form.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, kind: str, pk: int, form: str) -> JsonResponse:
    """Keep what is being typed. Answers 409 with the stored text where somebody else has saved meanwhile."""
    session = _session(request, kind, pk, form)
    if not session.editable:
        return JsonResponse({"message": _("此表当前不能填写。")}, status=403)
    return keep(request, session)


def keep(request: HttpRequest, session: FormSession) -> JsonResponse:
    """What an autosave sent, merged and kept; a refusal names the field and changes nothing."""
    try:
        typed, revision = read_autosave(request.body)
    except (ValueError, RawPostDataException):  # a form's body, read as such already, is no autosave
        return JsonResponse({"message": _("内容无法识别，未保存。")}, status=400)
    session.take(typed)
    try:
        row = session.save(revision)
    except TooMuch as refusal:
        return JsonResponse({"message": _told(refusal.findings)}, status=422)
    except RevisionConflict as conflict:
        return JsonResponse(
            {
                "message": _("此表已被他人修改。"),
                "revision": conflict.current.revision,
                "answers": conflict.current.answers,
                "by": conflict.current.updated_name,
            },
            status=409,
        )
    return JsonResponse({"revision": row.revision, "saved": clock.local(row.updated_at).strftime("%H:%M")})


def _told(findings: list[Finding]) -> str:
    return "".join(sentence(finding.message) + sentence(finding.fix) for finding in findings)


@require_POST
def upload(request: HttpRequest, kind: str, pk: int, form: str) -> JsonResponse:
    """Take one or more files for a form's field; each is checked by its content."""
    session = _session(request, kind, pk, form)
    if not session.editable:
        return JsonResponse({"message": _("此表当前不能上传材料。")}, status=403)
    return take_files(request, session)


def take_files(request: HttpRequest, session: FormSession) -> JsonResponse:
    """The files that were sent for a field: which were taken, and which were not and why."""
    asked = session.upload_field(request.POST.get("field", ""))
    if asked is None:
        return JsonResponse({"message": _("没有这个上传栏目。")}, status=400)
    taken = session.accept(asked, request.FILES.getlist("file"))
    return JsonResponse(
        {
            "documents": [{"id": d.pk, "name": d.name, "size": d.size, "url": f"/documents/{d.uid}/"} for d in taken],
            "messages": [_told([finding]) for finding in session.findings],
        },
        status=200 if taken else 422,
    )


@require_GET
def document(request: HttpRequest, uid) -> HttpResponse:
    """An uploaded file, to whoever may see the case it belongs to."""
    row = Document.objects.filter(uid=uid).first()
    if row is None:
        raise Http404
    access.seen_case(request, row.case_kind, row.case_id)
    if not access.may_read_document(request, row):
        raise Http404
    return serve_document(row)
