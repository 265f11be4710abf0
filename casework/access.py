"""Which case a request may see, as which membership, and what of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest

from casework import panels, records
from casework.models.regulated import with_regulation
from casework.pages import REGULATION, kinds
from casework.prefetched import COLUMNS, bring_organisations
from casework.steps.kind import private_fields
from core.door import case_model
from core.models import Document, FormAnswer, is_unnamed
from tenants.models import Organisation, ScopedCase


def seen_case(request: HttpRequest, kind: str, pk: int):
    """The case, if it exists for the request's membership. Raises Http404 for everything else, alike."""
    model = case_model(kind)
    if model is None or not issubclass(model, ScopedCase):
        raise Http404
    along = kinds.of(model).along
    rows = model.objects.visible_to(request.membership).select_related(*along)
    if REGULATION in along:
        rows = with_regulation(rows)
    case = next(iter(rows.filter(pk=pk)), None)
    if case is None:
        raise Http404
    _bring_organisations(case, request.membership.organisation)
    return case


def _bring_organisations(case, own: Organisation) -> None:
    """Put the case's organisations into it, and into those the ones they belong to, as far as they are at hand."""
    known = {own.pk: own}
    bring_organisations([case], COLUMNS, known)
    for organisation in known.values():
        if organisation.parent_id in known:
            organisation.parent = known[organisation.parent_id]


def is_reviewer(request: HttpRequest, case) -> bool:
    """Whether the reader sees the case as an assigned expert: the dossier, but not what others said of it."""
    return request.membership.role == "expert" and panels.open_for(request.user, case)


def reads_dossier(request: HttpRequest, case) -> bool:
    """Whether the dossier is open to a reader who sees the case: to an assigned expert only after their promise."""
    if is_reviewer(request, case):
        return panels.may_read(request.user, case)
    return case.dossier_open_to(request.membership)


def reads_forms(request: HttpRequest, case) -> list[str]:
    """The dossier's forms that the reader may read: all of them, or none while it is not open to them."""
    if not reads_dossier(request, case):
        return []
    return [form for form in case.form_keys() if case.form_open_to(form, request.membership)]


def may_read_document(request: HttpRequest, document) -> bool:
    """Whether a file of a case that the reader sees is theirs to open: experts get the dossier's files only."""
    case = seen_case(request, document.case_kind, document.case_id)
    return bool(readable(request, case, [document]))


def readable(request: HttpRequest, case, documents: Iterable[Document]) -> list[Document]:
    """Those of a case's files that the reader may know of: experts those of the dossier; everybody else all but what
    stays with the body that decided (its minutes), and what an expert of another organisation's panel brought."""
    if is_reviewer(request, case):
        dossier = dossier_documents(case) if panels.may_read(request.user, case) else set()
        return [row for row in documents if row.pk in dossier]
    reader, private = request.membership, private_fields()
    hidden = set() if case.dossier_open_to(reader) else dossier_documents(case)
    if documents := list(documents):
        hidden = hidden | records.hidden_documents(case, reader)
    return [
        row
        for row in documents
        if row.pk not in hidden
        and not (row.purpose in private and row.organisation_id != reader.organisation_id)
        and not is_unnamed(row.uploaded_as, row.organisation_id, row.uploaded_by_id, reader)
    ]


def dossier_documents(case) -> set[int]:
    """Ids of the documents that stand in the answers of the case's forms."""
    pks: set[int] = set()
    rows = FormAnswer.about(case).filter(round=case.round, form__in=case.form_keys())
    for row in rows:
        for value in row.answers.values():
            if isinstance(value, list):
                pks |= {pk for pk in value if isinstance(pk, int) and not isinstance(pk, bool)}
    return pks
