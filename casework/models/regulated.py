"""A case under a regulation: the version that it pins says everything else about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from casework.resolver import CaseResolver
from core.forms import store
from regulations import vocabulary
from tenants.models import Organisation, Party, ScopedCase

if TYPE_CHECKING:
    from casework.prefetched import Prefetched


def with_regulation(rows: QuerySet) -> QuerySet:
    """Rows with the regulation version that they pin, but not its long text: that is parsed once (regulations.cache)."""
    return rows.select_related("regulation_version__regulation").defer("regulation_version__content")


class RegulatedCase(ScopedCase):
    """Abstract. A subclass has a `regulation_version`, or says where its version stands (`governing_version`)."""

    prefetched: Prefetched | None = None
    # Whether it is the page of the office that a regulation gives an organisation: the records about that stand there.
    keeps_office = False

    class Meta(ScopedCase.Meta):
        abstract = True

    def governing_version(self):
        return self.regulation_version

    def regulation_label(self) -> str:
        version = self.governing_version()
        return str(version) if version is not None else ""

    @property
    def profile(self):
        """The regulation's profile in the version that the case pins."""
        return self.governing_version().profile

    @classmethod
    def form_answers_of(cls, cases: Sequence[RegulatedCase], form: str) -> dict[int, dict]:
        """The answers of a form by pk, each in its case's present round, with one query; {} while nothing was saved."""
        return store.answers_of(cases, form)

    def form_answers(self, form: str) -> dict:
        """The answers of a form in the present round."""
        return type(self).form_answers_of([self], form).get(self.pk) or {}

    def route_unit(self, column: str) -> Organisation | None:
        """The organisation that acts in a column, also before the case has been handed to it."""
        unit = getattr(self, column)
        if unit is None and column == "authority" and self.university is not None:
            return self.university.parent
        return unit

    def route_units(self, declared) -> list[Organisation]:
        """The organisations that a step is for, each with a row of its own: the one in the column, or with `party.…` all
        that have this part in the case, in the order in which they came."""
        unit = self.route_unit(vocabulary.column_of(declared.unit))
        if not declared.unit.startswith(vocabulary.PARTY):
            return [unit] if unit is not None else []
        further = Party.about(self).filter(role=vocabulary.column_of(declared.unit), until_on=None)
        rows = [party.organisation for party in further.select_related("organisation").order_by("pk")]
        return list(dict.fromkeys([*([unit] if unit is not None else []), *rows]))

    def resolver(self, actor):
        return CaseResolver(self, actor)
