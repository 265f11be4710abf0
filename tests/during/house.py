"""A student at a base under a regulation, with an account of their own, and everybody who has to do with the stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.stories import placements
from core import clock, ledger
from core.models import LedgerEntry
from tests.remember import remembered
from tests.scenarios.house import Person, fresh
from tests.tenants import factories
from tests.trainees.world import School, school
from trainees.models import Placement, Student


@dataclass
class Stay:
    """A stay under way with its people."""

    school: School
    placement: Placement
    student: Person
    mentor: Person
    base_mentor: Person

    def enter(self, person: Person, kind: str, on: str, /, **answers: Any):
        """A record entered as a browser sends it."""
        return person.client.post(
            f"{self.placement.get_absolute_url()}do/enter_record/?type={kind}",
            {
                "seen": fresh(self.placement).version,
                "type": kind,
                "f-on": on,
                **{f"f-{key}": value for key, value in answers.items()},
            },
        )

    def owed(self, kind: str, *, by: Person | None = None) -> list[str]:
        """The days on which what is owed of a type is due."""
        rows = LedgerEntry.objects.filter(key__startswith=f"record_due:{kind}:", done_at=None)
        if by is not None:
            rows = rows.filter(membership_id=by.membership.pk)
        return [row.due_on.isoformat() for row in rows.order_by("due_on")]


@remembered
def stay(code: str, *periods: tuple[str, str], level: str = "school") -> Stay:
    """A student went to the base on the first day of the periods; the clock stands there."""
    first = periods[0][0]
    with clock.travel(f"{first}T09:00"):
        made = school(code, level=level, term=("2026-03-01", "2031-02-28"))
        own = Person(factories.member(made.college, "student", factories.user("陆离")))
        Student.objects.filter(pk=made.student.pk).update(seat=own.membership)
        made.prepared(first)
        placement = made.planned(*periods)
        made.guided(placement)
        placements.insured(made.secretary.hand, placement, first, periods[-1][1])
        placements.entered(made.secretary.hand, placement, first)
    return Stay(made, fresh(placement), own, Person(made.mentor), Person(made.base_mentor))


def run(day: str) -> None:
    """The daily run of a day."""
    with clock.travel(f"{day}T09:00"):
        ledger.run_due(clock.today())
