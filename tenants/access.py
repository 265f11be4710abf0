"""Deny by default: every view asks for a log-in and a membership unless it says otherwise here."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tenants.offices import who_may

# Addresses of the ground and of the log-in package that answer without a log-in. Everything else of theirs
# does not.
PUBLIC_NAMES = {
    "livez",
    "healthz",
    "csp_report",
    "session_state",
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}

# Addresses of the log-in package that this house does not use: nobody signs up, addresses are not confirmed.
CLOSED_NAMES = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_set_password",
}

# How an account is protected: nobody changes it for a demo account, which is everybody's.
SHARED_NAMES = {
    "account_change_password",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}

# Addresses whose forms mean the same whoever sends them; any other form is sent as who it was opened as.
ANY_ACCOUNT_NAMES = PUBLIC_NAMES | {
    "tenants:switch",
    "portal:public_notice",
    "portal:public_objection",
    "step_link",
    "portal:verify",
    "portal:verify_code",
}


def public(view: Callable) -> Callable:
    """Mark a view as open to everybody, logged in or not."""
    view.access = "public"
    return view


def person(view: Callable) -> Callable:
    """Mark a view as open to every account, also one that has no usable membership at the moment."""
    view.access = "person"
    return view


def access_of(view: Callable, url_name: str = "") -> str:
    """ "public", "person" or "member": who may call a view at all."""
    if url_name in PUBLIC_NAMES:
        return "public"
    declared = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    if declared is None and getattr(view, "__module__", "").startswith("allauth."):
        return "person"
    return declared or "member"


def see_or_404(queryset, request: HttpRequest, **where):
    """The one object of a scoped queryset that the request's membership sees. Raises Http404 for anything
    else.
    """
    row = queryset.visible_to(request.membership).filter(**where).first()
    if row is None:
        raise Http404
    return row


def require(request: HttpRequest, permission: str, obj, message: str = "", about=None) -> None:
    """Raise PermissionDenied (403) unless the membership may do `permission` to an object it sees.

    `message` says in plain words whose business it is; the offices with their telephones follow by themselves: those
    of the object, or of the organisation `about` where the object belongs to none.
    """
    if not request.user.has_perm(permission, obj):
        raise denied(message, permission, obj if about is None else about)


def denied(message: str, permission: str, obj) -> PermissionDenied:
    """The exception that answers 403 with whose business it is and which offices to ask (`tenants.offices`)."""
    who = who_may(permission, [obj])
    return PermissionDenied(message + (_("请联系：%(who)s。") % {"who": who} if who else ""))
