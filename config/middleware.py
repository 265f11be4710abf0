"""Small middlewares of the ground: language, idle log-out, log-in within the page, first-login password."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation

from core import clock

from .session import of_this_site, resend_page

UNIT_COOKIE = "unit"
UNIT_KEY = "membership"  # session key of tenants.middleware
SEEN = "seen"  # session key: when this session last showed life, in seconds of the epoch


class ChosenLanguage:
    """Chinese unless the reader chose English; the browser's own preference is not asked (Chinese first)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class IdleLogout:
    """End a session thirty minutes after its last request, writing it at most once a minute.

    By the system's clock on purpose: idle time is real time, also where a test or the demo moves the portal's clock.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = int(clock.real_now().timestamp())
            seen = request.session.get(SEEN)
            if seen is not None and now - seen >= settings.SESSION_COOKIE_AGE:
                request.session.flush()
                from django.contrib.auth.models import AnonymousUser

                request.user = AnonymousUser()
            elif request.path != "/session/" and (seen is None or now - seen >= settings.SESSION_TOUCH_SECONDS):
                request.session[SEEN] = now
        return self.get_response(request)


class KeepUnit:
    """Who logs in again goes on in the unit and role in which they worked last on this device.

    The choice lives in the session and ends with it; a form sent again after an idle log-out would otherwise act
    in another unit. A signed cookie names account and membership; whether that membership may still be used is
    asked anew at every request (tenants.middleware).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        kept = request.get_signed_cookie(UNIT_COOKIE, default="", salt=UNIT_COOKIE)
        if user is not None and user.is_authenticated and UNIT_KEY not in request.session:
            account, _, membership = kept.partition(":")
            if account == str(user.pk) and membership.isdigit():
                request.session[UNIT_KEY] = int(membership)
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and (chosen := request.session.get(UNIT_KEY)):
            value = f"{user.pk}:{chosen}"
            if value != kept:
                response.set_signed_cookie(
                    UNIT_COOKIE,
                    value,
                    salt=UNIT_COOKIE,
                    max_age=90 * 24 * 3600,
                    httponly=True,
                    samesite="Lax",
                    secure=settings.SESSION_COOKIE_SECURE,
                )
        return response


class LoginInPage:
    """Answer a request that needs a log-in in the way its sender can use.

    A script (htmx, JSON) gets 401 with `X-Login-Required`, so that the page can ask for the password in a dialog
    and send again. A form posted by a browser without scripts gets a page that holds what was typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 302 or getattr(request, "user", None) is None or request.user.is_authenticated:
            return response
        login = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path != login or request.path.startswith("/accounts/"):
            return response
        if wants_data(request):
            answer = JsonResponse({"login": login}, status=401)
            answer["X-Login-Required"] = "1"
            return answer
        if request.method == "POST" and of_this_site(request):
            return resend_page(request, 401)
        return response


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks: htmx, fetch with JSON, or the older XMLHttpRequest mark."""
    return (
        request.headers.get("HX-Request") == "true"
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("Accept", "").startswith("application/json")
        or request.content_type == "application/json"
    )


class MustChangePassword:
    """An invited person chooses an own password before anything else."""

    FREE = ("/accounts/", "/static/", "/language/", "/session/", "/livez", "/healthz", "/csp-report")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and getattr(request.user, "must_change_password", False)
            and not request.path.startswith(self.FREE)
        ):
            return redirect("account_change_password")
        return self.get_response(request)
