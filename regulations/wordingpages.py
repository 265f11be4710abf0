"""正式文字: the page on which a unit enters the official wording of a paper's fixed texts, with a print of the empty form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.door import Refused
from core.papers.context import PaperContext
from core.papers.fixed import reworded
from core.papers.render import render_paper
from regulations import fixedtexts, rights
from regulations import wording as words
from regulations.forms import WordingForm
from regulations.models import LocalWording, RegulationVersion
from tenants.access import require


@dataclass(frozen=True)
class Offer:
    """A paper whose wording the reader may enter; `count` texts have one of the unit's own."""

    key: str
    title: str
    count: int


def offered(request: HttpRequest, version: RegulationVersion) -> list[Offer]:
    """The papers of a version whose wording the reader's unit enters, for its administrator. One query."""
    organisation = getattr(getattr(request, "membership", None), "organisation", None)
    if organisation is None or organisation.column != fixedtexts.owner_column(version.profile):
        return []
    if not request.user.has_perm(rights.ENTER, version):
        return []
    rows = LocalWording.objects.filter(version=version, organisation=organisation, from_on__lte=clock.today())
    newest: dict[tuple[str, str], str] = {}
    for paper, path, text in rows.order_by("from_on", "pk").values_list("paper", "path", "text"):
        newest[paper, path] = text
    named = fixedtexts.papers(version.profile)
    return [
        Offer(key, title, sum(1 for (paper, _path), text in newest.items() if paper == key and text))
        for key, title in named.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, code: str, number: str, key: str) -> HttpResponse:
    """Every fixed text of a paper beside the unit's official wording; `act=preview` prints the empty form with what is
    typed and keeps nothing."""
    versions = RegulationVersion.objects.select_related("regulation")
    version = get_object_or_404(versions, regulation__code=code, number=number)
    named = fixedtexts.papers(version.profile)
    organisation = getattr(getattr(request, "membership", None), "organisation", None)
    if key not in named or organisation is None or organisation.column != fixedtexts.owner_column(version.profile):
        raise Http404
    require(request, rights.ENTER, version, _("正式文字由单位管理员填写。"), about=organisation)
    places = fixedtexts.places(version, key, organisation)
    typed = {place.fixed.path: request.POST[place.field] for place in places if place.field in request.POST}
    if request.method == "POST" and request.POST.get("act") == "preview":
        return _preview(version, key, named[key], {path: text for path, text in typed.items() if text})
    form, findings = WordingForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            rows = fixedtexts.enter(
                version,
                key,
                organisation,
                typed,
                data["from_on"],
                data["reason"],
                user=request.user,
                name=request.user.name,
            )
        except Refused as refusal:
            findings = refusal.findings
        else:
            messages.success(request, _("已保存%(n)s处正式文字。此前生成的文书不变。") % {"n": len(rows)})
            return redirect(request.path)
    context = {
        "version": version,
        "title": named[key],
        "places": [(place, typed.get(place.fixed.path, place.text)) for place in places],
        "form": form,
        "findings": findings,
        "rows": fixedtexts.history(version, key, organisation),
        "crumbs": [
            (_("办法与设置"), reverse("regulations:index")),
            (
                words.words(version.profile.head.short or version.profile.head.title),
                reverse("regulations:version", args=[code, number]),
            ),
            (named[key], ""),
        ],
    }
    return render(request, "regulations/wording.html", context, status=422 if request.method == "POST" else 200)


def _preview(version: RegulationVersion, key: str, title: str, typed: dict[str, str]) -> HttpResponse:
    """The empty form with the texts as they are typed."""
    profile: Any = version.profile
    paper = profile.papers.get(key)
    form = profile.forms.get((paper.form or "") if paper is not None else key)
    whole = fixedtexts.layout(version, key)
    context = PaperContext(title=title, blank=True, form=form)
    answer = HttpResponse(render_paper(reworded(whole, typed), context), content_type="application/pdf")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = "inline"
    return answer
