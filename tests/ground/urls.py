"""The portal's addresses, and two that need a log-in, whatever the rooms bring."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


@login_required
def echo(request: HttpRequest) -> HttpResponse:
    """Answers what was typed."""
    return HttpResponse(request.POST.get("reason", "nothing"), content_type="text/plain; charset=utf-8")


@login_required
def form(request: HttpRequest) -> HttpResponse:
    """A form that is sent as a whole, and by a script of its own."""
    return render(request, "form.html")


echo.access = form.access = "person"

urlpatterns = [path("echo/", echo), path("form/", form), path("", include("config.urls"))]
