"""Filling in a case's forms: the page, saving, autosave, uploads."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import access, inputs
from casework.pages.findings import finding_pages
from core import clock
from core.forms import store
from core.forms.plain import read_autosave
from core.uploads import UploadRefused, accept_upload, serve_document, store_document


def _form(request: HttpRequest, kind: str, pk: int, form: str):
    case = access.seen_case(request, kind, pk)
    if form not in access.reads_forms(request, case):
        raise Http404
    return case, case.form_spec(form)


@require_http_methods(["GET", "POST"])
def case_form(request: HttpRequest, kind: str, pk: int, form: str) -> HttpResponse:
    """Fill the form in, section by section; saving keeps what was typed, complete or not."""
    case, spec = _form(request, kind, pk, form)
    editable = case.editable_sections(form, request.membership)
    if not editable:
        return redirect(case.get_absolute_url())
    row = store.load(case, form)
    if request.method == "POST":
        return _save(request, case, spec, form, editable, row)
    return _page(request, case, spec, form, editable, dict(row.answers) if row else {}, row)


def _save(request, case, spec, form, editable, row) -> HttpResponse:
    raw = inputs.form_answers(request, case, spec, editable, dict(row.answers) if row else {})
    revision = request.POST.get("revision", "")
    revision = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    try:
        store.save(case, form, case.round, raw.answers, revision, request.membership)
    except store.RevisionConflict as conflict:
        page = inputs.conflict_page(case, spec, raw.answers, conflict)
        return render(request, "casework/conflict.html", page, status=409)
    if raw.more or raw.findings:
        row = store.load(case, form)
        return _page(request, case, spec, form, editable, raw.answers, row, raw.findings, 422 if raw.findings else 200)
    if "check" in request.POST:
        return _page(
            request,
            case,
            spec,
            form,
            editable,
            raw.answers,
            store.load(case, form),
            inputs.check_all(request, case, spec, raw.answers),
        )
    messages.success(request, _("已暂存 %(t)s。") % {"t": clock.now().strftime("%H:%M")})
    return redirect(request.path if "stay" in request.POST else case.get_absolute_url())


def _page(request, case, spec, form, editable, answers, row, findings=(), status=200) -> HttpResponse:
    context = inputs.form_page(request, case, spec, form, editable, answers, row, list(findings))
    context["findings"] = finding_pages(case, findings, request.membership)
    return render(request, "casework/form.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, kind: str, pk: int, form: str) -> JsonResponse:
    """Keep what is being typed. Answers 409 with the stored text where somebody else has saved meanwhile."""
    case, spec = _form(request, kind, pk, form)
    editable = case.editable_sections(form, request.membership)
    if not editable:
        return JsonResponse({"message": _("此表当前不能填写。")}, status=403)
    try:
        answers, revision = read_autosave(request.body)
    except ValueError:
        return JsonResponse({"message": _("内容无法识别，未保存。")}, status=400)
    row = store.load(case, form)
    merged = inputs.merge(spec, editable, dict(row.answers) if row else {}, answers)
    try:
        saved = store.save(case, form, case.round, merged, revision, request.membership)
    except store.RevisionConflict as conflict:
        return JsonResponse(
            {
                "message": _("此表已被他人修改。"),
                "revision": conflict.current.revision,
                "answers": conflict.current.answers,
                "by": conflict.current.updated_name,
            },
            status=409,
        )
    return JsonResponse({"revision": saved.revision, "saved": clock.local(saved.updated_at).strftime("%H:%M")})


@require_POST
def upload(request: HttpRequest, kind: str, pk: int, form: str) -> JsonResponse:
    """Take one or more files for a form's field; each is checked by its content."""
    case, spec = _form(request, kind, pk, form)
    if not case.editable_sections(form, request.membership):
        return JsonResponse({"message": _("此表当前不能上传材料。")}, status=403)
    key = request.POST.get("field", "")
    field = next(
        (one for section in spec.sections for one in section.fields if one.key == key and one.type == "file"),
        None,
    )
    if field is None:
        return JsonResponse({"message": _("没有这个上传栏目。")}, status=400)
    stored, refused = [], []
    for sent in request.FILES.getlist("file")[:20]:
        try:
            stored.append(store_document(accept_upload(sent, field.accept or None), case, key, request.membership))
        except UploadRefused as refusal:
            refused += [finding.message + finding.fix for finding in refusal.findings]
    return JsonResponse(
        {
            "documents": [{"id": d.pk, "name": d.name, "size": d.size, "url": f"/documents/{d.uid}/"} for d in stored],
            "messages": refused,
        },
        status=200 if stored else 422,
    )


@require_GET
def document(request: HttpRequest, uid) -> HttpResponse:
    """An uploaded file, to whoever may see the case it belongs to."""
    from core.models import Document

    found = Document.objects.filter(uid=uid).first()
    if found is None:
        raise Http404
    access.seen_case(request, found.case_kind, found.case_id)
    if not access.may_read_document(request, found):
        raise Http404
    return serve_document(found)
