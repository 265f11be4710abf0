"""The demo's organisations and accounts."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from stdnum.cn import uscc

from tenants.demo import accounts, create_organisations_and_people, password_of
from tenants.models import Membership, Organisation, User
from tenants.roles import ADMIN_ROLE

pytestmark = pytest.mark.django_db


def test_the_world_is_built_and_marked():
    world = create_organisations_and_people()
    assert len(world.organisations) == Organisation.objects.count() == 28
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert world.organisations["U4"].display_name == "青岐学院（演示）"
    assert world.organisations["U4B"].parent == world.organisations["U4"]
    assert world.organisations["P5"].division_name == "沧野省鹿汀市"
    assert [site.name for site in world.organisations["P1"].sites.order_by("pk")] == ["本部", "湖滨院区"]
    assert world.people["E6"] == world.people["u1a.dean"]
    assert world.membership("E6", "expert").organisation == world.organisations["PED"]
    assert world.membership("u4.clerk").role == "graduate_office"
    for organisation in Organisation.objects.exclude(uscc=""):
        assert uscc.is_valid(organisation.uscc)


def test_every_organisation_with_people_has_an_administrator():
    create_organisations_and_people()
    for organisation in Organisation.objects.filter(memberships__isnull=False).distinct():
        assert Membership.objects.of(organisation, ADMIN_ROLE[organisation.kind]).exists(), organisation


def test_a_second_run_adds_nothing():
    create_organisations_and_people()
    before = (Organisation.objects.count(), User.objects.count(), Membership.objects.count())
    create_organisations_and_people()
    assert (Organisation.objects.count(), User.objects.count(), Membership.objects.count()) == before


def test_the_passwords_printed_are_those_that_work(django_assert_num_queries):
    create_organisations_and_people()
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    printed = json.loads(out.getvalue())
    assert len(printed) == User.objects.count()
    assert len({account["password"] for account in printed}) == len(printed)
    clerk = next(account for account in printed if account["login"] == "u4.clerk")
    assert clerk == {
        "login": "u4.clerk",
        "password": password_of("u4.clerk"),
        "name": "苏半夏",
        "memberships": [
            {"organisation": "青岐学院（演示）", "kind": "university", "role": "graduate_office"},
            {"organisation": "青岐学院（演示）", "kind": "university", "role": "admin"},
        ],
    }
    assert User.objects.get(username="u4.clerk").check_password(clerk["password"])
    with django_assert_num_queries(2):
        accounts()


def test_without_demo_there_is_nothing_to_show(capsys):
    assert accounts() == []
    call_command("demo_accounts", "--json")
    assert json.loads(capsys.readouterr().out) == []
