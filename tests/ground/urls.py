"""The portal's addresses and one that needs a log-in, whatever the rooms bring."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_required
def echo(request: HttpRequest) -> HttpResponse:
    """Answers what was typed."""
    return HttpResponse(request.POST.get("reason", "nothing"), content_type="text/plain; charset=utf-8")


echo.access = "person"

urlpatterns = [path("echo/", echo), path("", include("config.urls"))]
