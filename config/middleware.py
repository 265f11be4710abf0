"""Small middlewares of the ground: input, language, idle log-out, log-in within the page, who a form is sent as."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from core import clock
from core.language import bracketed
from core.text import EXACT, exact, normal
from tenants.access import ANY_ACCOUNT_NAMES
from tenants.middleware import SWITCH_BACK, acting_as, choose, opened_as

from .session import SECRET_NAMES, of_this_site, resend_page, wants_data

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, halves of surrogate pairs
UNIT_COOKIE = "unit"
UNIT_KEY = "membership"  # session key of tenants.middleware
SEEN = "seen"  # session key: when this session last showed life, in seconds of the epoch


class StorableInput:
    """Nothing comes in that no database can store and no page can show: NUL and halves of surrogate pairs.

    They are taken out of a query's and a form's names and values and of file names; a cookie that holds one is left
    out. An address or a JSON body that holds one has no meaning without it and is answered with 400. What a form sends is
    brought into the form in which the house keeps texts (core.text.normal), whichever form it is; secrets stay as typed, and
    so does what is named as kept to the letter (core.text.EXACT).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if UNSTORABLE.search(request.path_info):
            raise BadRequest("the address holds a sign that cannot be stored")
        for name, value in list(request.COOKIES.items()):
            if UNSTORABLE.search(value):
                del request.COOKIES[name]
        request.GET = _cleaned(request.GET)
        if request.content_type == "application/json":
            _refuse_unstorable_json(request.body)
        elif request.method == "POST":
            request.POST = _cleaned(request.POST, _as_kept)
            for files in request.FILES.lists():
                for file in files[1]:
                    file.name = UNSTORABLE.sub("", file.name)
        return self.get_response(request)


def _storable(name: str, value: str) -> str:
    return UNSTORABLE.sub("", value)


def _as_kept(name: str, value: str) -> str:
    if name in SECRET_NAMES:
        return _storable(name, value)
    return exact(value) if name.startswith(EXACT) else normal(value)


def _cleaned(values: QueryDict, clean_value: Callable[[str, str], str] = _storable) -> QueryDict:
    """The same values, each as `clean_value` gives it by name; the same object where nothing changes."""
    lists = [(name, items) for name, items in values.lists()]
    clean = [(UNSTORABLE.sub("", name), [clean_value(name, item) for item in items]) for name, items in lists]
    if clean == lists:
        return values
    fresh = QueryDict(mutable=True, encoding=values.encoding)
    for name, items in clean:
        fresh.setlistdefault(name).extend(items)
    fresh._mutable = False
    return fresh


def _refuse_unstorable_json(body: bytes) -> None:
    """Raise BadRequest for JSON that holds such a sign, written out or escaped. Other faults are the view's to tell."""
    try:
        text = body.decode()
        data = json.loads(text) if "\\u" in text else text  # written out, a NUL is no JSON
    except (ValueError, RecursionError):
        return
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str) and UNSTORABLE.search(part):
            raise BadRequest("the data hold a sign that cannot be stored")


class NotKept:
    """What only somebody who is logged in sees is kept by no browser and no proxy: after a log-out, Back asks again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not request.path.startswith(settings.STATIC_URL):
            patch_cache_control(response, no_store=True, private=True)
        return response


class SameMembership:
    """A form is sent as who it was opened as, or not at all.

    Every form carries account and membership of its page (`csrf_token` in tenants/templatetags/acting.py), every
    script's request the same as a header. Where another tab has switched meanwhile, nothing is done: the page says
    so, keeps what was typed and offers to switch back. A request that carries neither was made by no page of ours.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        match = request.resolver_match
        if match is not None and match.view_name in ANY_ACCOUNT_NAMES:
            return None
        opened = opened_as(request)
        if opened is None or opened == acting_as(request):
            return None
        account, _sign, membership = opened.partition(":")
        own = next(
            (row for row in request.memberships if account == str(request.user.pk) and str(row.pk) == membership), None
        )
        if own is not None and SWITCH_BACK in request.POST:
            choose(request, own.pk)
            return None
        if wants_data(request):
            now = request.membership.label if request.membership else _("未登录")
            if account != str(request.user.pk) and request.user.is_authenticated:
                now = bracketed(request.user.name, now if request.membership else "")
            message = _("本页打开后，您在其他窗口换成了“%(now)s”。本次没有保存任何内容，请换回原来的单位和身份再试。")
            return JsonResponse({"acting_as": acting_as(request), "message": message % {"now": now}}, status=409)
        return resend_page(request, 409, own=own)


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

    A script gets 401 with `X-Login-Required`, so that the page can ask for the password in a dialog
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
