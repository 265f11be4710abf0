"""The table of state × move × role, tried out: every role in every state at the door itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from casework import panels
from casework.models import Assignment, Effect, Override, Record, Step
from casework.models.effects import SCAN_RULE
from casework.steps import links as steplinks
from core import clock, door
from core.door import DoorError, Forbidden, NotFound, Stale, perform
from regulations import services
from regulations.vocabulary import column_of
from tenants import grants, permissions, roles
from tenants.models import UnitContact
from tenants.services import links
from tests.placing import place, placed
from tests.scenarios import house
from tests.tenants import factories

pytestmark = pytest.mark.django_db


def attempt(case, code: str, person, data: dict | None = None) -> str:
    """What the door says to an act with no more input than its subject: "forbidden", "not_found", "stale" for a subject
    that is not there, or that it came further than permission. Undone whatever came of it."""
    with transaction.atomic():
        said = asked(case, code, person, data)
        transaction.set_rollback(True)
    return said


def asked(case, code: str, person, data: dict | None = None) -> str:
    """The same, not undone: for what has to be refused, which leaves a line in the log of attempts and no more."""
    try:
        perform(case, code, person, data or {})
    except (Forbidden, NotFound) as error:
        return error.code
    except Stale as error:
        return error.code if data else "further"
    except DoorError:
        pass
    return "further"


THINNED = 4


def skipped(states: int, moves: int, *places: int) -> bool:
    """Of what is nobody's by the table of roles, one in four is tried: each role in each state, each role at each move and
    each move in each state, but not every three of them together. Who may is tried with all."""
    return sum(places) % min(THINNED, states, moves) > 0


def test_every_role_in_every_state(scene):
    """Whoever may, in every state; whoever may not, in each state, at each move (`skipped`)."""
    cases, people = scene
    tried = 0
    for kind, case in cases.items():
        model = type(case)
        states, moves = model._meta.get_field("state").choices, door.moves(model)
        for row_number, (state, _label) in enumerate(states):
            current = place(case, state)
            sees = {person: person.sees(current) for person in people}
            for move_number, (code, declared) in enumerate(moves.items()):
                if declared.subjects is not None or (declared.system and declared.hidden) or declared.public:
                    continue
                granted = permissions.roles_with(declared.permission)
                for number, person in enumerate(people):
                    role = f"{person.organisation.kind}.{person.role}"
                    if role not in granted and skipped(len(states), len(moves), row_number, move_number, number):
                        continue
                    tried += 1
                    where = (kind, state, code, role)
                    if role not in granted or not person.may(declared.permission, current):  # the profile names another
                        assert asked(case, code, person) in ("forbidden", "not_found"), where
                    elif not sees[person]:  # a call before it is announced
                        assert asked(case, code, person) == "not_found", where
                    else:
                        assert attempt(case, code, person) == "further", where
    assert tried > 1000


# --- Moves on a subject: a step, a stamped paper, an expert's assignment ------------------------------------------

# Who enters at the portal what was decided on paper in a unit, by kind of organisation.
CLERKS = {
    "department": "department.officer",
    "university": "university.graduate_office",
    "college": "college.secretary",
    "partner": "partner.contact",
}
COLUMN_OF = {"authority": "department", "university": "university", "college": "college", "partner": "partner"}
# Who may make each move on the subjects of `work`; the reviewer is told apart from other experts below.
OFFICES = {"university.graduate_office", "department.officer"}
MAY = {
    ("application", "act_on_step"): {"college.dean", "college.secretary", "university.graduate_office"},
    ("application", "match_scan"): OFFICES,
    ("application", "ask_waiver"): {"college.dean", "college.secretary"},
    ("application", "supply_paper"): {"college.secretary"},
    ("application", "match_supplied"): {"university.graduate_office"},
    ("application", "assign_expert"): {"university.graduate_office"},
    ("application", "replace_expert"): {"university.graduate_office"},
    ("application", "promise"): {"university.expert"},
    ("application", "give_opinion"): {"university.expert"},
    ("application", "recuse"): {"university.expert"},
    ("application", "hand_over_step"): {"college.dean", "college.secretary"},
    ("agreement", "act_on_step"): {"university.graduate_office", "partner.contact"},
    ("agreement", "match_scan"): OFFICES,
    ("agreement", "send_link"): {"university.graduate_office", "college.secretary"},
    ("agreement", "withdraw_link"): {"university.graduate_office", "college.secretary"},
    ("recognition", "settle_record"): {"university.graduate_office"},
    ("recognition", "confirm_effect"): {"university.graduate_office"},
    ("recognition", "decline_effect"): {"university.graduate_office"},
    ("recognition", "lift_effect"): {"department.officer"},
    ("recognition", "record_delivery"): {"department.officer"},
}
# No regulation's route of an agreement has a panel, a paper that may wait or a person's step, none of an application a step
# that somebody without an account may close; the moves are the same.
NOT_ON_ITS_ROUTE = {
    ("agreement", code)
    for code in (
        "ask_waiver",
        "supply_paper",
        "match_supplied",
        "assign_expert",
        "replace_expert",
        "promise",
        "give_opinion",
        "recuse",
        "hand_over_step",
    )
} | {("application", code) for code in ("send_link", "withdraw_link")}


def row(case, declared, **more) -> Step:
    """An open step of the case as its route declares it."""
    more = {"state": "open", "stage": declared.stage, **more}
    return Step.objects.create(
        case_kind=case.case_kind,
        case_id=case.pk,
        case_title=case.title,
        case_number=case.number,
        round=case.round,
        key=declared.key,
        title="环节",
        kind=declared.kind,
        position=1,
        role=declared.role,
        unit=getattr(case, column_of(declared.unit)),
        offline=declared.offline,
        opened_at=clock.now(),
        **more,
    )


def under(case, code: str):
    """The case, from now on under another regulation."""
    type(case)._base_manager.filter(pk=case.pk).update(regulation_version=house.published(code, "2025-07-13"))
    return house.fresh(case)


@pytest.fixture
def work(scene):
    """Something to act on for every move that is made on a subject."""
    cases, people = scene
    cases = {kind: under(cases[kind], "xcu") for kind in ("application", "agreement", "recognition")}
    application, agreement, recognition = cases.values()
    route = {one.key: one for one in application.declared_route()}
    dean = next(one for one in people if (one.organisation.kind, one.role) == ("college", "dean"))
    row(application, route["college_opinion"], assignee=dean)
    panel = row(application, route["expert_review"])
    row(application, route["partner_opinion"], state="done", scan="to_match")
    reviewer = next(one for one in people if (one.organisation.kind, one.role) == ("university", "expert"))
    Assignment.objects.create(
        step=panel,
        case_kind="application",
        case_id=application.pk,
        case_title="申报",
        expert=reviewer.user,
        membership=reviewer,
        state="assigned",
        opens_on=clock.today(),
        closes_on=clock.today(),
        assigned_by="某人",
    )
    grants.give(reviewer.user, panels.VIEW, application)
    for number, supplied in enumerate((None, clock.today())):
        placed(
            Override,
            "granted",
            number=f"W{number}",
            title="后补盖章件",
            regulation_version=application.regulation_version,
            subject_kind="application",
            subject_id=application.pk,
            subject_title="申报",
            rule=f"{SCAN_RULE}x{number}",
            gate="x",
            clause="NM-7.2b",
            message="x",
            reason="x",
            requested_by="x",
            requester=application.college,
            role="graduate_office",
            unit=application.university,
            due_on=clock.today(),
            supplied_on=supplied,
        )
    checks = {one.key: one for one in agreement.declared_route()}
    row(agreement, checks["go_check"])
    row(agreement, checks["legal_review"], state="done", scan="to_match")
    asked = row(agreement, checks["partner_confirmation"])
    services.enter_setting(
        agreement.regulation_version, "agreement.confirm_by_link", agreement.university, "true", clock.today(), "x"
    )
    until = clock.now() + dt.timedelta(days=2)
    someone = UnitContact.objects.create(
        organisation=agreement.partner,
        kept_by=agreement.university,
        name="某人",
        email="somebody@factory.invalid",
        phone="1",
        entered_by=dean,
        verified_by=dean,
        verified_at=clock.now(),
    )
    links.make(steplinks.PURPOSE, asked.pk, until=until, address=someone.email, made_by=dean, contact=someone)
    matter = next(key for key, kind in recognition.profile.records.items() if kind.matter)
    Record.objects.create(
        type=matter,
        case_kind="recognition",
        case_id=recognition.pk,
        subject_kind="recognition",
        subject_id=recognition.pk,
        title="事项",
        on=clock.today(),
        organisation=recognition.college,
        regulation_version=recognition.regulation_version,
        entered_by="某人",
    )
    about = {"case_kind": "recognition", "case_id": recognition.pk, "title": "后续事项", "proposed_on": clock.today()}
    office = {"unit": recognition.university, "role": "graduate_office"}
    bar = {"effect": "bar", "title": "限制申报", "local": True, "automatic": True}
    Effect.objects.create(kind="bar", state="proposed", declared=bar, **about, **office)
    officer = {"unit": recognition.authority, "role": "officer"}
    told = {"effect": "suspension", "paper": "decision"}
    Effect.objects.create(kind="suspension", from_on=clock.today(), declared=told, **about, **officer)
    return cases, people


def subject_moves(model) -> dict:
    return {code: declared for code, declared in door.moves(model).items() if declared.subjects is not None}


def test_every_role_in_every_state_on_steps_and_papers(work):
    """Moves on a subject, at the door itself: whoever may not is refused in each state and at each move (`skipped`),
    whoever may comes further in the states in which there is something to act on."""
    cases, people = work
    declared_moves = {(kind, code) for kind, case in cases.items() for code in subject_moves(type(case))}
    assert declared_moves - NOT_ON_ITS_ROUTE == set(MAY), "say in MAY who may make each move on a subject"
    for kind, code in NOT_ON_ITS_ROUTE:
        other = next(case for name, case in cases.items() if (name, code) in MAY)
        here, there = subject_moves(type(cases[kind]))[code], subject_moves(type(other))[code]
        assert (here.permission, here.subjects) == (there.permission, there.subjects), code
    reached = set()
    for kind, case in cases.items():
        states, moves = type(case)._meta.get_field("state").choices, subject_moves(type(case))
        for row_number, (state, _label) in enumerate(states):
            place(case, state)
            current = house.fresh(case)
            for move_number, (code, declared) in enumerate(moves.items()):
                for subject in declared.subjects(current):
                    for number, person in enumerate(people):
                        role = f"{person.organisation.kind}.{person.role}"
                        may = role in MAY[kind, code]
                        if not may and skipped(len(states), len(moves), row_number, move_number, number):
                            continue
                        said = attempt(current, code, person, {"step": str(subject.pk)})
                        if said == "further":
                            assert may, (kind, state, code, role, subject)
                            reached.add((kind, code, role))
    assert reached == {(kind, code, role) for (kind, code), named in MAY.items() for role in named}


@pytest.mark.parametrize("code", ["nm", "xcu"])
def test_a_step_is_done_by_its_role_in_its_unit_and_by_nobody_else(scene, code):
    """Every step of both routes, each role of each organisation at the case, at the door."""
    cases, people = scene
    tried = 0
    for kind in ("application", "agreement"):
        case = under(cases[kind], code)
        for declared in case.declared_route():
            if declared.kind in ("list", "notice", "agreement"):
                continue  # these wait for something and are nobody's to act on
            place(case, declared.stage)
            step, here = row(case, declared), COLUMN_OF[column_of(declared.unit)]
            able = {f"{here}.{declared.role}"} | ({CLERKS[here]} if declared.offline else set())
            for person in people:
                tried += 1
                said = attempt(house.fresh(case), "act_on_step", person, {"step": str(step.pk)})
                role = f"{person.organisation.kind}.{person.role}"
                assert (said == "further") is (role in able), (code, kind, declared.key, role, said)
    assert tried > 100


def test_a_right_on_one_step_is_none_on_another(scene):
    """An office names a step of somebody else, or of another case, in place of its own."""
    cases, people = scene
    application, agreement = under(cases["application"], "xcu"), under(cases["agreement"], "xcu")
    own, others = {}, {}
    for case in (application, agreement):
        place(case, case.declared_route()[0].stage)
    for declared in application.declared_route():
        if declared.kind not in ("list", "notice", "agreement"):
            (own if declared.role == "graduate_office" else others)[declared.key] = row(application, declared)
    elsewhere = row(agreement, next(one for one in agreement.declared_route() if one.key == "go_check"))
    assert own and others
    office = next(one for one in people if (one.organisation.kind, one.role) == ("university", "graduate_office"))
    for step in (*others.values(), elsewhere):
        answer = {"outcome": "positive", "opinion": "同意。"}
        able = step.offline and step.unit_id == office.organisation_id
        said = attempt(house.fresh(application), "act_on_step", office, {"step": str(step.pk), "answers": answer})
        step.refresh_from_db()
        assert step.state == "open"
        assert able or said in ("forbidden", "stale"), (step.key, said)


def test_hidden_and_system_moves_are_nobodys(scene):
    cases, people = scene
    for case in cases.values():
        for code, declared in door.moves(type(case)).items():
            if declared.system and declared.hidden:
                for person in people:
                    assert asked(case, code, person) in ("forbidden", "not_found"), (code, person.role)


def test_a_foreign_member_finds_nothing(scene):
    """Each role of a foreign organisation of each kind: every kind of case, every third move, others for each role."""
    cases, _people = scene
    foreign, turn = factories.department("外省教育厅"), 0
    for organisation in (foreign, factories.university(foreign), factories.college(), factories.partner()):
        for role in roles.ROLES[organisation.kind]:
            person = factories.member(organisation, role, until_on=clock.today() if role in roles.TIMED_ROLES else None)
            turn += 1
            for kind, case in cases.items():
                for code in [*door.moves(type(case))][turn % 3 :: 3]:
                    assert asked(case, code, person) == "not_found", (kind, code, organisation.kind, role)
