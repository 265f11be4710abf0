"""What is begun from a page of its own: a call, an application, a list, an application's agreement."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import dossier, links, queries, tracks
from applications.forms import NewCall, call_versions
from applications.lists import start_list
from applications.models import Application, Call
from applications.services.starting import plan_call, start_application
from casework.permissions import CLERKS
from casework.views import lists
from core import clock, pages
from core.door import Forbidden, Refused, Stale
from core.findings import Finding
from core.forms.render import rendered
from core.listing import Button
from core.text import normal
from regulations import wording
from tenants.access import denied, see_or_404
from tenants.services.acts import one_at_a_time

TWICE = dt.timedelta(seconds=60)  # within which the same thing begun again is taken for a second click


def shown(findings) -> list[pages.PageFinding]:
    """Findings for a page of no case."""
    return [pages.PageFinding(finding) for finding in findings]


def a_number(text: str | None) -> int | None:
    """A primary key out of a parameter; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


MOST_TITLE = Application._meta.get_field("title").max_length


# --- a call --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: HttpRequest) -> HttpResponse:
    """新建批次: under which regulation, from when until when, papers by when."""
    membership = request.membership
    if not membership.may("applications.plan_call", membership.organisation):
        raise denied(_("申报批次由组织单位的经办人发布。"), "applications.plan_call", membership.organisation)
    form = NewCall(membership, call_versions(membership.organisation))
    if request.method == "POST" and form.versions and form.take(request.POST):
        before = Call.objects.visible_to(membership).filter(
            title=form.values["title"],
            year=form.values["year"],
            state="planned",
            created_at__gte=clock.now() - TWICE,
        )
        try:
            with one_at_a_time(membership.organisation):
                if (again := before.order_by("-pk").first()) is not None:
                    return redirect(again.get_absolute_url())
                call = plan_call(membership, **form.values)
        except Refused as refusal:
            form.findings += refusal.findings
        except Forbidden as error:
            raise PermissionDenied(str(error)) from error
        else:
            messages.success(request, _("批次已建立。核对后请点“发布申报批次”。"))
            return redirect(call.get_absolute_url())
    context = {
        "title": _("新建申报批次"),
        "submit": _("保存"),
        "form": rendered(form.spec, form.answers, findings=form.findings) if form.versions else None,
        "nothing": _("本单位还没有采用可以组织申报的办法，请先在“办法与设置”中办理。"),
        "findings": shown(finding for finding in form.findings if not finding.field),
        "label": _("保存"),
        "cancel_url": reverse("applications:calls"),
        "crumbs": [(_("申报批次"), reverse("applications:calls")), (_("新建批次"), "")],
    }
    return render(request, "bases/start.html", context, status=422 if form.findings else 200)


# --- an application ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """我要申报: the open calls with what each asks for; a POST begins a draft and opens its form."""
    membership = request.membership
    filers = dossier.FILERS.get(membership.organisation.column, ())
    itself = membership.kind != "college" and bool(membership.acting_roles & set(filers))
    only = a_number(request.GET.get("call")) if request.method == "GET" else None
    calls = queries.open_calls(membership, only) if itself or membership.kind == "college" else []
    outside = itself and membership.kind == "partner" and request.method != "POST"  # told that no call is open
    if membership.kind != "college" and not calls and not outside:
        raise denied(_("申报由学院研究生秘书或申报人发起。"), "applications.start", membership.organisation)
    findings: list[Finding] = []
    typed = {"title": "", "track": "", "call": None}
    if request.method == "POST":
        typed = {
            "title": normal(request.POST.get("title", "")).strip(),
            "track": request.POST.get("track", ""),
            "call": a_number(request.POST.get("call")),
        }
        answer = _begin(request, typed, findings)
        if answer is not None:
            return answer
    context = {
        "calls": calls,
        "only": only,
        "may": itself or membership.may("applications.start", membership.organisation),
        "findings": shown(findings),
        "typed": typed,
        "crumbs": [(_("我要申报"), "")],
    }
    return render(request, "applications/start.html", context, status=422 if findings else 200)


def _begin(request: HttpRequest, typed: dict, findings: list[Finding]) -> HttpResponse | None:
    membership = request.membership
    if typed["call"] is None:
        findings.append(Finding("", "hard", _("请选择批次。")))
        return None
    if len(typed["title"]) > MOST_TITLE:
        message = _("基地名称现有%(n)s个字符，最多%(m)s个。") % {"n": len(typed["title"]), "m": MOST_TITLE}
        findings.append(Finding("", "hard", message, {"length": len(typed["title"])}, _("请缩短。"), field="title"))
        return None
    call = see_or_404(Call.objects, request, pk=typed["call"])
    known = {track.key for track in (call.profile.apply.tracks if call.profile.apply else [])}
    track = tracks.taken(call.profile, membership.organisation.column, typed["track"]) if known else ""
    if known and track not in known:
        findings.append(Finding("", "hard", _("请选择申报途径。"), field="track"))
        return None
    before = Application.objects.visible_to(membership).filter(
        call=call,
        filed_by=membership.organisation.column,
        **{membership.organisation.column: membership.organisation},
        state="draft",
        version=1,
        created_at__gte=clock.now() - TWICE,
        title=typed["title"] or dossier.UNNAMED,
    )
    try:
        with one_at_a_time(membership.organisation):
            application = before.order_by("-pk").first()
            if application is None:
                application = start_application(membership, call, title=typed["title"], track=track)
    except Refused as refusal:
        findings += refusal.findings
        return None
    except Forbidden as error:
        raise PermissionDenied(str(error)) from error
    keys = application.form_keys()
    if not keys:
        return redirect(application.get_absolute_url())
    return redirect(reverse("case_form", args=["application", application.pk, keys[0]]))


# --- a list --------------------------------------------------------------------------------------------------------


class CaseLists(lists.CaseLists):
    """名单, with the way to begin one for the offices that draw lists up."""

    def actions(self, request: HttpRequest) -> list[Button]:
        membership = request.membership
        office = membership.kind in ("department", "university") and CLERKS[membership.kind]
        if not office or office not in membership.acting_roles:
            return []
        return [Button(_("新建名单"), reverse("applications:list_new"), "plus", primary=True)]


@require_http_methods(["GET", "HEAD", "POST"])
def list_new(request: HttpRequest) -> HttpResponse:
    """新建名单: of a kind that the call's regulation knows and that the reader's unit draws up."""
    membership = request.membership
    wanted = a_number(request.POST.get("call") or request.GET.get("call"))
    if wanted is not None:
        calls = [see_or_404(Call.objects.select_related("authority", "university"), request, pk=wanted)]
    else:
        rows = (
            Call.objects.visible_to(membership)
            .exclude(state__in=Call.UNKNOWN)
            .select_related("authority", "university")
        )
        calls = list(rows.order_by(F("closes_at").desc(nulls_last=True), "-pk")[:20])
    if request.method == "POST":
        key = request.POST.get("key", "")
        call = calls[0] if wanted is not None else None
        if call is None or key not in call.profile.lists:
            raise Http404
        with one_at_a_time(membership.organisation):
            if key not in dict(queries.startable_lists(call, membership)):
                raise PermissionDenied(_("该名单由办法规定的单位拟定，或本单位已有一份正在办理的同类名单。"))
            case_list = start_list(call, key, membership)
        messages.success(request, _("名单已建立，请列入项目。"))
        return redirect(case_list.get_absolute_url())
    choices = [
        {"call": call, "lists": [(key, wording.words(declared.title), declared) for key, declared in startable]}
        for call in calls
        if (startable := queries.startable_lists(call, membership))
    ]
    context = {
        "choices": choices,
        "crumbs": [(_("名单"), reverse("applications:lists")), (_("新建名单"), "")],
    }
    return render(request, "applications/list_new.html", context)


# --- an application's agreement ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """起草或关联协议: draft the application's agreement, or say which existing one it rests on."""
    application = see_or_404(
        Application.objects.select_related("university", "college", "partner", "agreement"), request, pk=pk
    )
    membership = request.membership
    drafts = membership.may("bases.draft_agreement", application)
    links_it = application.state == "draft" and membership.may("applications.submit", application)
    if not drafts and not links_it:
        raise denied(_("协议由学院研究生秘书或研究生处起草。"), "bases.draft_agreement", application)
    findings: list[Finding] = []
    if request.method == "POST":
        try:
            return _agreement_act(request, application)
        except Refused as refusal:
            findings = refusal.findings
        except Stale as stale:
            findings = [Finding("", "hard", str(stale))]
        except Forbidden as error:
            raise PermissionDenied(str(error)) from error
    wants = application.wants_agreement()
    context = {
        "application": application,
        "wants": wants,
        "drafts": drafts and wants,
        "linkable": list(queries.linkable_agreements(application, membership)[:50]) if links_it and wants else [],
        "links_it": links_it,
        "form_url": _form_url(application),
        "findings": shown(findings),
        "crumbs": [
            (_("申报项目"), reverse("applications:list")),
            (application.title, application.get_absolute_url()),
            (_("协议"), ""),
        ],
    }
    return render(request, "applications/agreement.html", context, status=422 if findings else 200)


def _form_url(application: Application) -> str:
    keys = application.form_keys()
    return (
        reverse("case_form", args=["application", application.pk, keys[0]]) if keys else application.get_absolute_url()
    )


def _agreement_act(request: HttpRequest, application: Application) -> HttpResponse:
    act = request.POST.get("do", "")
    if act == "draft":
        made = links.draft_for(request.membership, application)
        messages.success(request, _("协议草稿已建立，请核对条款。"))
        return redirect(made.get_absolute_url())
    if act == "link":
        chosen = a_number(request.POST.get("agreement"))
        if chosen is None:
            raise Refused(Finding("", "hard", _("请选择要关联的协议。")))
        links.link(request.membership, application, chosen)
        messages.success(request, _("已关联协议。"))
        return redirect(application.get_absolute_url())
    if act == "unlink":
        links.unlink(request.membership, application)
        messages.success(request, _("已解除协议关联。"))
        return redirect(request.path)
    raise Http404
