"""How many professional degree categories of a region have a base, and which bases are candidates."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from bases.models import Recognition
from casework.models import Effect
from regulations import catalogues, vocabulary
from tenants.models import DegreeProgramme

CATALOGUE = "degree_categories_2022"
# What a department recognises.
LEVELS = [level for level, owner in vocabulary.LEVEL_OWNERS.items() if owner == "authority"]


@dataclass(frozen=True)
class CategoryLine:
    """One degree category: how many universities of the region train it, how many bases it has, how many of them
    are candidates for the national programme."""

    code: str
    name: str
    universities: int
    bases: int
    candidates: int

    @property
    def covered(self) -> bool:
        return self.bases > 0


@dataclass(frozen=True)
class Coverage:
    """The whole report. `offered` counts the categories that the region's universities train."""

    lines: list[CategoryLine]
    covered: int
    offered: int
    total: int
    bases: int
    candidates: int


def coverage(membership) -> Coverage:
    """Coverage of the region of the membership's department, by the active recognitions of its own levels. Three queries.

    Every category of the catalogue is there; codes outside it that a base or a programme bears follow.
    """
    rows = Recognition.objects.visible_to(membership).filter(
        authority=membership.organisation_id, state="active", level__in=LEVELS
    )
    bases: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for pk, code, name in rows.values_list("pk", "base__category_code", "base__category_name"):
        bases.setdefault(code, []).append(pk)
        names.setdefault(code, name)
    marked = set(
        Effect.objects.filter(
            case_kind="recognition",
            case_id__in=rows.values("pk"),
            kind="national_candidate",
            lifted_on=None,
        ).values_list("case_id", flat=True)
    )
    trained = dict(
        DegreeProgramme.objects.filter(
            Q(university__active=True), professional=True, university__parent=membership.organisation_id
        )
        .order_by()
        .values("code")
        .annotate(n=Count("university", distinct=True))
        .values_list("code", "n")
    )
    known = catalogues.entries(CATALOGUE)
    codes = [*known, *sorted((set(bases) | set(trained)) - set(known) - {""})]
    lines = [
        CategoryLine(
            code,
            known.get(code) or names.get(code, ""),
            trained.get(code, 0),
            len(bases.get(code, [])),
            sum(pk in marked for pk in bases.get(code, [])),
        )
        for code in codes
    ]
    return Coverage(
        lines=lines,
        covered=sum(line.covered for line in lines),
        offered=sum(line.universities > 0 for line in lines),
        total=len(known),
        bases=sum(len(pks) for pks in bases.values()),
        candidates=len(marked),
    )
