"""Which case a request may see, as which membership, and what of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from casework import panels
from core.door import case_model


def seen_case(request: HttpRequest, kind: str, pk: int):
    """The case, if it exists for the request's membership. Raises Http404 for everything else, alike."""
    model = case_model(kind)
    if model is None or not hasattr(model.objects, "visible_to"):
        raise Http404
    found = model.objects.visible_to(request.membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def is_reviewer(request: HttpRequest, case) -> bool:
    """Whether the reader sees the case as an assigned expert: the dossier, but not what others said of it."""
    return request.membership.role == "expert" and panels.open_for(request.user, case)


def reads_forms(request: HttpRequest, case) -> list[str]:
    """The dossier's forms that the reader may read: all of them for everybody who sees the case."""
    return list(case.form_keys()) if hasattr(case, "form_keys") else []
