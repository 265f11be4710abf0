"""Reading pages of the regulations, and the two acts on them: publishing, entering a local setting."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.door import Refused
from regulations import queries, reading, rights, services, settings, wording, wordingpages
from regulations.forms import PublishForm, SettingForm
from regulations.models import RegulationVersion
from tenants.access import public, require


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All versions with their state, and which of them govern the reader's organisation."""
    return render(
        request,
        "regulations/index.html",
        {
            "rows": queries.versions(_organisation(request)),
            "adoptions": rights.reads_adoptions(getattr(request, "membership", None)),
            "crumbs": [(_("办法与设置"), "")],
        },
    )


@public
@require_GET
def version_page(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One version for ordinary people."""
    return _page(request, _version(request, code, number))


@require_POST
def publish(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Publish a draft with the day from which it applies."""
    version = _version(request, code, number)
    require(
        request,
        rights.PUBLISH,
        version,
        _("办法的生效登记由适用本办法的单位的管理员办理。"),
        about=_organisation(request),
    )
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, version, publish_form=form, status=422)
    try:
        services.publish(version, form.cleaned_data["effective_from"], by=request.user.name)
    except Refused as refusal:
        return _page(request, version, publish_form=form, findings=refusal.findings, status=422)
    messages.success(request, _("已登记生效。内容和日期不能再改，改动须另立新版本。"))
    return redirect("regulations:version", code=code, number=number)


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, code: str, number: str, key: str) -> HttpResponse:
    """A setting that the regulation leaves open: its dated rows, and a further one by the owning administrator."""
    version = _version(request, code, number)
    profile = version.profile
    declared = profile.settings.get(key)
    if declared is None or not declared.local:
        raise Http404
    organisation = _organisation(request)
    if organisation is None or organisation.column not in settings.owners(profile, key):
        raise Http404
    require(request, rights.ENTER, version, _("本单位设定由单位管理员填写。"), about=organisation)
    now = settings.setting(profile, key, organisation, clock.today())
    first = {f"for_{code}": named for code, named in now.value.items()} if isinstance(now.value, dict) else {}
    form = SettingForm(declared, request.POST or None, initial=first)
    findings: list = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.enter_setting(
                version,
                key,
                organisation,
                form.plain_value(),
                data["from_on"],
                data["reason"],
                user=request.user,
                name=request.user.name,
            )
        except Refused as refusal:
            findings = refusal.findings
        else:
            messages.success(request, _("已保存本单位设定。"))
            return redirect("regulations:version", code=code, number=number)
    return render(
        request,
        "regulations/setting.html",
        {
            "version": version,
            "declared": declared,
            "title": wording.words(declared.title),
            "article": wording.article(profile, declared.clause or ""),
            "form": form,
            "findings": findings,
            "rows": queries.setting_rows(version, key, organisation),
            "now": now,
            "crumbs": [*_crumbs(version), (wording.words(declared.title), "")],
        },
        status=422 if request.method == "POST" else 200,
    )


def _organisation(request: HttpRequest):
    membership = getattr(request, "membership", None)
    return membership.organisation if membership else None


def _version(request: HttpRequest, code: str, number: str) -> RegulationVersion:
    """The version; a draft exists only for members."""
    version = get_object_or_404(
        RegulationVersion.objects.select_related("regulation"), regulation__code=code, number=number
    )
    if version.state == "draft" and _organisation(request) is None:
        raise Http404
    return version


def _crumbs(version: RegulationVersion, last: bool = False) -> list[tuple[str, str]]:
    url = "" if last else reverse("regulations:version", args=[version.regulation.code, version.number])
    head = version.profile.head
    return [(_("办法与设置"), reverse("regulations:index")), (wording.words(head.short or head.title), url)]


def _page(
    request: HttpRequest,
    version: RegulationVersion,
    publish_form: PublishForm | None = None,
    findings: list | None = None,
    status: int = 200,
) -> HttpResponse:
    organisation = _organisation(request)
    may_publish = version.state == "draft" and request.user.has_perm(rights.PUBLISH, version)
    return render(
        request,
        "regulations/version.html",
        {
            "version": version,
            "page": reading.page(version, organisation, clock.today()),
            "others": queries.other_versions(version),
            "title": wording.words(version.profile.head.title),
            "publish_form": (publish_form or PublishForm()) if may_publish else None,
            "may_enter": organisation is not None and request.user.has_perm(rights.ENTER, version),
            "worded": wordingpages.offered(request, version),
            "findings": findings or [],
            "crumbs": _crumbs(version, last=True),
        },
        status=status,
    )
