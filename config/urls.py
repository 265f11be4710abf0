"""Addresses. Every room brings its own; the ground adds log-in, health and the browser's reports."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from . import health, session

handler500 = "config.fulldisk.server_error"
urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("healthz", health.healthz, name="healthz"),
    path("csp-report", health.csp_report, name="csp_report"),
    path("session/", session.state, name="session_state"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]
# The highest floor first: portal owns "/".
for room in reversed(settings.ROOMS):
    if find_spec(f"{room}.urls"):
        urlpatterns.append(path("", include(f"{room}.urls")))
