"""A session that ran out loses nothing: the page asks for the password again and sends what was typed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, get_token
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as plain_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenants.middleware import ACTING_AS, SWITCH_BACK, opened_as

SECRET_NAMES = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}
UNSEEN_NAMES = {ACTING_AS, SWITCH_BACK}


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form sent, as name and value pairs, without passwords, codes and the old token."""
    return [(name, value) for name, values in request.POST.lists() if name not in SECRET_NAMES for value in values]


def of_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that the request comes from one of our own pages."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin == f"{request.scheme}://{request.get_host()}"


def resend_page(request: HttpRequest, status: int, own=None) -> HttpResponse:
    """A page that holds what was typed, so that it can be sent again: after a log-in in another window (401, 403), or
    as who it was opened as (409; `own` is that membership where it is one of the reader's), or once there is room on the
    disk (507).
    """
    fields = typed(request)
    context = {
        "fields": [(name, value) for name, value in fields if name not in UNSEEN_NAMES],
        "opened_as": opened_as(request),
        "own": own,
        "other": status == 409,
        "full": status == 507,
        "files": sorted(request.FILES),
        "address": request.get_full_path(),
        "signed_in": request.user.is_authenticated,
    }
    response = render(request, "ground/resend.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks: fetch with JSON, or the older XMLHttpRequest mark."""
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("Accept", "").startswith("application/json")
        or request.content_type == "application/json"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from our own page whose token is old (somebody logged in again meanwhile) may be sent again.

    A script is told by `X-Token-Old`, so that it fetches the new token and sends again. From anywhere else it stays
    refused.
    """
    if not of_this_site(request) or reason.startswith(REASON_BAD_ORIGIN.split("%", 1)[0]):
        return plain_csrf_failure(request, reason)
    if wants_data(request):
        message = _("您在其他窗口重新登录过，本页需要刷新后才能继续。您填写的内容仍在本页。")
        return JsonResponse({"message": message}, status=403, headers={"X-Token-Old": "1"})
    return resend_page(request, 403)


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Asked by the page before it sends a form: 200 with a fresh form token, or 401 when nobody is logged in.

    Asking does not prolong the session.
    """
    if not request.user.is_authenticated:
        response = JsonResponse({"signed_in": False, "token": get_token(request)}, status=401)
        response["X-Login-Required"] = "1"
        return response
    return JsonResponse({"signed_in": True, "token": get_token(request), "minutes": settings.SESSION_COOKIE_AGE // 60})
