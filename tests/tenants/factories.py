"""Organisations, people and memberships for tests, made in the plainest way."""

from __future__ import annotations

from itertools import count

from tenants.models import Membership, Organisation, User

PASSWORD = "correct-horse-77"
_serial = count(1)


def department(name: str = "") -> Organisation:
    return Organisation.objects.create(kind="department", name=name or f"测试省厅{next(_serial)}", division="990000")


def university(parent: Organisation | None = None, name: str = "") -> Organisation:
    parent = parent or department()
    return Organisation.objects.create(kind="university", name=name or f"测试大学{next(_serial)}", parent=parent)


def college(parent: Organisation | None = None, name: str = "") -> Organisation:
    parent = parent or university()
    return Organisation.objects.create(kind="college", name=name or f"测试学院{next(_serial)}", parent=parent)


def partner(name: str = "", **more) -> Organisation:
    more.setdefault("uscc_absent_reason", "测试单位")
    return Organisation.objects.create(kind="partner", name=name or f"测试合作单位{next(_serial)}", **more)


def user(name: str = "", **more) -> User:
    number = next(_serial)
    more.setdefault("email", f"user{number}@example.invalid")
    made = User(username=more.pop("username", f"user{number}"), name=name or f"测试人{number}", **more)
    made.set_password(PASSWORD)
    made.save()
    return made


def member(organisation: Organisation, role: str, person: User | None = None, **more) -> Membership:
    return Membership.objects.create(user=person or user(), organisation=organisation, role=role, **more)
