"""What the pages are measured against: a view that loads only the session and the user, under nothing else.

Settings, addresses and server entry in one file: `gunicorn bench.baseline:application`.
"""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth does not start without it
]
ROOT_URLCONF = "bench.baseline"


def view(request):
    """Greets the user of the session."""
    from django.http import HttpResponse  # noqa: PLC0415 - Django is set up first

    return HttpResponse(f"<!doctype html><title>baseline</title><p>{request.user.name}</p>")


def __getattr__(name: str):
    """`urlpatterns` and `application`, made when asked for: as settings this module is read before Django is up."""
    if name == "urlpatterns":
        from django.urls import path  # noqa: PLC0415 - Django is set up first

        return [path("", view)]
    if name == "application":
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.baseline"
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - Django is set up first

        return get_wsgi_application()
    raise AttributeError(name)
