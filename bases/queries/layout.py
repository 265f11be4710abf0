"""The layout of bases: how they are spread over the units below a reader's organisation, state by state."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from bases.models import Recognition

MOST = 500  # bases that the page lists by name; the register has them all


@dataclass
class UnitLine:
    """One unit with its bases: names with state, and how many there are in each."""

    unit: str
    bases: list[Recognition] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(base.state == state for base in self.bases)

    @property
    def standing(self) -> int:
        return self.count("pending") + self.count("active")

    @property
    def ended(self) -> int:
        return self.count("ended")


def layout(membership) -> list[UnitLine]:
    """The bases that the reader sees, by the unit that answers for them: a department's by university, others' by
    college. Two queries; the units without a base are there too."""
    own = membership.organisation
    by = "university" if own.kind == "department" else "college"
    lines: dict[int | None, UnitLine] = {}
    if own.kind in ("department", "university"):
        below = type(own).objects.filter(parent=own, active=True, kind=by).order_by("name")
        lines = {unit.pk: UnitLine(unit.display_name) for unit in below}
    rows = Recognition.objects.visible_to(membership).select_related("base", "university", by).order_by("state", "-pk")
    for row in rows.defer("regulation_version")[:MOST]:
        unit = getattr(row, by)
        key = unit.pk if unit is not None else None
        name = unit.display_name if unit is not None else row.university.display_name
        lines.setdefault(key, UnitLine(name)).bases.append(row)
    return list(lines.values())


def movements(membership) -> QuerySet[Recognition]:
    """The bases that came into force or ended, as far as the membership sees them."""
    rows = Recognition.objects.visible_to(membership).filter(Q(active_on__isnull=False) | Q(ended_on__isnull=False))
    return rows.select_related("regulation_version__regulation").defer("regulation_version__content")
