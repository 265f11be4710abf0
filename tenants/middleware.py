"""Who asks, and as what: sets `request.membership`, and lets nobody in whom no view expects."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenants.access import CLOSED_NAMES, SHARED_NAMES, access_of
from tenants.models import Membership

SESSION_KEY = "membership"
ACTING_AS = "acting-as"  # the hidden input of every form; scripts send the header X-Acting-As
SWITCH_BACK = "switch-back"  # sent beside it by somebody who wants to act as who the form was opened as


class MembershipMiddleware:
    """Sets `request.membership` (the one chosen in the session, else the first usable one, else None) and
    `request.user.active_membership`, and refuses views that are not declared open (`tenants.access`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = []
        request.membership = None
        if request.user.is_authenticated:
            request.memberships = memberships_of(request.user)
            request.membership = _chosen(request)
            request.user.active_membership = request.membership
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        match = request.resolver_match
        name = (match.view_name or "") if match else ""
        if name in CLOSED_NAMES:
            raise Http404
        if name in SHARED_NAMES and getattr(request.user, "is_demo", False):
            return _shared(request)
        wanted = access_of(view, name)
        if wanted == "public":
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if wanted == "member" and request.membership is None:
            return redirect("tenants:memberships")
        return None


def _shared(request: HttpRequest) -> HttpResponse:
    """Demo accounts are everybody's: nobody shuts the others out."""
    message = _("演示账号由所有体验者共用，密码和两步验证不能修改。各账号的密码见登录页面。")
    context = {"heading": _("演示账号不能修改登录方式"), "message": message}
    return render(request, "403.html", context, status=403)


def memberships_of(user) -> list[Membership]:
    """A person's usable memberships today, the oldest first. One query."""
    memberships = sorted(
        Membership.objects.usable().filter(user=user).select_related("organisation"),
        key=lambda membership: membership.pk,
    )  # not by the database: Django takes longer to write ORDER BY over a join than to sort these
    for membership in memberships:
        membership.user = user
    return memberships


def _chosen(request: HttpRequest) -> Membership | None:
    wanted = request.session.get(SESSION_KEY)
    chosen = next((membership for membership in request.memberships if membership.pk == wanted), None)
    return chosen or next(iter(request.memberships), None)


def acting_as(request: HttpRequest) -> str:
    """Who asks, in which membership, as forms carry it: "account:membership"; "" for nobody (also on the page of an
    error that came before the account was known)."""
    user, membership = getattr(request, "user", None), getattr(request, "membership", None)
    if user is None or not user.is_authenticated:
        return ""
    return f"{user.pk}:{membership.pk if membership else ''}"


def opened_as(request: HttpRequest) -> str | None:
    """What the page carried that a request was sent from; None where it says nothing."""
    return request.headers.get("X-Acting-As", request.POST.get(ACTING_AS))


def choose(request: HttpRequest, pk: int) -> Membership | None:
    """Act in another of one's own memberships from now on. Returns it, or None for one that is not usable."""
    chosen = next((membership for membership in memberships_of(request.user) if membership.pk == pk), None)
    if chosen is not None:
        request.session[SESSION_KEY] = chosen.pk
        request.membership = request.user.active_membership = chosen
    return chosen
