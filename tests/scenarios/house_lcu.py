"""A university under LCU for scenarios, walked over HTTP: three colleges, two partner units, and the people of its offices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from applications.models import Application, Call
from applications.services.starting import plan_call
from bases.models import Agreement, Office, Recognition
from bases.office.services import open_office
from config.stories import agreements, lcu
from config.stories import answers_lcu as said
from core import clock
from regulations import services
from tenants.models import Organisation
from tests.remember import remembered
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories

EDUCATION = ("0451", "教育")
NAME = "南河路实验学校联培基地"


@dataclass
class LCU:
    """A university under LCU."""

    version: Any
    university: Organisation
    college: Organisation
    other_college: Organisation
    partner: Organisation
    other_partner: Organisation
    office: Person
    recorder: Person
    secretary: Person
    dean: Person
    other_secretary: Person
    contact: Person


def opened(made: LCU, group: bool = True) -> Office:
    """The base office opens its page; `group`: and enters the leading group."""
    page = open_office(made.office.membership, made.version)
    if group:
        made.office.hand.record(page, "leading_group", said.leading_group(clock.today().isoformat()))
    return page


@remembered
def school(change: Any = None, *, office: bool = True) -> LCU:
    """Build the university, by default with its base office and leading group; nothing is submitted yet."""
    version = house.published("lcu", "2022-03-01", change)
    university = factories.university(name="云屿师范学院")
    Organisation.objects.filter(pk=university.pk).update(office="研究生处")
    university.refresh_from_db()
    college, other = factories.college(university, "教育科学学院"), factories.college(university, "历史文化学院")
    services.adopt(university, "school", version.regulation, dt.date(2022, 3, 1))
    unit, second = house.partner("南河路实验学校"), house.partner("盐道博物馆")

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    made = LCU(
        version,
        university,
        college,
        other,
        unit,
        second,
        person(university, "graduate_office", "段清扬"),
        person(university, "meeting_recorder", "闵知行"),
        person(college, "secretary", "车晓棠"),
        person(college, "dean", "祁文渊"),
        person(other, "secretary", "方既明"),
        person(unit, "contact", "南宫澈"),
    )
    if office:
        opened(made)
    return made


def planned_call(made: LCU, year: int = 2026, title: str = "") -> Call:
    """The base office plans the year's call."""
    return plan_call(
        made.office.membership,
        version=made.version,
        title=title or f"{year}年校级联培基地立项",
        year=year,
        opens_at=clock.aware(f"{year}-03-01T00:00"),
        closes_at=clock.aware(f"{year}-05-31T17:00"),
    )


@remembered
def yearly_call(made: LCU, year: int = 2026) -> Call:
    """The base office opens the year's call."""
    call = planned_call(made, year)
    done(made.office.do(call, "open"))
    return fresh(call)


def answers(made: LCU, **changes: Any) -> dict:
    """The proposal, filled in, with real uploads."""
    return house._uploads(given(made, **changes))


def given(made: LCU, **changes: Any) -> dict:
    on = clock.today().isoformat()
    return said.proposal(NAME, made.partner, EDUCATION, leader="单于飞", on=on, **changes)


def draft(made: LCU, call: Call, **changes: Any) -> Application:
    """A complete draft of the college's."""
    return lcu.drafted(made.secretary.hand, call, given(made, **changes))


@remembered
def submitted(made: LCU, call: Call, on: str = "2026-03-20T09:00", **changes: Any) -> Application:
    """The proposal handed in."""
    with clock.travel(on):
        return lcu.submitted(made.secretary.hand, call, given(made, **changes))


@remembered
def handled(made: LCU, call: Call, on: str = "2026-06-01T09:00", **changes: Any) -> Application:
    """The proposal handled by the base office: the leading group has it now."""
    application = submitted(made, call, **changes)
    with clock.travel(on):
        lcu.handled(made.office.hand, application)
    return fresh(application)


@remembered
def approved(made: LCU, call: Call, on: str = "2026-06-15T16:00", **changes: Any) -> Recognition:
    """From the form to the leading group's approval, on the days of S12."""
    application = handled(made, call, **changes)
    with clock.travel(on):
        return lcu.decided(made.recorder.hand, application, "2026年第1次", on[:10])


@remembered
def signed(made: LCU, recognition: Recognition, term=("2026-09-01", "2029-08-31")) -> Agreement:
    """The agreement of an approved base, to its signature."""
    office, contact = made.office.hand, made.contact.hand
    with clock.travel(f"{term[0]}T09:00"):
        agreement = lcu.agreed(made.secretary.hand, recognition, *term)
        agreements.confirmed(office, contact, agreement)
        agreements.signed(office, agreement, term[0])
    return fresh(agreement)


@remembered
def active(made: LCU, call: Call | None = None) -> Recognition:
    """A base in force."""
    if call is None:
        with clock.travel("2026-03-01T09:00"):
            call = yearly_call(made)
    recognition = approved(made, call)
    signed(made, recognition)
    return fresh(recognition)


usual_call = yearly_call  # by the name that the fixtures know
