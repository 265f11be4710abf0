"""What forms ask the house about codes and ids, for one case and one actor (see core.forms.clean.Resolver)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Model, Q

from core.models import Document
from regulations import catalogues
from tenants.models import Organisation


class CaseResolver:
    """Answers for one case: its own documents, the organisations that may be named, the official code lists."""

    def __init__(self, case, actor=None):
        self.case, self.actor = case, actor
        self._organisations: dict[int, Organisation | None] = {}
        for column in ("authority", "university", "college", "partner"):  # known from the case itself
            organisation = case._state.fields_cache.get(column) if isinstance(case, Model) else None
            if organisation is not None and organisation.active:
                self._organisations[organisation.pk] = organisation

    def _nameable(self):
        """Active organisations; of colleges only the university's own."""
        organisations = Organisation.objects.filter(active=True)
        university = getattr(self.case, "university", None)
        if university is not None:
            organisations = organisations.exclude(~Q(parent=university), kind="college")
        return organisations

    def organisation(self, pk: int) -> Organisation | None:
        """The organisation, if it may be named; None for every other."""
        if pk not in self._organisations:
            self._organisations[pk] = self._nameable().filter(pk=pk).first()
        return self._organisations[pk]

    def organisations(self, kinds: Collection[str]) -> Iterable[tuple[int, str]]:
        """(id, display name) of what may be chosen."""
        organisations = self._nameable()
        if kinds:
            organisations = organisations.filter(kind__in=kinds)
        return [
            (organisation.pk, organisation.display_name)
            for organisation in organisations.order_by("kind", "name")[:2000]
        ]

    def documents(self, pks: Collection[int]) -> dict:
        """Those of the ids that are documents of this case."""
        if (prefetched := getattr(self.case, "prefetched", None)) is not None:
            wanted = set(pks)
            return {row.pk: row for row in prefetched.documents if row.pk in wanted}
        rows = Document.about(self.case).filter(pk__in=list(pks)[:200])
        return {row.pk: row for row in rows}

    def catalogue(self, name: str) -> dict[str, str]:
        """An official code list; empty for an unknown one."""
        return catalogues.entries(name) if catalogues.known(name) else {}

    def offered_codes(self, name: str) -> dict[str, str]:
        """What an input offers of it; empty for an unknown one."""
        return catalogues.offered(name) if catalogues.known(name) else {}
