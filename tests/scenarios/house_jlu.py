"""A university under JLU for scenarios, walked over HTTP: a college that trains students off site, its office, outside units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from applications.models import Application, Call
from applications.services.starting import plan_call, start_application
from config.stories import agreements
from config.stories.answers import ticks
from core import clock
from regulations import services
from tenants.models import Organisation
from tests.remember import remembered
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh
from tests.tenants import factories

TERM = ("2026-03-01", "2029-02-28")
CONDITIONS = ("lab", "platform", "funds", "staff")


@dataclass
class JLU:
    """A university under JLU."""

    version: Any
    university: Organisation
    college: Organisation
    partner: Organisation
    office: Person
    secretary: Person
    dean: Person
    contact: Person


@remembered
def school() -> JLU:
    """Build it; nothing is applied for yet."""
    version = house.published("jlu", "2022-12-01")
    university = factories.university(name="岚江大学")
    Organisation.objects.filter(pk=university.pk).update(office="研究生院", division="220100")
    university.refresh_from_db()
    college = factories.college(university, "材料学院")
    services.adopt(university, "overlay", version.regulation, dt.date(2022, 12, 1))
    unit = house.partner("湖滨材料研究院", "research_institute")

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    return JLU(
        version,
        university,
        college,
        unit,
        person(university, "graduate_office", "温以宁"),
        person(college, "secretary", "贺小满"),
        person(college, "dean", "沈知微"),
        person(unit, "contact", "柳拂衣"),
    )


@remembered
def standing_call(made: JLU) -> Call:
    """The graduate school takes arrangements at any time: the text knows no yearly call."""
    call = plan_call(
        made.office.membership,
        version=made.version,
        title="异地研究生培养安排（常年受理）",
        year=2026,
        opens_at=clock.aware("2026-02-01T00:00"),
        closes_at=None,
    )
    done(made.office.do(call, "open"))
    return fresh(call)


HOME, NEAR, FAR = "220102", "220202", "320500"  # in the registered city, in the province, in another
COURSES = ("2026-09-01", "2027-01-15")


def stage(code: str, place: str, start: str, end: str, main: bool | None = None) -> dict:
    """A stage of the training, as a row of the form."""
    return {"stage": code, "place": place, "period": {"from": start, "to": end}, "main": main}


def stages(away: str = FAR, **places: str) -> list[dict]:
    """Every stage: practice and research away, the others at home; `places`: others for some of them."""
    at = {"research": away, "practice": away, **places}
    periods = {
        "admission": ("2026-03-01", "2026-06-30"),
        "courses": COURSES,
        "proposal": ("2027-03-01", "2027-04-30"),
        "research": ("2027-05-01", "2028-10-31"),
        "practice": ("2027-05-01", "2027-12-31"),
        "midterm": ("2028-03-01", "2028-04-30"),
        "thesis": ("2028-11-01", "2029-05-31"),
        "degree": ("2029-06-01", "2029-06-30"),
    }
    return [stage(code, at.get(code, HOME), *period, code == "courses") for code, period in periods.items()]


WHOLE = {code: FAR for code in ("courses", "proposal", "midterm", "thesis")}


def student(cohort: str, degree: str = "master_professional", category: str = "0856", number: str = "2025001") -> dict:
    """A student of the arrangement, as a row of the form."""
    return {"number": number, "name": "舒望", "cohort": cohort, "degree": degree, "category": category}


def given(made: JLU, **changes: Any) -> dict:
    """An arrangement in another province, filled in."""
    officers = [
        {"side": "college", "name": "贺小满", "phone": "0834-2580000"},
        {"side": "partner", "name": "柳拂衣", "phone": "0512-6580000"},
    ]
    return {
        "partner": str(made.partner.pk),
        "origin": "entrusted",
        "place": "320500",
        "purpose": "依托研究院平台开展产教融合培养。",
        "local_industry": "对接当地新材料产业，提升学生创新能力。",
        "carrier": "joint_base",
        "conditions": ticks(*CONDITIONS),
        "officers": officers,
        "stages": stages(),
        "students": [student("2025")],
        **changes,
    }


@remembered
def draft(made: JLU, call: Call, track: str = "partial", **changes: Any) -> Application:
    """A draft on one of the ways, by whom the text names for it."""
    person = made.office if track == "exception" else made.secretary
    application = start_application(person.membership, call, title="异地培养安排", track=track)
    done(person.fill(application, "arrangement", house._uploads(given(made, **changes))))
    return fresh(application)


@remembered
def proposed(made: JLU, call: Call, track: str = "partial", **changes: Any) -> Application:
    """Handed in."""
    application = draft(made, call, track, **changes)
    done((made.office if track == "exception" else made.secretary).do(application, "submit"))
    return fresh(application)


def settled(made: JLU, application: Application, on: str):
    """Both units settle their duties: drafted by the college, confirmed by the outside unit, signed."""
    answer = made.secretary.client.post(f"/applications/{application.pk}/agreement/", {"do": "draft"})
    done(answer)
    agreement = fresh(application).agreement
    answers = house.agreement_answers(agreement, TERM)
    clauses = {f"clause_{clause.key}": "双方约定如下。" for clause in agreement.profile.agreement.clauses}
    done(made.secretary.fill(agreement, "agreement", {**answers, **clauses}))
    done(made.secretary.do(agreement, "submit"))
    done(made.contact.step(agreement, "partner_confirmation", {"opinion": "确认。"}))
    done(made.office.do(agreement, "begin_sealing"))
    agreements.signed(made.office.hand, agreement, on)
    return fresh(agreement)


def evidence(*codes: str) -> dict:
    """A file for each of these points of a step."""
    return {f"evidence_{code}": [house.sent(f"{code}.pdf")] for code in codes}


VETTED = (*CONDITIONS, "quality")


def reply(authority: str, sent_on: str, on: str, number: str = "学位办函〔2026〕3号") -> dict:
    """What another body answered, as the graduate school enters it."""
    scan = [house.sent("回执.pdf")]
    return {"authority": authority, "sent_on": sent_on, "number": number, "replied_on": on, "receipt": scan}


DOSSIER = {
    "rules": "异地培养管理细则。",
    "team": [{"name": "贺小满", "post": "异地培养主管"}],
    "scheme": "实施方案。",
    "plan": "培养计划。",
}


def vetted(made: JLU, application: Application, on: str = "2026-03-01") -> None:
    """Duties settled, the college's dossier kept, conditions and quality assurance vetted by the graduate school."""
    with clock.travel(f"{on}T09:00"):
        settled(made, application, on)
        done(made.secretary.do(application, "enter_record", {"on": on, **DOSSIER}, type="college_dossier"))
        done(made.office.step(application, "vetting", {"opinion": "具备条件。", **evidence(*VETTED)}))


def activated(made: JLU, application: Application) -> Application:
    """Vetted and filed with whoever it has to be filed with: it may begin on 2026-03-05."""
    vetted(made, application)
    with clock.travel("2026-03-05T09:00"):
        for step in ("filing_home", "filing_host", "ministry_report"):
            if step in [row.key for row in fresh(application).open_steps()]:
                done(made.office.step(application, step, reply("有关部门", "2026-03-02", "2026-03-05")))
    return fresh(application)


@remembered
def active(made: JLU, call: Call, **changes: Any) -> Application:
    """An arrangement of the material sciences that may begin."""
    return activated(made, proposed(made, call, **changes))


def of_college(made: JLU, secretary: Person) -> JLU:
    """The same university, with the secretary of another college."""
    return replace(made, college=secretary.organisation, secretary=secretary)


usual_call = standing_call  # by the name that the fixtures know
