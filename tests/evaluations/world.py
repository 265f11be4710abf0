"""A base in force with whoever evaluates it, under any of the regulations; the way there is other tests' business."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bases.models import Recognition
from config.stories import evaluation as story
from core import clock, ledger
from evaluations.models import Evaluation
from regulations import services
from tests.placing import placed
from tests.remember import remembered
from tests.scenarios import house
from tests.scenarios.house import Person, fresh
from tests.tenants import factories
from tests.trainees.world import School, school

FORMS = {"czmc": "annual_report", "nm": "effect_report", "xcu": "construction_report"}
REPORTS = {"czmc": story.czmc_report, "nm": story.nm_report, "xcu": story.xcu_report}


@dataclass
class World:
    """The school, its base, who organises the evaluation, who reports, who checks the report, and two experts."""

    code: str
    school: School
    organiser: Person
    reporter: Person
    checker: Person
    check: str
    experts: list[Person]

    @property
    def base(self) -> Recognition:
        return fresh(self.school.recognition)

    def setting(self, key: str, value: Any, on: str) -> None:
        """A local setting of the organiser."""
        day = dt.date.fromisoformat(on)
        services.enter_setting(
            self.school.version,
            key,
            self.organiser.organisation,
            value,
            day,
            "通知",
            name=self.organiser.membership.name,
        )

    def opened(self, kind: str, on: str) -> Evaluation:
        """The job of a day runs; the evaluation that it opened."""
        with clock.travel(f"{on}T08:00"):
            return story.opened(self.base, kind)

    def reported(self, evaluation: Evaluation, on: str, **changes: Any) -> Evaluation:
        """The report handed in and checked."""
        with clock.travel(f"{on}T09:00"):
            story.reported(self.reporter.hand, evaluation, FORMS[self.code], REPORTS[self.code](**changes))
            self.checker.hand.step(evaluation, self.check, {"opinion": "属实。"})
        return fresh(evaluation)

    def heard(self, evaluation: Evaluation, on: str, *opinions: dict) -> Evaluation:
        """Each expert's opinion; the panel closed."""
        with clock.travel(f"{on}T10:00"):
            for expert, opinion in zip(self.experts, opinions, strict=False):
                story.assigned(self.organiser.hand, evaluation, expert.hand)
                story.heard(expert.hand, evaluation, opinion)
            self.organiser.hand.step(evaluation, "experts", {"opinion": "同意。"})
        return fresh(evaluation)


@remembered
def build(code: str, since: str, until: str, construction: str | None = None) -> World:
    """A base in force since a day, its agreement of that term signed; `construction`: the last day of its period."""
    with clock.travel(f"{since}T08:00"):
        made = school(code, level="provincial" if code == "nm" else "school", term=(since, until))
        if construction:
            Recognition.objects.filter(pk=made.recognition.pk).update(ends_on=dt.date.fromisoformat(construction))
        officer = Person(factories.member(made.department, "officer", factories.user("卫之桓")))
        organiser = officer if code == "nm" else made.office
        experts = [house.expert(organiser.organisation, name) for name in ("钟离靖", "端木澄", "司徒映")]
    reporter = {"nm": made.office, "xcu": made.secretary, "czmc": made.contact}[code]
    checker, check = {
        "nm": (officer, "documents_check"),
        "xcu": (made.office, "office_check"),
        "czmc": (made.secretary, "college_check"),
    }[code]
    return World(code, made, organiser, reporter, checker, check, experts)


def another(world: World, number: int, since: str) -> Recognition:
    """One more base of the school, in force since a day."""
    made, day = world.school, dt.date.fromisoformat(since)
    base = made.recognition.base
    sides = {"university": made.university, "college": made.college, "partner": made.partner}
    with clock.travel(f"{since}T08:00"):
        other = type(base).objects.create(
            number=f"JD-{number}", name=f"基地{number}", category_code=str(number), **sides
        )
        return placed(
            Recognition,
            "active",
            number=f"RD-{number}",
            title=other.name,
            base=other,
            level=made.recognition.level,
            regulation_version=made.version,
            decided_on=day,
            active_on=day,
            starts_on=day,
            authority=made.recognition.authority,
            **sides,
        )


def run(day: str) -> dict:
    """The job of a day."""
    with clock.travel(f"{day}T06:00"):
        return ledger.run_due(clock.today())
