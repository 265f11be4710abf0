"""The table of state × move × role, tried out: every role in every state at the door itself."""

from __future__ import annotations

import pytest
from django.db import transaction

from bases.models import Agreement, Base, Recognition
from casework.models import CaseList, Notice, Override
from core import clock, door
from core.door import DoorError, Forbidden, NotFound, perform
from tenants import permissions, roles
from tests.scenarios import house
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """One case of every kind, with an organisation in every column, and a member in every role of each."""
    from applications.models import Application, Call

    version = house.published("nm")
    department = factories.department("某省教育厅")
    university = factories.university(department, "某大学")
    college, partner = factories.college(university, "某学院"), factories.partner("某单位")
    columns = {"authority": department, "university": university, "college": college, "partner": partner}
    now = clock.now()
    call = Call.objects.create(
        number="C",
        title="批次",
        authority=department,
        regulation_version=version,
        level="provincial",
        year=2027,
        opens_at=now,
        closes_at=now,
    )
    application = Application.objects.create(
        number="A", title="申报", call=call, level="provincial", regulation_version=version, **columns
    )
    agreement = Agreement.objects.create(number="X", title="协议", regulation_version=version, **columns)
    base = Base.objects.create(number="B", name="基地", university=university, college=college, partner=partner)
    recognition = Recognition.objects.create(
        number="R",
        title="基地",
        base=base,
        regulation_version=version,
        level="provincial",
        decided_on=clock.today(),
        **columns,
    )
    case_list = CaseList.objects.create(
        number="L",
        title="名单",
        key="recommended",
        kind="recommended",
        regulation_version=version,
        context_kind="call",
        context_id=call.pk,
        authority=department,
        university=university,
    )
    notice = Notice.objects.create(
        number="N",
        title="公示",
        case_list=case_list,
        key="recommend",
        slug="n",
        days=5,
        opens_on=clock.today(),
        closes_on=clock.today(),
        authority=department,
        university=university,
    )
    override = Override.objects.create(
        number="O",
        title="例外",
        regulation_version=version,
        subject_kind="application",
        subject_id=application.pk,
        subject_title="x",
        rule="x",
        gate="x",
        clause="NM-7.2b",
        message="x",
        reason="x",
        requested_by="x",
        requester=college,
        role="officer",
        unit=department,
        **columns,
    )
    people = [
        factories.member(organisation, role, until_on=clock.today() if role in roles.TIMED_ROLES else None)
        for organisation in columns.values()
        for role in roles.ROLES[organisation.kind]
    ]
    cases = {one.case_kind: one for one in (call, application, agreement, recognition, case_list, notice, override)}
    assert set(cases) == set(door.kinds())
    return cases, people


def attempt(case, code: str, person) -> str:
    """What the door says to an act with no input: "forbidden", "not_found", or that it came further than permission."""
    try:
        with transaction.atomic():
            perform(case, code, person, {})
            transaction.set_rollback(True)
    except (Forbidden, NotFound) as error:
        return error.code
    except DoorError:
        pass
    return "further"


def test_every_role_in_every_state(scene):
    cases, people = scene
    tried = 0
    for kind, case in cases.items():
        model = type(case)
        for state, _label in model._meta.get_field("state").choices:
            model._base_manager.filter(pk=case.pk).update(state=state)
            for code, declared in door.moves(model).items():
                if declared.subjects is not None or (declared.system and declared.hidden) or declared.public:
                    continue
                granted = permissions.roles_with(declared.permission)
                for person in people:
                    tried += 1
                    said = attempt(case, code, person)
                    role = f"{person.organisation.kind}.{person.role}"
                    if role not in granted:
                        assert said in ("forbidden", "not_found"), (kind, state, code, role)
                    elif not person.may(declared.permission, case):
                        assert said in ("forbidden", "not_found"), (
                            kind,
                            state,
                            code,
                            role,
                        )  # the profile names another
                    elif not person.sees(type(case)._base_manager.get(pk=case.pk)):
                        assert said == "not_found", (kind, state, code, role)  # a call before it is announced
                    else:
                        assert said == "further", (kind, state, code, role)
                        assert role in granted
    assert tried > 1000


def test_hidden_and_system_moves_are_nobodys(scene):
    cases, people = scene
    for case in cases.values():
        for code, declared in door.moves(type(case)).items():
            if declared.system and declared.hidden:
                for person in people:
                    assert attempt(case, code, person) in ("forbidden", "not_found"), (code, person.role)


def test_a_foreign_member_finds_nothing(scene):
    cases, _people = scene
    foreign = factories.department("外省教育厅")
    for organisation in (foreign, factories.university(foreign), factories.college(), factories.partner()):
        for role in roles.ROLES[organisation.kind]:
            person = factories.member(organisation, role, until_on=clock.today() if role in roles.TIMED_ROLES else None)
            for kind, case in cases.items():
                for code in door.moves(type(case)):
                    assert attempt(case, code, person) == "not_found", (kind, code, organisation.kind, role)
