"""The first unit of an empty portal."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Membership, Organisation, User

GIVEN = {"department": "内蒙古自治区教育厅", "division": "150000", "login": "first.admin", "name": "包青山"}


def test_a_department_and_its_administrator(db, client, capsys):
    call_command("first_unit", **GIVEN)
    membership = Membership.objects.get()
    assert (membership.organisation.kind, membership.role, membership.state) == (
        "department",
        "admin",
        "active",
    )
    assert not membership.organisation.is_demo
    login, _, password = capsys.readouterr().out.splitlines()[0].rpartition(": ")[2].partition(" / ")
    client.post("/accounts/login/", {"login": login, "password": password})
    assert client.get("/").headers["Location"] == "/accounts/password/change/"


def test_a_university_of_its_own(db):
    call_command("first_unit", **GIVEN, university="青岐学院")
    membership = Membership.objects.get()
    assert membership.organisation.kind == "university"
    assert membership.organisation.parent.kind == "department"


@pytest.mark.parametrize("wrong", [{"division": "999999"}, {"login": "no good name"}, {"department": " "}])
def test_what_is_wrong_is_said_and_nothing_is_left(db, wrong):
    with pytest.raises(CommandError):
        call_command("first_unit", **(GIVEN | wrong))
    assert not Organisation.objects.exists() and not User.objects.exists()


def test_the_first_password_is_always_taken(db, monkeypatch):
    """One in thirty of the passwords of before was all letters, which the portal refuses."""
    drawn = iter(["abcdefabcdefabcd", "1234567812345678"])
    monkeypatch.setattr("secrets.token_hex", lambda count: next(drawn))
    for number, only in enumerate(("letters", "figures")):
        call_command("first_unit", **(GIVEN | {"department": f"教育厅{number}", "login": f"first.{only}"}))
    assert User.objects.count() == 2
