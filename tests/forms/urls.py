"""The portal's addresses, and pages that fill in and read the sample form, over the real store and uploads."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from core import clock
from core.door import SystemActor
from core.forms import store
from core.forms.clean import clean
from core.forms.plain import read_autosave
from core.forms.post import from_post, wants_rows
from core.forms.reading import reading
from core.forms.render import rendered
from core.models import Document
from core.uploads import UploadRefused, accept_upload, store_document
from tests.forms import sample

EDITABLE = {"base", "case"}
CLERK = SystemActor(name="方主任")


class Dossier:
    """A case as the store and the uploads need one."""

    case_kind, pk, round = "dossier", 1, 1

    def answers_saved(self, form_key: str, answers: dict) -> None:
        self.saved = (form_key, answers)


class Cabinet(sample.House):
    """The sample's house with the documents that really were uploaded."""

    def documents(self, pks) -> dict:
        return {row.pk: row for row in Document.objects.filter(case_kind="dossier", pk__in=list(pks))}


def _stored() -> tuple[dict, int]:
    row = store.load(Dossier(), "sample")
    return (dict(row.answers), row.revision) if row else ({}, 0)


def _merged(spec, raw: dict) -> dict:
    before, _revision = _stored()
    kept = {key: value for key, value in before.items() if key == "partner_will"}
    return kept | clean(spec, raw, section_keys=EDITABLE, draft=True)[0]


@login_required
def fill(request: HttpRequest) -> HttpResponse:
    spec = sample.spec()
    answers, revision = _stored()
    findings, extra, status = [], {}, 200
    if request.method == "POST":
        raw = from_post(spec, request.POST, EDITABLE)
        for sent in request.FILES.getlist("upload-proof"):
            raw["proof"].append(
                store_document(accept_upload(sent, ("pdf", "jpg", "png")), Dossier(), "proof", CLERK).pk
            )
        answers = _merged(spec, raw)
        try:
            revision = store.save(Dossier(), "sample", 1, answers, int(request.POST["revision"]), CLERK).revision
        except store.RevisionConflict:
            return HttpResponse("conflict", status=409)
        if "check" in request.POST:
            findings, status = clean(spec, answers, resolver=Cabinet())[1], 422
        elif not wants_rows(request.POST):
            return redirect("/read/")
        extra = {request.POST["add-row"]: 1} if "add-row" in request.POST else {}
    view = rendered(
        spec,
        answers,
        findings=findings,
        editable=EDITABLE,
        resolver=Cabinet(),
        extra_rows=extra,
        revision=revision,
        autosave_url="/fill/autosave/",
        upload_url="" if request.GET.get("plain") else "/fill/upload/",
        who={"opinions": "本部分由合作单位联系人填写。"},
    )
    return render(request, "fill.html", {"form": view}, status=status)


@login_required
def autosave(request: HttpRequest) -> JsonResponse:
    spec = sample.spec()
    answers, revision = read_autosave(request.body)
    try:
        row = store.save(Dossier(), "sample", 1, _merged(spec, answers), revision, CLERK)
    except store.RevisionConflict as conflict:
        now = conflict.current
        return JsonResponse({"revision": now.revision, "answers": now.answers, "by": now.updated_name}, status=409)
    return JsonResponse({"revision": row.revision, "saved": clock.local(row.updated_at).strftime("%H:%M")})


@login_required
def upload(request: HttpRequest) -> JsonResponse:
    field = sample.spec().field(request.POST["field"])
    stored, refused = [], []
    for sent in request.FILES.getlist("file"):
        try:
            stored.append(store_document(accept_upload(sent, field.accept), Dossier(), field.key, CLERK))
        except UploadRefused as refusal:
            refused += [finding.message for finding in refusal.findings]
    listed = [{"id": one.pk, "name": one.name, "size": one.size, "url": f"/documents/{one.uid}/"} for one in stored]
    return JsonResponse({"documents": listed, "messages": refused}, status=200 if stored else 422)


@login_required
def read(request: HttpRequest) -> HttpResponse:
    return render(request, "read.html", {"reading": reading(sample.spec(), _stored()[0], Cabinet())})


for view in (fill, autosave, upload, read):
    view.access = "person"

urlpatterns = [
    path("fill/", fill),
    path("fill/autosave/", autosave),
    path("fill/upload/", upload),
    path("read/", read),
    path("", include("config.urls")),
]
