"""A school under CZMC for scenarios, walked over HTTP: two colleges, a partner unit, and the people of its offices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from applications.models import Application, Call
from applications.services.starting import plan_call
from bases.models import Agreement, Recognition
from config.stories import agreements, czmc
from config.stories import answers as written
from core import clock
from regulations import services
from tenants.models import Organisation
from tests.remember import remembered
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories

NURSING = ("1054", "护理")
NAME = "城东医院护理培养基地"


@dataclass
class CZMC:
    """A medical college under CZMC."""

    version: Any
    university: Organisation
    college: Organisation
    clinical: Organisation
    partner: Organisation
    office: Person
    vice_president: Person
    recorder: Person
    secretary: Person
    dean: Person
    other_secretary: Person
    contact: Person
    clinical_dean: Person
    experts: list[Person]

    def named(self, **signers: str) -> None:
        """The school says who signs for which kind of base."""
        czmc.signer_named(self.version, self.university, signers, clock.today())


@remembered
def school() -> CZMC:
    """Build the school; nothing is submitted yet."""
    version = house.published("czmc", "2022-09-01")
    university = factories.university(name="望川医科大学")
    Organisation.objects.filter(pk=university.pk).update(office="研究生处")
    university.refresh_from_db()
    college, clinical = factories.college(university, "护理学院"), factories.college(university, "第一临床医学院")
    services.adopt(university, "school", version.regulation, dt.date(2022, 9, 1))
    unit = house.partner("城东医院")

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    return CZMC(
        version,
        university,
        college,
        clinical,
        unit,
        person(university, "graduate_office", "田雨禾"),
        person(university, "vice_president", "阎慕白"),
        person(university, "meeting_recorder", "计从容"),
        person(college, "secretary", "康如月"),
        person(college, "dean", "沈知微"),
        person(clinical, "secretary", "白露晞"),
        person(unit, "contact", "纪云舒"),
        person(clinical, "dean", "祁修远"),
        [house.expert(university, name, university) for name in ("闻歌", "伍行舟")],
    )


@remembered
def standing_call(made: CZMC, opens: str = "2026-03-01T00:00") -> Call:
    """The graduate office takes applications at any time."""
    call = plan_call(
        made.office.membership,
        version=made.version,
        title="研究生培养基地申报（常年受理）",
        year=2026,
        opens_at=clock.aware(opens),
        closes_at=None,
    )
    done(made.office.do(call, "open"))
    return fresh(call)


def answers(made: CZMC, **changes: Any) -> dict:
    """The application form, filled in."""
    given = written.czmc_application(NAME, made.partner, NURSING, leader="沈知微", on=clock.today().isoformat())
    return house._uploads({**given, **changes})


@remembered
def draft(made: CZMC, call: Call, **changes: Any) -> Application:
    """A complete draft of the college's."""
    given = written.czmc_application(NAME, made.partner, NURSING, leader="沈知微", on=clock.today().isoformat())
    return czmc.drafted(made.secretary.hand, call, NAME, {**given, **changes})


@remembered
def approved(made: CZMC, call: Call) -> Recognition:
    """From the form to the vice-president's approval, on the days of S01."""
    with clock.travel("2026-03-02T09:00"):
        application = draft(made, call)
        done(made.secretary.do(application, "submit"))
    with clock.travel("2026-03-10T09:00"):
        czmc.visited(made.dean.hand, application, "2026-03-09")
    with clock.travel("2026-03-16T09:00"):
        czmc.reviewed(made.office.hand, application)
    with clock.travel("2026-03-20T09:00"):
        return czmc.approved(made.vice_president.hand, application)


@remembered
def signed(made: CZMC, recognition: Recognition, term=("2026-04-01", "2029-03-31")) -> Agreement:
    """The agreement of an approved base, to its signature."""
    office, contact, secretary = made.office.hand, made.contact.hand, made.secretary.hand
    with clock.travel(f"{term[0]}T09:00"):
        if not made.version.profile.settings["agreement.signer"].value:
            made.named(college="college", voluntary="graduate_office", clinical="university")
        agreement = czmc.agreed(secretary, recognition, *term, intent="2026-03-21")
        agreements.confirmed(office, contact, agreement)
        czmc.distributed(office, contact, secretary, agreement, term[0])
        agreements.signed(office, agreement, term[0])
    return fresh(agreement)


@remembered
def active(made: CZMC, call: Call | None = None) -> Recognition:
    """An active base with its working group."""
    if call is None:
        with clock.travel("2026-03-01T09:00"):
            call = standing_call(made)
    recognition = approved(made, call)
    signed(made, recognition)
    with clock.travel("2026-04-05T09:00"):
        made.secretary.hand.record(recognition, "working_group", written.working_group("2026-04-05"))
    return fresh(recognition)


def applied(made: CZMC, call: Call, **changes: Any) -> Application:
    """城东医院 applies itself and brings its seal."""
    given = written.czmc_application(NAME, made.partner, NURSING, leader="纪云舒", on=clock.today().isoformat())
    return czmc.applied(made.contact.hand, call, NAME, {**given, **changes})


@remembered
def clinical_approved(made: CZMC, call: Call, days=("2026-05-01", "2026-05-15", "2026-06-02")) -> Recognition:
    """A clinical base, selected by the graduate office itself and approved by the president's office meeting."""
    begun, visited, decided = days
    office, name = made.office.hand, "城东医院临床培养基地"
    with clock.travel(f"{begun}T09:00"):
        application = czmc.selected(office, call, name, clinical_answers(made, begun))
        czmc.taken_up(office, application, made.clinical)
    with clock.travel(f"{visited}T09:00"):
        czmc.seen_by_experts(office, application, [expert.hand for expert in made.experts], visited)
        czmc.reviewed(office, application)
    with clock.travel(f"{decided}T16:00"):
        return czmc.decided(made.recorder.hand, application, "2026年第9次", decided)


def clinical_answers(made: CZMC, on: str, **changes: Any) -> dict:
    """The form for a hospital with the national qualification."""
    given = written.czmc_application("城东医院临床培养基地", made.partner, ("1051", "临床医学"), leader="田雨禾", on=on)
    return {**given, **written.NATIONAL, **changes}


usual_call = standing_call  # by the name that the fixtures know
