"""What a person does with their own account: joining, switching, own data, standing in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.door import Refused
from tenants import middleware, queries
from tenants.access import person, public
from tenants.forms import AcceptForm, DelegateForm, JoinForm, ProfileForm, colleagues_may_be_asked
from tenants.models import Delegation, User
from tenants.services import invitations, links, members
from tenants.templatetags.tenants import hidden_address
from tenants.views.common import answers, status_of

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@public
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link: join with a new account, or with the one that is logged in. Asking for the
    code and joining are POSTs; a GET uses nothing up."""
    invitation = invitations.find(token)
    if invitation is None:
        raise Http404
    state = invitation.current_state
    context = {"invitation": invitation, "unit": invitation.organisation, "state": state, "login": _login_url(request)}
    if state != "invited" or not invitation.organisation.active:
        status = 403 if state == "unconfirmed" else 410
        return render(request, "tenants/accept_closed.html", context, status=status)
    if request.POST.get("act") == "code":
        try:
            links.send_code(invitation.link)
        except Refused as error:
            messages.error(request, str(error))
        else:
            address = hidden_address(invitation.link.address)
            messages.success(request, _("验证码已发送到%(address)s，请查收。") % {"address": address})
        return redirect(request.path)
    joined = request.user.is_authenticated
    form = (JoinForm if joined else AcceptForm)(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        membership = form.attempt(lambda: _joined(request, invitation, form.cleaned_data))
        if membership:
            return _welcome(request, membership)
    context |= {"form": form, "address": hidden_address(invitation.link.address)}
    page = "tenants/accept_join.html" if joined else "tenants/accept_new.html"
    return render(request, page, context, status=status_of(form))


def _login_url(request: HttpRequest) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"


def _joined(request: HttpRequest, invitation, data: dict):
    if request.user.is_authenticated:
        return invitations.accept(invitation, request.user, data["code"])
    membership = invitations.accept_as_new(
        invitation, login=data["login"], name=data["name"], password=data["password1"], code=data["code"]
    )
    login(request, membership.user, backend=BACKEND)
    return membership


def _welcome(request: HttpRequest, membership) -> HttpResponse:
    middleware.choose(request, membership.pk)
    messages.success(request, _("您已加入%(unit)s。") % {"unit": membership.organisation.display_name})
    return redirect("/")


@person
@require_safe
def memberships(request: HttpRequest) -> HttpResponse:
    """One's own memberships, to switch between; also the page of somebody who has none at the moment."""
    rows = request.user.memberships.select_related("organisation__parent").order_by("-pk")[:100]
    context = {"rows": list(rows), "crumbs": [(_("我的单位与身份"), "")]}
    return render(request, "tenants/memberships.html", context)


@person
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act in another of one's memberships. 404 for one that is not one's own or opens nothing."""
    wanted = request.POST.get("membership", "")
    chosen = middleware.choose(request, int(wanted)) if wanted.isascii() and wanted.isdigit() else None
    if chosen is None:
        raise Http404
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return redirect(target)


@person
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, address and telephone number."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                changed = {name: form.cleaned_data[name] for name in form.Meta.fields}
                User.objects.filter(pk=request.user.pk).update(**changed)
        except IntegrityError:
            form.add_error("email", _("该邮箱已用于另一个账号。"))
        else:
            messages.success(request, _("本人信息已保存。"))
            return redirect("tenants:profile")
    context = {"form": form, "crumbs": [(_("本人信息"), "")]}
    return render(request, "tenants/profile.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers
def delegations(request: HttpRequest) -> HttpResponse:
    """委托代办: what one has lent and borrowed; lend one's role to a colleague."""
    may = colleagues_may_be_asked(request.membership)
    form = DelegateForm(request.POST or None, membership=request.membership)
    if request.method == "POST" and may and form.is_valid():
        data = form.cleaned_data
        made = form.attempt(
            lambda: members.delegate(request.membership, data["to"], data["from_on"], data["until_on"], data["reason"])
        )
        if made:
            messages.success(request, _("已委托%(name)s代办。") % {"name": data["to"].name})
            return redirect("tenants:delegations")
    given, received = queries.delegations(request.membership)
    context = {
        "form": form,
        "may": may,
        "given": given,
        "received": received,
        "crumbs": [(_("单位与人员"), "/organisation/"), (_("委托代办"), "")],
    }
    return render(request, "tenants/delegations.html", context, status=status_of(form))


@require_POST
@answers
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delegation back."""
    row = get_object_or_404(
        Delegation.objects.select_related("from_membership__organisation", "to_membership__user"),
        pk=pk,
        from_membership__organisation_id=request.membership.organisation_id,
    )
    try:
        members.end_delegation(request.membership, row)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("委托已收回。"))
    return redirect("tenants:delegations")
