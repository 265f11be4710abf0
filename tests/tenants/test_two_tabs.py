"""A form is sent as who it was opened as: another tab may have switched account or membership meanwhile."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from core.models import TransitionLog
from tenants.models import Delegation, Invitation
from tests.tenants import factories

pytestmark = [pytest.mark.django_db]
BACKEND = "config.accounts.LoginBackend"
CARRIED = re.compile(r'name="acting-as" value="([^"]*)"')
POSTED = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)


@pytest.fixture
def university():
    return factories.university()


@pytest.fixture
def office(university):
    return factories.member(university, "graduate_office")


@pytest.fixture
def lent(university, office):
    """The same person's second membership: the administrator's role."""
    return factories.member(university, "admin", office.user)


@pytest.fixture
def client(client, office) -> Client:
    client.force_login(office.user, backend=BACKEND)
    return client


def switch(client, membership) -> None:
    assert client.post("/switch/", {"membership": membership.pk}).status_code == 302


def opened(client, address: str) -> str:
    return CARRIED.search(client.get(address).content.decode())[1]


INVITED = {"role": "legal", "name": "方之远", "email": "fang@example.invalid"}


def test_every_form_of_a_page_carries_it(client, lent):
    switch(client, lent)
    unit = lent.organisation_id
    for address in ("/", f"/organisation/{unit}/", f"/organisation/{unit}/invite/", "/memberships/", "/profile/",
                    "/organisation/delegations/", "/accounts/password/change/", "/inbox/"):  # fmt: skip
        page = client.get(address).content.decode()
        forms = POSTED.findall(page)
        assert forms
        for form in forms:
            assert CARRIED.findall(form) == [f"{lent.user_id}:{lent.pk}"], (address, form)
        assert f'data-acting-as="{lent.user_id}:{lent.pk}"' in page


def test_another_tab_switched_the_form_says_so_and_goes_nowhere(client, office, lent):
    switch(client, lent)
    address = f"/organisation/{lent.organisation_id}/invite/"
    carried = opened(client, address)
    switch(client, office)
    lines = TransitionLog.objects.count()
    answer = client.post(address, INVITED | {"acting-as": carried})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert lent.label in page and office.label in page
    assert 'value="fang@example.invalid"' in page
    assert (Invitation.objects.count(), TransitionLog.objects.count()) == (0, lines)
    again = client.post(address, INVITED | {"acting-as": CARRIED.search(page[page.index("data-resend") :])[1]})
    assert again.status_code == 409
    sent = client.post(address, INVITED | {"acting-as": carried, "switch-back": "1"})
    assert sent.status_code == 302
    assert Invitation.objects.get().invited_by == lent


def test_nobody_switches_to_what_is_not_theirs(client, office, lent):
    other = factories.member(office.organisation, "admin")
    for claimed in (
        f"{other.user_id}:{other.pk}",
        f"{office.user_id}:{other.pk}",
        f"{other.user_id}:{office.pk}",
        ":",
        "x",
    ):
        answer = client.post(
            f"/organisation/{office.organisation_id}/invite/", INVITED | {"acting-as": claimed, "switch-back": "1"}
        )
        assert answer.status_code == 409, claimed
    assert not Invitation.objects.exists()


def test_another_account_logged_in_meanwhile(client, office):
    carried = opened(client, "/profile/")
    second = factories.user("万松")
    client.force_login(second, backend=BACKEND)
    answer = client.post("/profile/", {"name": "别人", "email": "x@example.invalid", "acting-as": carried})
    assert answer.status_code == 409
    second.refresh_from_db()
    assert second.name == "万松"


def test_scripts_are_told_in_their_own_way(client, office, lent):
    answer = client.post(
        "/cases/application/1/forms/x/autosave/", b"{}", content_type="application/json",
        headers={"X-Acting-As": f"{lent.user_id}:{lent.pk}"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert office.label in answer.json()["message"]


def test_a_page_of_an_ended_membership_does_nothing(client, office, lent):
    switch(client, lent)
    carried = opened(client, "/organisation/delegations/")
    lent.state = "ended"
    lent.save()
    colleague = factories.member(office.organisation, "finance")
    typed = {
        "to": colleague.pk,
        "from_on": "2026-12-01",
        "until_on": "2099-12-31",
        "reason": "出差",
        "acting-as": carried,
    }
    assert client.post("/organisation/delegations/", typed).status_code == 409
    assert not Delegation.objects.exists()


def test_what_means_the_same_whoever_sends_it_is_not_held_back(client, office, lent):
    old = f"{office.user_id}:{lent.pk}"
    assert client.post("/switch/", {"membership": lent.pk, "acting-as": old}).status_code == 302
    assert client.post("/verify/", {"code": "7F3A", "acting-as": old}).status_code == 200
    assert client.post("/accounts/logout/", {"acting-as": old}).status_code == 302
