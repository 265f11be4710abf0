"""A small world for scenarios, walked over HTTP only: every act is a request of the person who makes it."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import Application, Call
from applications.services.starting import plan_call, start_application
from bases.models import Agreement, Recognition
from casework.models import CaseList, Notice, Override, Step
from config.stories import agreements, nm, panels, xcu
from config.stories import answers as written
from config.stories.hands import Attachment, Hand, fresh, with_files
from core import clock
from core.forms.store import load
from core.models import AttemptLog, TransitionLog
from regulations import services
from regulations.loader import PROFILES, load_data
from regulations.loader import load as load_profile
from tenants.models import DegreeProgramme, Division, Membership, Organisation
from tests.profiles import samples
from tests.remember import remembered
from tests.tenants import factories


def pdf(pages: int = 1) -> bytes:
    """A real, empty PDF."""
    return Attachment("", pages).content()


PDF = pdf()


def sent(name: str = "材料.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def encoded(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as the browser posts them: `f-<key>`, tables by row and column, files as uploads."""
    data: dict[str, Any] = {}
    for key, value in answers.items():
        _encode(data, f"f-{key}", key, value)
    return data


def _encode(data: dict, name: str, key: str, value: Any) -> None:
    if isinstance(value, SimpleUploadedFile):
        data[f"upload-{key}"] = value
    elif isinstance(value, bool):
        if value:
            data[name] = "on"
    elif isinstance(value, list) and value and isinstance(value[0], SimpleUploadedFile):
        data[f"upload-{key}"] = value
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, row in enumerate(value):
            for column, cell in row.items():
                _encode(data, f"{name}-{number}-{column}", column, cell)
    elif isinstance(value, dict) and set(value) <= {"from", "to"}:
        for end, day in value.items():
            data[f"{name}-{end}"] = day
    elif isinstance(value, dict):
        for item, given in value.items():
            if given.get("checked"):
                data[f"{name}-{item}"] = "on"
            data[f"{name}-{item}-remark"] = given.get("remark", "")
    elif value is not None:
        data[name] = value


@dataclass
class Person:
    """Somebody at a browser, logged in, acting in one membership."""

    membership: Membership
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.membership.user)
        session = self.client.session
        session["membership"] = self.membership.pk
        session.save()

    @property
    def organisation(self) -> Organisation:
        return self.membership.organisation

    @property
    def hand(self) -> HttpHand:
        """This person telling a story: every act has to go through."""
        return HttpHand(self)

    def get(self, url: str, **data):
        return self.client.get(url, data)

    def page(self, case):
        return self.client.get(case.get_absolute_url())

    def fill(self, case, form: str, answers: dict, **extra):
        """Fill in and save a form of the dossier."""
        row = load(fresh(case), form)
        data = encoded(answers) | {"revision": row.revision if row else 0} | extra
        return self.client.post(f"{case.get_absolute_url()}forms/{form}/", data)

    def do(
        self,
        case,
        code: str,
        answers: dict | None = None,
        *,
        step: Any = None,
        seen: int | None = None,
        **extra,
    ):
        """Make a move over HTTP, from the page as it stands (or as `seen`)."""
        current = type(case)._base_manager.get(pk=case.pk)
        data = encoded(answers or {}) | {"seen": current.version if seen is None else seen} | extra
        if isinstance(step, str):
            rows = Step.about(case).filter(round=current.round, key=step).order_by("-pk")
            step = (rows.filter(unit=self.organisation).first() or rows.first()).pk
        if step is not None:
            data["step"] = step
        return self.client.post(f"{case.get_absolute_url()}do/{code}/", data)

    def step(self, case, key: str, answers: dict | None = None, outcome: str = "positive"):
        """Act on the open step under `key`."""
        return self.do(case, "act_on_step", {"outcome": outcome, **(answers or {})}, step=key)


class HttpHand(Hand):
    """A story's hand at a browser (config.stories)."""

    def __init__(self, person: Person):
        self.person, self.membership = person, person.membership

    def do(self, case, move: str, answers: dict | None = None, *, step: Any = None, **more: Any) -> None:
        done(self.person.do(case, move, _uploads(answers or {}), step=step, **more))

    def fill(self, case, form: str, answers: dict) -> None:
        row = load(fresh(case), form)
        done(self.person.fill(case, form, {**(row.answers if row else {}), **_uploads(answers)}))


def _uploads(answers: dict) -> dict:
    return with_files(answers, lambda _field, attachment: [sent(attachment.file_name, attachment.content())])


def text_of(answer) -> str:
    return answer.content.decode()


def main_of(answer) -> str:
    """What the page itself says, without the frame around it."""
    assert answer.status_code == 200, answer.status_code
    return text_of(answer).split("<main", 1)[1]


def done(answer) -> None:
    """The act went through: the browser is sent on."""
    assert answer.status_code == 302, _why(answer)
    assert "/accounts/" not in answer["Location"], answer["Location"]


def _why(answer) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.S)
    body = re.sub(r"<[^>]+>", " ", body)
    return f"{answer.status_code}: {' '.join(body.split())[:3000]}"


def refused(answer, *said: str, clause: str | None = None, status: int = 422) -> None:
    """The act was refused with these words, and the refusal names the clause."""
    assert answer.status_code == status, _why(answer)
    body = answer.content.decode()
    for words in said:
        assert words in body, f"“{words}” not in: {_why(answer)}"
    if clause is not None:
        assert clause in findings_of(answer), f"{clause} not among {findings_of(answer)}"


def findings_of(answer) -> set[str]:
    """The clauses of the findings on an answered page."""
    page = answer.context["page"] if answer.context and "page" in answer.context else None
    found = getattr(page, "findings", None) or (answer.context.get("findings") if answer.context else None) or []
    return {one.finding.clause for one in found}


class unchanged:
    """Inside the block nothing of the case may change but the log of attempts."""

    def __init__(self, case):
        self.case = case

    def __enter__(self):
        self.before = self._state()
        self.attempts = AttemptLog.objects.count()
        return self

    def _state(self):
        now = fresh(self.case)
        lines = TransitionLog.about(now).count()
        steps = list(Step.about(now).order_by("pk").values_list("pk", "state", "scan"))
        return now.state, now.version, now.round, lines, steps

    def __exit__(self, kind, error, trace):
        if kind is None:
            assert self._state() == self.before
            assert AttemptLog.objects.count() > self.attempts
        return False


@remembered
def published(code: str, effective: str = "2026-01-01", change: Callable[[dict], None] | None = None):
    """A regulation of the repository, stored and in force; `change` makes a variant of its data first."""
    loaded = load_profile(PROFILES / code)
    if change is not None:
        content = copy.deepcopy(loaded.source.data)
        change(content)
        loaded = load_data(content)
        assert not loaded.faults, [str(fault) for fault in loaded.faults]
    version, _said = services.store(loaded)
    if version.status == "draft":
        version = services.publish(version, dt.date.fromisoformat(effective), by="测试")
    return version


def partner(name: str, kind: str = "public_institution", **more) -> Organisation:
    more.setdefault("legal_person", True)
    return factories.partner(name, partner_kind=kind, **more)


@dataclass
class NM:
    """A region under NM: a department, two universities with a college each, partners, experts."""

    version: Any
    department: Organisation
    university: Organisation
    college: Organisation
    other_university: Organisation
    other_college: Organisation
    partner: Organisation
    officer: Person
    leader: Person
    office: Person
    office2: Person
    secretary: Person
    other_office: Person
    other_secretary: Person
    contact: Person


@remembered
def nm_region() -> NM:
    """Build the region; nothing is submitted yet."""
    Division.objects.get_or_create(code="990000", defaults={"name": "岚江省", "is_demo": True})
    version = published("nm")
    department = factories.department("岚江省教育厅")
    made = {}
    for number, name in ((1, "岚江大学"), (2, "望川大学")):
        university = factories.university(department, name)
        Organisation.objects.filter(pk=university.pk).update(division="990100")
        university.refresh_from_db()
        college = factories.college(university, f"农业学院{number}")
        programme = DegreeProgramme.objects.create(university=university, code="0951", name="农业")
        programme.colleges.add(college)
        made[number] = (university, college)
    services.adopt(department, "provincial", version.regulation, dt.date(2026, 1, 1))
    unit = partner("高原作物试验站")

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    (u1, c1), (u2, c2) = made[1], made[2]
    return NM(
        version,
        department,
        u1,
        c1,
        u2,
        c2,
        unit,
        person(department, "officer", "邵怀瑾"),
        person(department, "leader", "秦牧野"),
        person(u1, "graduate_office", "温以宁"),
        person(u1, "graduate_office", "高柏年"),
        person(c1, "secretary", "贺小满"),
        person(u2, "graduate_office", "田雨禾"),
        person(c2, "secretary", "白露晞"),
        person(unit, "contact", "卓玛央金"),
    )


@remembered
def open_nm_call(
    region: NM, *, opens="2027-03-01T00:00", closes="2027-05-31T23:59:59", quotas=((1, 3), (2, 3))
) -> Call:
    """The department opens the year's call and sets quotas, over HTTP where moves are concerned."""
    call = plan_call(
        region.officer.membership,
        version=region.version,
        title="2027年岚江省研究生联合培养基地申报",
        year=2027,
        opens_at=clock.aware(opens),
        closes_at=clock.aware(closes),
        paper_by=dt.date(2027, 6, 5),
    )
    done(region.officer.do(call, "open"))
    for number, quota in quotas:
        university = region.university if number == 1 else region.other_university
        done(region.officer.do(call, "set_quota", {"organisation": str(university.pk), "number": str(quota)}))
    return fresh(call)


def nm_answers(region: NM, **changes: Any) -> dict:
    """Complete answers of NM's application form, with real uploads."""
    answers = copy.deepcopy(samples.NM_APPLICATION)
    answers["partner"] = str(region.partner.pk)
    for key, value in list(answers.items()):
        if isinstance(value, list) and value and isinstance(value[0], int):
            answers[key] = [sent(f"{key}.pdf")]
    answers.update(changes)
    return {key: value for key, value in answers.items() if value is not None}


@remembered
def recorded_agreement(
    person: Person, partner_unit: Organisation, version, signed: str = "2025-04-01", application=None
):
    """An agreement signed on paper before, entered with its scan (NM-7.3b)."""
    return nm.agreement_on_file(person.hand, partner_unit, version, signed, application)


@remembered
def nm_draft(
    region: NM,
    call: Call,
    person: Person | None = None,
    name: str = "作物试验站基地",
    agreement: str | None = "2025-04-01",
    **changes: Any,
) -> Application:
    """A complete draft, with the earlier agreement recorded and linked."""
    person = person or region.secretary
    application = nm.drafted(person.hand, call, name, nm_answers(region, base_name=name, **changes))
    if agreement:
        recorded_agreement(person, region.partner, region.version, agreement, application)
    return fresh(application)


__all__ = ["Agreement", "CaseList", "NM", "Notice", "Person", "Recognition", "clock", "replace"]


@remembered
def recommended_list(region: NM, call: Call, person: Person | None = None) -> CaseList:
    """The university's list, begun."""
    return nm.begun_list((person or region.office).hand, call, "recommended")


@remembered
def department_list(region: NM, call: Call, kind: str) -> CaseList:
    """One of the department's lists, begun."""
    return nm.begun_list(region.officer.hand, call, kind)


def notice_answers(opens: str, **more) -> dict:
    return {**written.notice(opens), **more}


def meeting(body: str, session: str, on: str, **more) -> dict:
    return {**_uploads(written.meeting(body, session, on)), **more}


@remembered
def expert(organisation: Organisation, name: str, employer: Organisation | None = None) -> Person:
    """An expert in an organisation's pool, employed where said."""
    account = factories.user(name, employer=employer, employer_name=employer.name if employer else "沧野理工大学")
    return Person(factories.member(organisation, "expert", account))


ASPECTS, SIX_ASPECTS = written.ASPECTS, written.SIX_ASPECTS
OPINION, PROMISE, SITE_VISIT = written.OPINION, written.PROMISE, written.SITE_VISIT
DELIBERATION = {"deliberation_summary": "符合条件，同意。", "opinion": "同意。"}


@dataclass
class XCU:
    """A university under XCU with two colleges, a partner unit, and the people of its offices."""

    version: Any
    university: Organisation
    college: Organisation
    other_college: Organisation
    partner: Organisation
    office: Person
    legal: Person
    recorder: Person
    secretary: Person
    dean: Person
    other_secretary: Person
    contact: Person


@remembered
def xcu_school(change: Callable[[dict], None] | None = None) -> XCU:
    """Build the school; nothing is submitted yet. `change` makes a variant of the regulation."""
    version = published("xcu", "2025-07-13", change)
    university = factories.university(name="青岐学院")
    college, other = factories.college(university, "农业科学学院"), factories.college(university, "信息技术学院")
    services.adopt(university, "school", version.regulation, dt.date(2025, 7, 13))
    unit = partner("青岐市高原作物试验站")

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    return XCU(
        version,
        university,
        college,
        other,
        unit,
        person(university, "graduate_office", "苏半夏"),
        person(university, "legal", "邱明允"),
        person(university, "meeting_recorder", "会议秘书"),
        person(college, "secretary", "游映雪"),
        person(college, "dean", "吉克·拉则"),
        person(other, "secretary", "党莫离"),
        person(unit, "contact", "卓玛央金"),
    )


@remembered
def open_xcu_call(school: XCU, *, opens="2026-03-01T00:00", closes="2026-12-31T17:00") -> Call:
    """The graduate office opens a selection round."""
    call = plan_call(
        school.office.membership,
        version=school.version,
        title="2026年校级基地遴选",
        year=2026,
        opens_at=clock.aware(opens),
        closes_at=clock.aware(closes),
    )
    done(school.office.do(call, "open"))
    return fresh(call)


def annex1_answers(school: XCU, **changes: Any) -> dict:
    """Complete answers of Annex 1, with real uploads."""
    answers = copy.deepcopy(samples.ANNEX1)
    answers["applicant"], answers["partner"] = str(school.college.pk), str(school.partner.pk)
    for key, value in list(answers.items()):
        if isinstance(value, list) and value and isinstance(value[0], int):
            answers[key] = [sent(f"{key}.pdf")]
    answers.update(changes)
    return {key: value for key, value in answers.items() if value is not None}


@remembered
def xcu_draft(school: XCU, call: Call, *, agreement: bool = True, **changes: Any) -> Application:
    """A complete Annex 1, college and partner each in their own parts, with a draft agreement."""
    application = start_application(school.secretary.membership, call, title="试验站基地")
    answers = annex1_answers(school, **changes)
    done(school.secretary.fill(application, "annex1", answers))
    done(school.contact.fill(application, "annex1", answers))
    if agreement:
        new_agreement(school, application)
    return fresh(application)


def agreement_answers(agreement, period=("2026-05-20", "2031-05-19"), **changes) -> dict:
    """The template's clauses as they stand, five years."""
    row = load(fresh(agreement), "agreement")
    return {**row.answers, "period": {"from": period[0], "to": period[1]}, **changes}


# --- XCU: further on the way ------------------------------------------------------------------------------------


def fill_annex1(school: XCU, application: Application, **changes: Any) -> None:
    """Fill Annex 1 in anew with the changes, college and partner each in their own parts."""
    for person in (school.secretary, school.contact):
        done(person.fill(application, "annex1", annex1_answers(school, **changes)))
        for value in changes.values():  # an upload is read by every request that sends it
            for one in value if isinstance(value, list) else []:
                if isinstance(one, SimpleUploadedFile):
                    one.seek(0)


def asked_for(person: Person, case, rule: str, reason: str):
    """An exception from a rule is asked for; the request."""
    done(person.do(case, "request_override", {"rule": rule, "reason": reason}))
    return Override.objects.get(subject_kind=case.case_kind, subject_id=case.pk, rule=rule, state="requested")


@remembered
def xcu_submitted(school: XCU, call: Call, *, agreement: bool = True, **changes: Any) -> Application:
    """An Annex 1 handed in on the day the clock says."""
    application = xcu_draft(school, call, agreement=agreement, **changes)
    done(school.secretary.do(application, "submit"))
    return fresh(application)


def dean_opinion(**changes: Any) -> dict:
    """The dean's opinion as the secretary enters it from the stamped page."""
    given = {**_uploads(written.dean_opinion("2026-03-04")), **changes}
    return {key: value for key, value in given.items() if value is not None}


@remembered
def xcu_opinions(school: XCU, application: Application, on: str = "2026-03-05T09:00") -> Application:
    """Part V: the opinions of partner and college with their stamped pages, both matched by the graduate office."""
    with clock.travel(on):
        xcu.opinions(school.contact.hand, school.secretary.hand, school.office.hand, application, on[:10])
    return fresh(application)


@remembered
def match_all(person: Person, case) -> None:
    """Every stamped page that waits is matched."""
    person.hand.match_all(case)


@remembered
def xcu_panel(school: XCU, application: Application, on: str = "2026-04-01T09:00") -> Application:
    """One expert reviews, and the graduate office closes the panel."""
    reviewer, office = expert(school.university, "钟离靖").hand, school.office.hand
    with clock.travel(on):
        panels.assigned(office, application, reviewer, "2026-04-30")
        panels.heard(reviewer, application)
        panels.closed(office, application)
    return fresh(application)


@remembered
def xcu_reviewed(school: XCU, application: Application, on: str = "2026-04-12T09:00") -> Application:
    """Panel, visit and review opinion are done; the formal agreement is what the review waits for."""
    xcu_panel(school, application)
    with clock.travel(on):
        xcu.visited(school.office.hand, application, "2026-04-10")
    return fresh(application)


@remembered
def xcu_checked(school: XCU, application: Application, on: str = "2026-04-20T09:00") -> Application:
    """The formal agreement as the template has it was checked; the graduate office's opinion is given."""
    with clock.travel(on):
        xcu.checked(school.secretary.hand, school.office.hand, application)
    return fresh(application)


@remembered
def xcu_decided(school: XCU, application: Application, on: str = "2026-05-06T16:00") -> Recognition:
    """The president's office meeting approves; the recognition waits for the signature."""
    with clock.travel(on):
        xcu.decided(school.recorder.hand, application, "2026年第9次", on[:10])
    return Recognition.objects.get(application_id=application.pk)


@remembered
def xcu_approved(school: XCU, call: Call, on: str = "2026-03-01T10:00", **changes: Any) -> Application:
    """The whole way from Annex 1 to the meeting's approval, on the seed's days."""
    with clock.travel(on):
        application = xcu_submitted(school, call, **changes)
    for walk in (xcu_opinions, xcu_reviewed, xcu_checked):
        walk(school, application)
    xcu_decided(school, application)
    return fresh(application)


def signature(on: str, effective: str | None = None, **changes: Any) -> dict:
    """What the office enters from the signed text."""
    return {**_uploads(written.signature(on)), "effective_on": effective or on, **changes}


def termination(on: str, reason: str, how: str = "mutual", **more: Any) -> dict:
    """The end of an agreement as the office enters it."""
    return _uploads(written.termination(on, reason, how, **more))


@remembered
def xcu_signed(school: XCU, agreement, on: str = "2026-05-18T09:00") -> None:
    """The partner confirms, and the signed text comes back."""
    with clock.travel(on):
        xcu.confirmed(school.contact.hand, school.office.hand, agreement)
        agreements.signed(school.office.hand, agreement, on[:10])


@remembered
def new_agreement(school: XCU, case, **changes: Any):
    """A further draft for an application, or for a base that waits for one: begun on its page, then filled in."""
    room, given = ("bases", {"type": "new"}) if isinstance(case, Recognition) else ("applications", {"do": "draft"})
    answer = school.secretary.client.post(f"/{room}/{case.pk}/agreement/", given)
    done(answer)
    made = Agreement.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
    done(school.secretary.fill(made, "agreement", agreement_answers(made, **changes)))
    return fresh(made)


def body(kind: str, members: list[tuple], on: str = "2026-05-26", **more) -> dict:
    """A committee or working group as the form takes it: (name, party, post) or (name, party, position, post)."""
    keys = ("name", "party", "post") if kind == "committee" else ("name", "party", "position", "post")
    return {
        "on": on,
        "established_on": on,
        "members": [dict(zip(keys, one, strict=True)) for one in members],
        **more,
    }


COMMITTEE = [
    ("高文渊", "school_leader", "副校长"),
    ("马吉宁", "partner", "站长"),
    ("苏半夏", "graduate_office", "处长"),
    ("吉克·拉则", "college", "院长"),
]
WORKING_GROUP = [
    ("吉克·拉则", "college", "leader", "院长"),
    ("降央泽仁", "partner", "deputy", "科研科科长"),
    ("苏半夏", "graduate_office", "member", "科长"),
]


@remembered
def xcu_in(region: NM) -> XCU:
    """The region's first university as a school under XCU as well, with its own people."""
    version = published("xcu", "2025-07-13")
    services.adopt(region.university, "school", version.regulation, dt.date(2025, 7, 13))

    def person(organisation, role, name):
        return Person(factories.member(organisation, role, factories.user(name)))

    other = factories.college(region.university, "信息技术学院")
    return XCU(
        version,
        region.university,
        region.college,
        other,
        region.partner,
        region.office,
        person(region.university, "legal", "邱明允"),
        person(region.university, "meeting_recorder", "会议秘书"),
        region.secretary,
        person(region.college, "dean", "吉克·拉则"),
        person(other, "secretary", "党莫离"),
        region.contact,
    )
