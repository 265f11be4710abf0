"""A recognised base with its people, under any of the regulations; the way there is other tests' business."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bases.models import Agreement, Base, Recognition
from config.stories import placements
from regulations import services
from tenants.models import Membership, Organisation
from tests.placing import placed
from tests.remember import remembered
from tests.scenarios.house import Person, published
from tests.tenants import factories
from trainees.models import Placement, Student


@dataclass
class School:
    """A university with a college, a partner unit, a base of both that is in force, and a student."""

    version: Any
    department: Organisation
    university: Organisation
    college: Organisation
    partner: Organisation
    recognition: Recognition
    agreement: Agreement
    office: Person
    secretary: Person
    contact: Person
    mentor: Membership
    base_mentor: Membership
    student: Student

    def planned(self, *periods: tuple[str, str]) -> Placement:
        return placements.planned(self.secretary.hand, self.recognition, self.student, *periods)

    def prepared(self, on: str, without: tuple[str, ...] = ()) -> None:
        """What the regulation wants of the base is on record."""
        people = (self.contact.hand, self.secretary.hand, self.office.hand)
        placements.prepared(self.recognition, on, *people, without=without)

    def guided(self, placement: Placement) -> None:
        placements.guided(self.secretary.hand, placement, self.mentor, self.base_mentor)


@remembered
def school(
    code: str, *, level: str = "school", term: tuple[str, str] = ("2026-03-01", "2029-02-28"), base: str = "教学医院"
) -> School:
    """Build it; the base is in force since the term's first day, the agreement of this term is signed."""
    version = published(code, "2025-07-13")
    starts, ends = (dt.date.fromisoformat(day) for day in term)
    department = factories.department("岚江省教育厅")
    university = factories.university(department, "望川医科大学")
    college, partner = factories.college(university, "第一临床医学院"), factories.partner("望川市城东医院")
    owner = department if level == "provincial" else university
    services.adopt(owner, level, version.regulation, dt.date(2025, 7, 13))
    sides = {"university": university, "college": college, "partner": partner}
    pinned = {"regulation_version": version}
    recognition = placed(
        Recognition,
        "active",
        number="RD-1",
        title=base,
        base=Base.objects.create(number="JD-1", name=base, **sides),
        level=level,
        decided_on=starts,
        active_on=starts,
        starts_on=starts,
        authority=department if level == "provincial" else None,
        **sides,
        **pinned,
    )
    agreement = placed(
        Agreement,
        "signed",
        number="XY-1",
        title="协议",
        recognition=recognition,
        starts_on=starts,
        ends_on=ends,
        signed_on=starts,
        effective_on=starts,
        **sides,
        **pinned,
    )

    def person(organisation: Organisation, role: str, name: str) -> Person:
        return Person(factories.member(organisation, role, factories.user(name)))

    secretary = person(college, "secretary", "白露晞")
    return School(
        version,
        department,
        university,
        college,
        partner,
        recognition,
        agreement,
        person(university, "graduate_office", "田雨禾"),
        secretary,
        person(partner, "contact", "柳拂衣"),
        person(college, "mentor", "郁可").membership,
        person(partner, "base_mentor", "柯远").membership,
        placements.student(secretary.hand, "20260001", "陆离"),
    )
