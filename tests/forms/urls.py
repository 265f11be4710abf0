"""The portal's addresses, and pages that fill in and read the sample form, over the real store and uploads."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from casework.views.forms import keep, take_files
from core.door import SystemActor
from core.forms import store
from core.forms.reading import reading
from core.forms.session import FormSession, TooMuch
from core.models import Document
from tests.forms import sample

EDITABLE = {"base", "case"}
CLERK = SystemActor(name="方主任")


class Dossier:
    """A case as the store and the uploads need one."""

    case_kind, pk, round = "dossier", 1, 1

    def answers_saved(self, form_key: str, answers: dict) -> None:
        self.saved = (form_key, answers)

    def resolver(self, actor):
        return Cabinet()


class Cabinet(sample.House):
    """The sample's house with the documents that really were uploaded."""

    def documents(self, pks) -> dict:
        return {row.pk: row for row in Document.objects.filter(case_kind="dossier", pk__in=list(pks))}


def session() -> FormSession:
    case = Dossier()
    return FormSession(case, sample.spec(), CLERK, store.Dossier(case, "sample"), editable=EDITABLE)


@login_required
def fill(request: HttpRequest) -> HttpResponse:
    form, findings = session(), []
    if request.method == "POST":
        form.take_post(request.POST, request.FILES)
        findings = form.findings
        try:
            form.save(int(request.POST["revision"]))
        except store.RevisionConflict:
            return HttpResponse("conflict", status=409)
        except TooMuch:
            pass
        else:
            if "check" in request.POST:
                findings = form.check()
            elif not (form.asked_rows or findings):
                return redirect("/read/")
    view = form.view(
        findings,
        autosave_url="/fill/autosave/",
        upload_url="" if request.GET.get("plain") else "/fill/upload/",
        who={"opinions": "本部分由合作单位联系人填写。"},
    )
    return render(request, "fill.html", {"form": view}, status=422 if findings else 200)


@login_required
def autosave(request: HttpRequest) -> JsonResponse:
    return keep(request, session())


@login_required
def upload(request: HttpRequest) -> JsonResponse:
    return take_files(request, session())


@login_required
def read(request: HttpRequest) -> HttpResponse:
    return render(request, "read.html", {"reading": reading(sample.spec(), session().answers, Cabinet())})


for view in (fill, autosave, upload, read):
    view.access = "person"

urlpatterns = [
    path("fill/", fill),
    path("fill/autosave/", autosave),
    path("fill/upload/", upload),
    path("read/", read),
    path("", include("config.urls")),
]
