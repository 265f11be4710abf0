"""What every view of this room does with errors of the services."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from core.door import Forbidden, NotFound
from tenants.access import denied
from tenants.models import Organisation
from tenants.rights import visible_organisations


def answers(view: Callable) -> Callable:
    """404 for what the reader may not see, 403 for what they may see and not do."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from None
        except Forbidden as error:
            raise PermissionDenied(str(error)) from None

    return wrapped


def seen_organisation(request: HttpRequest, pk: int) -> Organisation:
    """An organisation whose page exists for the reader. Raises Http404."""
    return get_object_or_404(visible_organisations(request.membership).select_related("parent"), pk=pk)


def asked(request: HttpRequest, permission: str, obj, who: str) -> None:
    """Raise PermissionDenied, saying whose business it is, before a form is shown to somebody who may not
    send it.
    """
    if not request.user.has_perm(permission, obj):
        raise denied(who, permission, obj)


def status_of(form) -> int:
    """200 for a form that is shown, 422 for one that came back with faults."""
    return 422 if form.is_bound else 200
