"""The table of state × move × role, tried out: every role in every state at the door itself."""

from __future__ import annotations

import pytest
from django.db import transaction

from core import clock, door
from core.door import DoorError, Forbidden, NotFound, perform
from tenants import permissions, roles
from tests.placing import place
from tests.tenants import factories

pytestmark = pytest.mark.django_db


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
            place(case, state)
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
